package table

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Prefix search: each word that a thing is found by has a small row, word, name, id, written in the transaction of the
// thing itself. A search is one Query of at most searchLimit rows, then the things are fetched and sorted in memory.
const (
	maxTerms    = 12
	searchLimit = 200
)

// Terms are the words that something with these texts is found by: folded, each once, at most twelve.
func Terms(texts ...string) []string {
	var words []string
	for _, t := range texts {
		for _, w := range text.Words(t) {
			if !slices.Contains(words, w) && len(words) < maxTerms {
				words = append(words, w)
			}
		}
	}
	return words
}

// AddressTerms are Terms of something that has an e-mail address, which is the first of the twelve. The sign before it
// keeps it out of the way of words: a search for “anna” spends none of its rows on addresses.
func AddressTerms(address string, texts ...string) []string {
	if address == "" {
		return Terms(texts...)
	}
	words := append([]string{addressTerm(address)}, Terms(texts...)...)
	return words[:min(len(words), maxTerms)]
}

// longestAddress is how many bytes of an address count in a key; what was found is held against all of it.
const longestAddress = 64

func addressTerm(address string) string {
	folded := text.Fold(address)
	return "@" + strings.ToValidUTF8(folded[:min(len(folded), longestAddress)], "")
}

// addressIn finds an e-mail address, or the beginning of one beyond its @, in what was asked; rest are the other words.
func addressIn(asked string) (address, rest string) {
	fields := strings.Fields(asked)
	i := slices.IndexFunc(fields, func(f string) bool { return strings.IndexByte(f, '@') > 0 })
	if i < 0 {
		return "", asked
	}
	return fields[i], strings.Join(slices.Concat(fields[:i], fields[i+1:]), " ")
}

// TermOps changes the words that entity is found by from what was to what is; sortName orders equal words. The
// operations are guarded by the row of the entity in the same transaction.
func TermOps(partition, entity, wasName string, was []string, isName string, is []string) []Op {
	var ops []Op
	at := func(word, sortName string) Key { return Key{partition, word + end + name(sortName) + end + entity} }
	same := name(wasName) == name(isName)
	for _, w := range was {
		if !same || !slices.Contains(is, w) {
			ops = append(ops, Delete(at(w, wasName), nil, Guarded()))
		}
	}
	for _, w := range is {
		if !same || !slices.Contains(was, w) {
			ops = append(ops, Put(at(w, isName), Item{}, Guarded()))
		}
	}
	return ops
}

// Search finds the entities that have a word beginning with the longest word of what was asked: one call, 200 rows at
// most; truncated tells that there were more. The caller fetches them and holds each against all the words (Matches).
// Something asked without any letter or digit finds nothing.
func (t *Table) Search(ctx context.Context, partition, asked string) (entities []string, truncated bool, err error) {
	words := text.Words(asked)
	if len(words) == 0 {
		return nil, false, nil
	}
	return t.begins(ctx, partition, slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) }))
}

// begins finds the entities that have a term with a beginning: one call, 200 rows at most.
func (t *Table) begins(ctx context.Context, partition, prefix string) (entities []string, truncated bool, err error) {
	items, more, err := t.Query(ctx, Query{PK: partition, Prefix: prefix, Limit: searchLimit})
	if err != nil {
		return nil, false, err
	}
	for _, item := range items {
		sk := attr(item, "SK")
		entity := sk[strings.LastIndex(sk, end)+1:]
		if !slices.Contains(entities, entity) {
			entities = append(entities, entity)
		}
	}
	return entities, more, nil
}

// Find is Search and the rows of what it found: 1 Query and 1 or 2 batches.
func (t *Table) Find(ctx context.Context, partition, asked string, key func(entity string) Key) (rows []Item, truncated bool, err error) {
	found, truncated, err := t.Search(ctx, partition, asked)
	if err != nil {
		return nil, false, err
	}
	return t.fetch(ctx, found, truncated, key)
}

// FindAddressed is Find among things with AddressTerms: where an e-mail address is asked, or the beginning of one beyond
// its @, it is looked for instead of words.
func (t *Table) FindAddressed(ctx context.Context, partition, asked string, key func(entity string) Key) (rows []Item, truncated bool, err error) {
	address, _ := addressIn(asked)
	if address == "" {
		return t.Find(ctx, partition, asked, key)
	}
	found, truncated, err := t.begins(ctx, partition, addressTerm(address))
	if err != nil {
		return nil, false, err
	}
	return t.fetch(ctx, found, truncated, key)
}

func (t *Table) fetch(ctx context.Context, found []string, truncated bool, key func(entity string) Key) ([]Item, bool, error) {
	if len(found) == 0 {
		return nil, truncated, nil
	}
	keys := make([]Key, len(found))
	for i, entity := range found {
		keys[i] = key(entity)
	}
	byKey, err := t.GetMany(ctx, keys...)
	return slices.Collect(maps.Values(byKey)), truncated, err
}

// MatchesAddressed is Matches for something with an e-mail address: an address that was asked must begin it.
func MatchesAddressed(asked, address string, texts ...string) bool {
	begin, rest := addressIn(asked)
	return strings.HasPrefix(text.Fold(address), text.Fold(begin)) && Matches(rest, append(slices.Clone(texts), address)...)
}

// Matches tells whether every word that was asked begins a word of the texts.
func Matches(asked string, texts ...string) bool {
	words := Terms(texts...)
	for _, a := range text.Words(asked) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return false
		}
	}
	return true
}
