// Package catalog owns the products that the vendor sells, and the rules between them that seats are held to: what needs
// what, what excludes what, what is derived; how they are sold, at what price and by whom, and why an account may not buy
// one. It does not own what an account has of them (package contract), nor who sits on their seats (package seat).
package catalog

import (
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxProducts is how many products the catalog holds: the rules look at all of them.
const MaxProducts = 1000

// Product is something that users can have a seat of (FEATURES.md, Seats).
type Product struct {
	// ID is the product's code, the one that the CRM's order forms name.
	ID       string    `dynamodbav:"id"`
	Name     Name      `dynamodbav:"name"`
	Features []Feature `dynamodbav:"features,omitempty"`
	// DependsOn are the products that a user must have a seat of to have one of this; Excludes those that they must not
	// have one of, whichever of the two says it.
	DependsOn []string `dynamodbav:"dependsOn,omitempty"`
	Excludes  []string `dynamodbav:"excludes,omitempty"`
	// Derived: a seat exists as long as its user is in a queue.
	Derived bool `dynamodbav:"derived"`
	// Offer is how it is sold.
	Offer
	Rev int `dynamodbav:"rev"`
}

// Name is what people call something, in each language.
type Name struct {
	English string `dynamodbav:"en" json:"en" minLength:"1" maxLength:"100"`
	French  string `dynamodbav:"fr" json:"fr" minLength:"1" maxLength:"100"`
}

// In is the name in a language.
func (n Name) In(l text.Lang) string {
	if l == text.French {
		return n.French
	}
	return n.English
}

// Feature is an option of a product, switched on or off seat by seat.
type Feature struct {
	ID   string `dynamodbav:"id" json:"id" minLength:"1" maxLength:"60" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$"`
	Name Name   `dynamodbav:"name" json:"name"`
}

// longestCode is how many characters a product code has at most, and codeMarks which of them are neither letters nor digits.
const (
	longestCode = 60
	codeMarks   = "._-"
)

// ValidID tells whether a product code is one: letters and digits of ASCII, dots, hyphens and underscores, at most 60, the
// first a letter or digit. By hand, since every function would compile a pattern at its start.
func ValidID(code string) bool {
	if code == "" || len(code) > longestCode || strings.IndexByte(codeMarks, code[0]) >= 0 {
		return false
	}
	return !strings.ContainsFunc(code, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		return !letter && !('0' <= r && r <= '9') && !strings.ContainsRune(codeMarks, r)
	})
}

// equal tells whether nothing differs but the revision.
func (p Product) equal(other Product) bool {
	return p.ID == other.ID && p.Name == other.Name && p.Derived == other.Derived && slices.Equal(p.Features, other.Features) &&
		slices.Equal(p.DependsOn, other.DependsOn) && slices.Equal(p.Excludes, other.Excludes) && p.Offer.equal(other.Offer)
}

// Thing is the product as activity names it.
func (p Product) Thing() activity.Thing {
	return activity.Thing{Noun: "product", ID: p.ID, Name: p.Name.English}
}

// Products are those of the catalog, as the rules see them. A product that is not among them has no rules. Lists are in
// the order of the codes.
type Products struct {
	byID   map[string]Product
	seller Seller
}

// NewProducts are these.
func NewProducts(all ...Product) Products {
	ps := Products{byID: make(map[string]Product, len(all))}
	for _, p := range all {
		ps.byID[p.ID] = p
	}
	return ps
}

// Has tells whether the catalog knows a product.
func (ps Products) Has(product string) bool {
	_, known := ps.byID[product]
	return known
}

// Needs are the products that a user must have a seat of to have one of this product. Those need others in their turn.
func (ps Products) Needs(product string) []string { return slices.Clone(ps.byID[product].DependsOn) }

// NeededBy are those of the products held that need this one.
func (ps Products) NeededBy(product string, held []string) []string {
	return among(held, func(other string) bool { return slices.Contains(ps.byID[other].DependsOn, product) })
}

// Excluded are those of the products held that nobody may have together with this one, whichever of the two says so.
func (ps Products) Excluded(product string, held []string) []string {
	return among(held, func(other string) bool { return ps.exclude(product, other) })
}

func (ps Products) exclude(one, other string) bool {
	return slices.Contains(ps.byID[one].Excludes, other) || slices.Contains(ps.byID[other].Excludes, one)
}

