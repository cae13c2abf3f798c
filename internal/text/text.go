// Package text owns every sentence that the API says to a person, in French and English: one catalog, complete in
// both (a test holds that). It does not own the portal's texts. Codes, field names and log lines are never translated.
package text

import (
	"slices"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// Lang is a language that Seatkeeper speaks.
type Lang string

// The languages. English is the last resort.
const (
	English Lang = "en"
	French  Lang = "fr"
)

// Langs lists the languages, the last resort first.
var Langs = []Lang{English, French}

// Parse reads a language tag such as fr-CH; ok is false where its language is not offered.
func Parse(tag string) (Lang, bool) {
	t, err := language.Parse(tag)
	if err != nil {
		return "", false
	}
	base, _ := t.Base()
	l := Lang(base.String())
	return l, slices.Contains(Langs, l)
}

// Match chooses the language of an answer: the best of an Accept-Language header, else the first fallback that is
// offered (the user's own, then the account's), else English.
func Match(acceptLanguage string, fallbacks ...string) Lang {
	tags, _, _ := language.ParseAcceptLanguage(acceptLanguage) // a header that cannot be read says nothing
	for _, t := range tags {
		if base, confidence := t.Base(); confidence > language.No && slices.Contains(Langs, Lang(base.String())) {
			return Lang(base.String())
		}
	}
	for _, f := range fallbacks {
		if l, ok := Parse(f); ok {
			return l
		}
	}
	return English
}

// Say words a message of the catalog in a language; args stand in the order that the message numbers them. Numbers are
// written as the language does, and a fault.Named is worded too. A code that the catalog lacks comes back as itself: the tests find those.
func Say(l Lang, code string, args ...any) string {
	for i, a := range args {
		if named, ok := a.(fault.Named); ok {
			args = slices.Clone(args)
			args[i] = Say(l, string(named))
		}
	}
	return printers()[l].Sprintf(message.Key(code, code), args...)
}

// printers compiles the catalog at the first sentence: most requests of a function need none.
var printers = sync.OnceValue(func() map[Lang]*message.Printer {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for code, m := range messages() {
		for l, tag := range map[Lang]language.Tag{English: language.English, French: language.French} {
			if err := b.Set(tag, code, m[l]...); err != nil {
				// Only a message that cannot be compiled gets here, and the catalog's test compiles all of them.
				panic("message " + code + ": " + err.Error())
			}
		}
	}
	return map[Lang]*message.Printer{
		English: message.NewPrinter(language.English, message.Catalog(b)),
		French:  message.NewPrinter(language.French, message.Catalog(b)),
	}
})

// entry is one message in every language.
type entry map[Lang][]catalog.Message

// The catalog calls it a few hundred times; inlined in each, it would be 0.1 MB of every function.
//
//go:noinline
func both(en, fr string) entry {
	return entry{English: {catalog.String(en)}, French: {catalog.String(fr)}}
}

// Codes lists the codes of the catalog.
func Codes() []string {
	var all []string
	for code := range messages() {
		all = append(all, code)
	}
	slices.Sort(all)
	return all
}
