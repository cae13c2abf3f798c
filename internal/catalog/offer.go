package catalog

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// The limits of an offer.
const (
	MaxEditions = 20
	MaxPrices   = 20
	MaxTiers    = 20
	// MaxFrom is the most seats that a tier begins at.
	MaxFrom = 10_000_000
)

// Kinds and Periods list every kind and period.
var (
	Kinds   = []Kind{Main, AddOn, Optional, Upgrade}
	Periods = []Period{Monthly, Yearly}
)

// edition is compiled at its first word, and not at each start.
var edition = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`) })

// Edition tells whether a word has the form of an edition's name, the same as in an account's settings.
func Edition(word string) bool { return edition().MatchString(word) }

// Flaw is something that an offer cannot say: where, in the API's words, and a code with what its wording needs.
type Flaw struct {
	At   string
	Code string
	Args []fault.Arg
}

// Flaws are all that is wrong with an offer: prices of what is sold as no kind (required), an edition that is no word
// (wrong_form), a currency that ISO 4217 lacks (currency_unknown), two prices of one currency and period (repeated), and
// tiers that do not begin with one seat (tiers_not_from_one) or do not rise (tiers_not_rising).
func (o Offer) Flaws() (all []Flaw) {
	flaw := func(at, code string, args ...fault.Arg) { all = append(all, Flaw{at, code, args}) }
	if len(o.Prices) > 0 && o.Kind == "" {
		flaw("kind", "required")
	}
	for i, e := range o.Editions {
		if !Edition(e) {
			flaw(at("editions", i), "wrong_form")
		}
	}
	for i, p := range o.Prices {
		here := at("prices", i)
		if !money.Currency(p.Currency) {
			flaw(here+".currency", "currency_unknown", fault.Text("currency", p.Currency))
		}
		if slices.ContainsFunc(o.Prices[:i], func(other Price) bool { return other.Currency == p.Currency && other.Period == p.Period }) {
			flaw(here, "repeated")
		}
		for j, t := range p.Tiers {
			switch {
			case j == 0 && t.From != 1:
				flaw(here+"."+at("tiers", j)+".from", "tiers_not_from_one")
			case j > 0 && t.From <= p.Tiers[j-1].From:
				flaw(here+"."+at("tiers", j)+".from", "tiers_not_rising", fault.Int("before", p.Tiers[j-1].From))
			}
		}
	}
	return all
}

func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// ordered is an offer in its canonical order: the same said in another one is the same. What is sold and says nothing of
// taxes is taxed at the standard rate.
func (o Offer) ordered() Offer {
	o.Editions = sorted(o.Editions)
	o.Prices = slices.Clone(o.Prices)
	slices.SortFunc(o.Prices, func(a, b Price) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(slices.Index(Periods, a.Period), slices.Index(Periods, b.Period)))
	})
	if o.Kind != "" && o.TaxCategory == "" {
		o.TaxCategory = tax.Standard
	}
	return o
}

// after is an offer that takes the place of one: in its order, and of the next version where it differs.
func (o Offer) after(before Offer) Offer {
	o = o.ordered()
	o.Version = before.Version
	if !o.equal(before) {
		o.Version++
	}
	return o
}

// equal tells whether nothing differs but the version.
func (o Offer) equal(other Offer) bool {
	return o.Kind == other.Kind && o.TaxCategory == other.TaxCategory && slices.Equal(o.Editions, other.Editions) &&
		slices.EqualFunc(o.Prices, other.Prices, func(a, b Price) bool {
			return a.Currency == b.Currency && a.Period == b.Period && slices.Equal(a.Tiers, b.Tiers)
		})
}

// priced is an offer's prices as a record shows them: minor units a seat, each from so many seats on.
func (o Offer) priced() string {
	words := make([]string, len(o.Prices))
	for i, p := range o.Prices {
		tiers := make([]string, len(p.Tiers))
		for j, t := range p.Tiers {
			tiers[j] = strconv.Itoa(t.From) + ": " + strconv.FormatInt(t.Amount, 10)
		}
		words[i] = p.Currency + " " + string(p.Period) + " (" + strings.Join(tiers, ", ") + ")"
	}
	return strings.Join(words, "; ")
}