// among are those of the products held that a rule is about, each once.
func among(held []string, rule func(string) bool) []string {
	var found []string
	for _, product := range held {
		if rule(product) {
			found = append(found, product)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Derived tells whether a product's seats exist as long as their users are in a queue.
func (ps Products) Derived(product string) bool { return ps.byID[product].Derived }

// Feature tells whether a product has a feature of that id.
func (ps Products) Feature(product, feature string) bool {
	return slices.ContainsFunc(ps.byID[product].Features, func(f Feature) bool { return f.ID == feature })
}

// Name is what a product is called in a language; empty where the catalog does not know it.
func (ps Products) Name(product string, l text.Lang) string { return ps.byID[product].Name.In(l) }

// With is the products once one is added or changed, with what it says in its canonical order; its version is one more where
// its offer changed. Refused (422) are a
// product that it names and that the catalog lacks (product_unknown), a product that excludes itself
// (product_excludes_itself), products that need each other in a circle (products_depend_in_circle, also of one that
// needs itself), and products that nobody could have because what goes with them excludes each other
// (product_excludes_needed); one product too many is a conflict (too_many_products). A change of a product that the
// catalog has keeps its revision.
func (ps Products) With(p Product) (after Products, made Product, err error) {
	p.DependsOn, p.Excludes = sorted(p.DependsOn), sorted(p.Excludes)
	before := ps.byID[p.ID]
	p.Rev, p.Offer = before.Rev, p.Offer.after(before.Offer)
	all := make([]Product, 0, len(ps.byID)+1)
	for _, other := range ps.byID {
		all = append(all, other)
	}
	after = NewProducts(append(all, p)...).SoldBy(ps.seller)
	for _, named := range slices.Concat(p.DependsOn, p.Excludes) {
		if !after.Has(named) {
			return ps, p, fault.New(fault.Invalid, "product_unknown", fault.Text("productId", named))
		}
	}
	if slices.Contains(p.Excludes, p.ID) {
		return ps, p, fault.New(fault.Invalid, "product_excludes_itself", fault.Text("productId", p.ID))
	}
	if circle := after.circle(p.ID); circle != nil {
		return ps, p, fault.New(fault.Invalid, "products_depend_in_circle", fault.Text("circle", strings.Join(circle, " → ")))
	}
	if err := after.possible(p.ID); err != nil {
		return ps, p, err
	}
	if len(after.byID) > MaxProducts {
		return ps, p, fault.New(fault.Conflict, "too_many_products", fault.Int("max", MaxProducts))
	}
	return after, p, nil
}

func sorted(codes []string) []string {
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// circle is a way from a product over what it needs back to itself, nil where there is none. A new circle leads through
// the product that changed.
func (ps Products) circle(product string) []string {
	seen := map[string]bool{}
	var walk func(way []string) []string
	walk = func(way []string) []string {
		for _, needed := range ps.byID[way[len(way)-1]].DependsOn {
			if needed == product {
				return append(way, needed)
			}
			if seen[needed] {
				continue
			}
			seen[needed] = true
			if found := walk(append(way, needed)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk([]string{product})
}

// possible refuses products that nobody could have a seat of: one and all that it needs must go together. It looks at
// the product that changed and at those that need it.
func (ps Products) possible(changed string) error {
	ids := make([]string, 0, len(ps.byID))
	for product := range ps.byID {
		ids = append(ids, product)
	}
	slices.Sort(ids) // of several the same one is named each time
	for _, product := range ids {
		together := ps.closure(product)
		if !slices.Contains(together, changed) {
			continue
		}
		for _, one := range together {
			for _, other := range together {
				if one < other && ps.exclude(one, other) {
					return fault.New(fault.Invalid, "product_excludes_needed", fault.Text("productId", product), fault.Text("one", one), fault.Text("other", other))
				}
			}
		}
	}
	return nil
}

// closure is a product and all that it needs, directly or by way of others.
func (ps Products) closure(product string) []string {
	all := []string{product}
	for i := 0; i < len(all); i++ {
		for _, needed := range ps.byID[all[i]].DependsOn {
			if !slices.Contains(all, needed) {
				all = append(all, needed)
			}
		}
	}
	return all
}
