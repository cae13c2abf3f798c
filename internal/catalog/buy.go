package catalog

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Obstacle is why an account may not buy a product.
type Obstacle string

// Why an account may not buy a product, the one that nothing can be done about here first.
const (
	NoPrice           Obstacle = "no_price"
	EditionExcludes   Obstacle = "edition_excludes"
	PartnerManaged    Obstacle = "partner_managed"
	DependencyMissing Obstacle = "dependency_missing"
)

// Obstacle is why an account may not buy a product, empty where it may: the product has no price in its currency, its
// edition may not buy it, a partner manages its terms (infra/decisions/0007), or the product needs one that the account
// lacks. lacking are the products without a line on an active contract. Which of them a cart holds already is for the cart.
func (ps Products) Obstacle(product string, a account.Account, lacking []string) Obstacle {
	p := ps.byID[product]
	switch {
	case !slices.ContainsFunc(p.Prices, func(price Price) bool { return price.Currency == a.Currency }):
		return NoPrice
	case !p.For(a.Edition):
		return EditionExcludes
	case a.Partner != "":
		return PartnerManaged
	case ps.missing(product, lacking) != "":
		return DependencyMissing
	default:
		return ""
	}
}

// missing is the first product that a product needs and that is lacking.
func (ps Products) missing(product string, lacking []string) string {
	for _, needed := range ps.byID[product].DependsOn {
		if slices.Contains(lacking, needed) {
			return needed
		}
	}
	return ""
}

// Asked are the products that are asked for: of a kind, found by words of their names and codes, each word may be only
// begun. They are in the order of their names in a language, behind the product where a listing stands.
func (ps Products) Asked(kind Kind, q string, l text.Lang, after *Place) []Product {
	var all []Product
	for _, p := range ps.byID {
		if (kind == "" || p.Kind == kind) && table.Matches(q, p.Name.English, p.Name.French, p.ID) && (after == nil || p.place(l).compare(*after) > 0) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b Product) int { return a.place(l).compare(b.place(l)) })
	return all
}

// Place is where a product stands among those of the catalog by name.
type Place struct {
	Name string `json:"n"`
	ID   string `json:"i"`
}

func (p Product) place(l text.Lang) Place { return Place{text.Fold(p.Name.In(l)), p.ID} }

func (a Place) compare(b Place) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// Lacking tells which of some products, in the order of their codes, an account has on no active contract: 1 Query.
type Lacking func(ctx context.Context, a id.Account, today date.Date, products []string) ([]string, error)

// shop shows accounts what they may buy.
type shop struct {
	store    *Store
	accounts *account.Store
	lacking  Lacking
}

// RegisterShop adds what the people of an account see of the catalog.
func RegisterShop(api *account.API, s *Store, accounts *account.Store, lacking Lacking) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listOffers", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/catalog", Tag: "catalog", Needs: access.View,
		Summary: "What the account may buy and at what price, by name, and why not where it may not",
	}, shop{s, accounts, lacking}.list)
}

type shopInput struct {
	httpapi.Paging
	Q    string `query:"q" maxLength:"200" doc:"Words of the product's name or code; each may be only begun."`
	Kind Kind   `query:"kind" enum:"product,add_on,optional,upgrade"`
}

type shopOutput struct {
	httpapi.Page[Offered]
	Contact *account.Contact `json:"contact,omitempty" doc:"Whom to ask where the account buys nothing by itself."`
}

// Offered is a product as an account sees it, in its currency.
type Offered struct {
	ProductID string `json:"productId"`
	Name      string `json:"name" doc:"In the reader's language."`
	Kind      Kind   `json:"kind,omitempty" enum:"product,add_on,optional,upgrade"`
	Version   int    `json:"version"`
	// Features are those that its seats can have, also before anybody has one.
	Features    []OfferedFeature `json:"features" nullable:"false" doc:"What a seat of it can have switched on."`
	DependsOn   []string         `json:"dependsOn" nullable:"false" doc:"Product codes."`
	Excludes    []string         `json:"excludes" nullable:"false" doc:"Product codes; nobody has a seat of both."`
	TaxCategory string           `json:"taxCategory,omitempty" enum:"standard,reduced,exempt"`
	Currency    string           `json:"currency" doc:"The account's: ISO 4217."`
	Prices      []OfferedPrice   `json:"prices" nullable:"false"`
	Buyable     bool             `json:"buyable"`
	Reason      Obstacle         `json:"reason,omitempty" enum:"no_price,edition_excludes,partner_managed,dependency_missing" doc:"Why it cannot be bought."`
	Detail      string           `json:"detail,omitempty" doc:"The reason in words, and what to do."`
}

