package catalog

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	all = "/v1/catalog/products"
	one = all + "/{productId}"
)

// Register adds the operations by which operators keep the catalog.
func Register(api *account.API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listProducts", Method: http.MethodGet, Path: all, Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "The catalog's products by their codes, for operators",
	}, s.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "getProduct", Method: http.MethodGet, Path: one, Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "A product of the catalog",
	}, s.show)
	httpapi.Register(api, httpapi.Operation{
		ID: "putProduct", Method: http.MethodPut, Path: one, Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "Add a product, without If-Match, or change one as a whole; a change of how it is sold makes a new version", Refusals: []int{http.StatusConflict},
	}, s.put)
	httpapi.Register(api, httpapi.Operation{
		ID: "listProductVersions", Method: http.MethodGet, Path: one + "/versions", Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "How a product was and is sold, newest first",
	}, s.listVersions)
	registerSeller(api, s)
}

// wire is a product as the API shows it.
type wire struct {
	ID        string    `json:"id"`
	Name      Name      `json:"name"`
	Features  []Feature `json:"features" nullable:"false"`
	DependsOn []string  `json:"dependsOn" nullable:"false" doc:"A seat needs a seat of each of these."`
	Excludes  []string  `json:"excludes" nullable:"false" doc:"Nobody has a seat of both; it is enough that one of the two says it."`
	Derived   bool      `json:"derived" doc:"A seat exists as long as its user is in a queue."`
	Selling
	rev int
}

// Selling is how a product is sold as the API shows it. Huma sees the fields of an embedded type only where it has a name for
// others.
type Selling struct {
	Kind        Kind     `json:"kind,omitempty" enum:"product,add_on,optional,upgrade" doc:"Absent: it is not sold."`
	Editions    []string `json:"editions" nullable:"false" doc:"Accounts of these may buy it; empty: all."`
	TaxCategory string   `json:"taxCategory,omitempty" enum:"standard,reduced,exempt"`
	Prices      []Price  `json:"prices" nullable:"false" doc:"One for each currency and period."`
	Version     int      `json:"version" doc:"Counts the changes of how it is sold."`
}

func (o Offer) shown() Selling {
	return Selling{o.Kind, append([]string{}, o.Editions...), o.TaxCategory, append([]Price{}, o.Prices...), o.Version}
}

// Revision makes the ETag of a product.
func (w wire) Revision() int { return w.rev }

func shown(p Product) wire {
	return wire{p.ID, p.Name, append([]Feature{}, p.Features...), append([]string{}, p.DependsOn...), append([]string{}, p.Excludes...), p.Derived, p.Offer.shown(), p.Rev}
}

func (s *Store) list(ctx context.Context, c account.Call, in *struct{ httpapi.Paging }) (*httpapi.Page[wire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Product, *table.Position, error) {
		return s.List(ctx, after, limit)
	}, shown)
}

type oneInput struct {
	ProductID string `path:"productId" maxLength:"60"`
}

func (s *Store) show(ctx context.Context, _ account.Call, in *oneInput) (*wire, error) {
	p, err := s.Get(ctx, in.ProductID)
	out := shown(p)
	return &out, err
}

type putInput struct {
	httpapi.IfMatch
	ProductID string `path:"productId" maxLength:"200"` // up to there it is told what a code looks like
	Body      struct {
		Name      Name      `json:"name"`
		Features  []Feature `json:"features,omitempty" maxItems:"20" nullable:"false"`
		DependsOn []string  `json:"dependsOn,omitempty" maxItems:"40" nullable:"false" doc:"Product codes of the catalog."`
		Excludes  []string  `json:"excludes,omitempty" maxItems:"40" nullable:"false" doc:"Product codes of the catalog."`
		Derived   bool      `json:"derived,omitempty"`

		Kind        Kind     `json:"kind,omitempty" enum:"product,add_on,optional,upgrade" doc:"Needed where there are prices."`
		Editions    []string `json:"editions,omitempty" maxItems:"20" nullable:"false" doc:"Accounts of these may buy it; none: all."`
		TaxCategory string   `json:"taxCategory,omitempty" enum:"standard,reduced,exempt" doc:"standard where it is left out."`
		Prices      []Price  `json:"prices,omitempty" maxItems:"20" nullable:"false" doc:"One for each currency and period; none: nobody can buy it."`
	}
}

// product is what was sent, cleaned; values that are not acceptable are refused where they stand.
func (in *putInput) product() (Product, error) {
	var wrong []httpapi.Value
	if !ValidID(in.ProductID) {
		wrong = append(wrong, httpapi.At("path.productId", "not_a_product_code", fault.Text("value", in.ProductID)))
	}
	name := func(n Name, at string) Name {
		for _, part := range []struct {
			word *string
			lang text.Lang
		}{{&n.English, text.English}, {&n.French, text.French}} {
			if *part.word = text.CleanName(*part.word); *part.word == "" {
				wrong = append(wrong, httpapi.At(at+"."+string(part.lang), "required"))
			}
		}
		return n
	}
	p := Product{ID: in.ProductID, Name: name(in.Body.Name, "body.name"), DependsOn: in.Body.DependsOn, Excludes: in.Body.Excludes, Derived: in.Body.Derived}
	for i, f := range in.Body.Features {
		at := "body.features[" + strconv.Itoa(i) + "]"
		if slices.ContainsFunc(p.Features, func(other Feature) bool { return other.ID == f.ID }) {
			wrong = append(wrong, httpapi.At(at+".id", "repeated"))
		}
		p.Features = append(p.Features, Feature{f.ID, name(f.Name, at+".name")})
	}
	p.Offer = Offer{Kind: in.Body.Kind, Editions: in.Body.Editions, TaxCategory: in.Body.TaxCategory, Prices: in.Body.Prices}
	for _, f := range p.Offer.Flaws() {
		wrong = append(wrong, httpapi.At("body."+f.At, f.Code, f.Args...))
	}
	if wrong != nil {
		return Product{}, httpapi.Invalid(wrong...)
	}
	return p, nil
}

func (s *Store) put(ctx context.Context, c account.Call, in *putInput) (*wire, error) {
	p, err := in.product()
	if err != nil {
		return nil, err
	}
	made, err := s.Put(ctx, c.Now, activity.By(c.Caller, c.Source), p, func(before Product) error { return seen(in.IfMatch, before.Rev) })
	out := shown(made)
	return &out, err
}

type versionWire struct {
	Version     int       `json:"version"`
	At          time.Time `json:"at" doc:"From when on it was sold so."`
	Kind        Kind      `json:"kind,omitempty" enum:"product,add_on,optional,upgrade"`
	Editions    []string  `json:"editions" nullable:"false"`
	TaxCategory string    `json:"taxCategory,omitempty" enum:"standard,reduced,exempt"`
	Prices      []Price   `json:"prices" nullable:"false"`
}

type versionsInput struct {
	ProductID string `path:"productId" maxLength:"60"`
	httpapi.Paging
}

func (s *Store) listVersions(ctx context.Context, c account.Call, in *versionsInput) (*httpapi.Page[versionWire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Version, *table.Position, error) {
		return s.Versions(ctx, in.ProductID, after, limit)
	}, func(v Version) versionWire {
		o := v.Offer.shown()
		return versionWire{v.Version, v.At, o.Kind, o.Editions, o.TaxCategory, o.Prices}
	})
}