// OfferedFeature is an option of a product, switched on or off seat by seat.
type OfferedFeature struct {
	ID   string `json:"id"`
	Name string `json:"name" doc:"In the reader's language."`
}

// OfferedPrice is what a seat costs in a period, before tax.
type OfferedPrice struct {
	Period Period `json:"period" enum:"monthly,yearly"`
	Tiers  []Tier `json:"tiers" nullable:"false"`
}

// list is no call beside the cached catalog, and 1 Query where a product of the page needs others; or, where a partner
// manages the account, 1 call for whom to ask.
func (h shop) list(ctx context.Context, c account.Call, in *shopInput) (*shopOutput, error) {
	products, err := h.store.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	out := &shopOutput{}
	if c.Account.Partner != "" {
		whom, err := h.accounts.Whom(ctx, c.Account)
		if err != nil {
			return nil, err
		}
		out.Contact = &whom
	}
	var lacking []string
	page, err := httpapi.List(c, in.Paging, func(after *Place, limit int) (found []Product, next *Place, err error) {
		found = products.Asked(in.Kind, in.Q, c.Lang, after)
		if len(found) > limit {
			found = found[:limit]
			last := found[limit-1].place(c.Lang)
			next = &last
		}
		lacking, err = h.lacks(ctx, c, found)
		return found, next, err
	}, func(p Product) Offered { return products.offered(p, c, out.Contact, lacking) })
	if err == nil {
		out.Page = *page
	}
	return out, err
}

// lacks are the products that others need and that the account lacks, where it buys by itself at all.
func (h shop) lacks(ctx context.Context, c account.Call, found []Product) ([]string, error) {
	var needed []string
	for _, p := range found {
		needed = append(needed, p.DependsOn...)
	}
	if needed = sorted(needed); len(needed) == 0 || c.Account.Partner != "" {
		return nil, nil
	}
	return h.lacking(ctx, c.AccountID, c.Account.Today(c.Now), needed)
}

// offered is a product as an account sees it.
func (ps Products) offered(p Product, c account.Call, contact *account.Contact, lacking []string) Offered {
	out := Offered{
		ProductID: p.ID, Name: p.Name.In(c.Lang), Kind: p.Kind, Version: p.Version, DependsOn: append([]string{}, p.DependsOn...),
		Excludes: append([]string{}, p.Excludes...), TaxCategory: p.TaxCategory, Currency: c.Account.Currency, Prices: []OfferedPrice{},
		Features: make([]OfferedFeature, len(p.Features)), Reason: ps.Obstacle(p.ID, c.Account, lacking),
	}
	for i, f := range p.Features {
		out.Features[i] = OfferedFeature{f.ID, f.Name.In(c.Lang)}
	}
	out.Buyable = out.Reason == ""
	for _, price := range p.Prices {
		if price.Currency == c.Account.Currency {
			out.Prices = append(out.Prices, OfferedPrice{price.Period, price.Tiers})
		}
	}
	switch out.Reason {
	case NoPrice:
		out.Detail = text.Say(c.Lang, "not_sold_in", out.Name, c.Account.Currency)
	case EditionExcludes:
		out.Detail = text.Say(c.Lang, "edition_excludes", out.Name, c.Account.Edition)
	case PartnerManaged:
		out.Detail = text.Say(c.Lang, "partner_managed", called(*contact, c.Lang))
	case DependencyMissing:
		out.Detail = text.Say(c.Lang, "dependency_missing", out.Name, ps.Called(ps.missing(p.ID, lacking), c.Lang))
	}
	return out
}

// called names whom to ask; a partner always has a name.
func called(whom account.Contact, l text.Lang) string {
	if whom.Name == "" {
		return text.Say(l, "your_representative")
	}
	return whom.Name
}
