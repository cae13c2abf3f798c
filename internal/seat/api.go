package seat

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const (
	ofLine   = "/v1/accounts/{accountId}/contracts/{contractId}/lines/{productId}/seats"
	oneSeat  = ofLine + "/{userId}"
	ofPerson = "/v1/accounts/{accountId}/users/{userId}/seats"
	queuesOf = "/v1/accounts/{accountId}/users/{userId}/queues"
)

// API serves seats.
type API struct {
	store    *Store
	accounts *account.Store
	notify   *Notifier
}

// Register adds the operations on seats; notify tells people who are to be told.
func Register(api *account.API, s *Store, accounts *account.Store, notify *Notifier) {
	h := &API{s, accounts, notify}
	httpapi.Register(api, httpapi.Operation{
		ID: "listSeats", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/seats", Tag: "seats", Needs: access.View,
		Summary: "The licence list: seats that somebody sits on, and available licences by line and cost center",
	}, h.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "listSeatsOfLine", Method: http.MethodGet, Path: ofLine, Tag: "seats", Needs: access.View,
		Summary: "Who sits on a line, by name",
	}, h.listOfLine)
	httpapi.Register(api, httpapi.Operation{
		ID: "assignSeats", Method: http.MethodPost, Path: ofLine, Tag: "seats", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Put up to 48 users on seats of a line, all or nothing; with partial up to 500, a result for each", Refusals: []int{http.StatusConflict},
	}, h.assign)
	httpapi.Register(api, httpapi.Operation{
		ID: "removeSeat", Method: http.MethodDelete, Path: oneSeat, Tag: "seats", Needs: access.ManageUsers,
		Summary: "Take a seat from a user; it is free at once and stays in stock", Refusals: []int{http.StatusConflict},
	}, h.remove)
	httpapi.Register(api, httpapi.Operation{
		ID: "moveSeat", Method: http.MethodPatch, Path: oneSeat, Tag: "seats", Needs: access.ManageUsers,
		Summary: "Put a user's seat under another cost center, or under none", Refusals: []int{http.StatusConflict},
	}, h.move)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeSeatsOfUser", Method: http.MethodPatch, Path: ofPerson, Tag: "seats", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Give a user products and take others away; a result for each", Refusals: []int{http.StatusConflict},
	}, h.change)
	httpapi.Register(api, httpapi.Operation{
		ID: "assignNextFreeSeat", Method: http.MethodPost, Path: ofPerson, Tag: "seats", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Give a user a seat of the contract with free seats that expires last", Refusals: []int{http.StatusConflict},
	}, h.next)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeQueuesOfUser", Method: http.MethodPatch, Path: queuesOf, Tag: "seats", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Make a user a member of queues, and end others; with the last one their derived seats end", Refusals: []int{http.StatusConflict},
	}, h.queues)
}

func (h *API) changing(c account.Call) Change {
	return Change{Account: c.AccountID, Today: c.Account.Today(c.Now), Now: c.Now, By: activity.By(c.Caller, c.Source)}
}

// resultWire is what became of one user, or of one product.
type resultWire struct {
	UserID       string        `json:"userId" doc:"As it was sent."`
	ProductID    string        `json:"productId"`
	ProductName  string        `json:"productName,omitempty" doc:"What the line calls it, where a seat was given or taken."`
	Result       Result        `json:"result" enum:"assigned,removed,changed,unchanged,seat_withheld,seat_limit_reached,seat_limit_exceeded,cost_center_limit_reached,seat_limit_not_set,contract_expired,product_not_on_contract,product_not_held,user_not_found,user_deactivated,user_erased,product_needs_other,product_excluded,queue_membership_missing,seat_derived,product_needed,too_many_seats,feature_unknown"`
	ContractID   id.Contract   `json:"contractId,omitempty"`
	CostCenterID id.CostCenter `json:"costCenterId,omitempty"`
	Detail       string        `json:"detail,omitempty" doc:"Why not, and whom to ask; or what is still to do."`
	// Stays are derived seats that their queues keep, by what they need having been removed.
	Stays  []string     `json:"derivedSeatsKept,omitempty" nullable:"false" doc:"Products whose seat stays, since the user is still in queues."`
	Queues []user.Queue `json:"queues,omitempty" nullable:"false" doc:"The queues that keep them, or the seat itself where it is derived."`
}

// wording words what calls came to; whom to contact is looked up once, where a refusal names it.
type wording struct {
	ctx      context.Context
	api      *API
	call     account.Call
	contact  string
	looked   bool
	lookedUp error
}

func (h *API) wording(ctx context.Context, c account.Call) *wording {
	return &wording{ctx: ctx, api: h, call: c}
}

// called is a product, or several: a text has their names, a problem document their codes.
type called struct{ codes, names string }

func (c called) String() string               { return c.names }
func (c called) MarshalText() ([]byte, error) { return []byte(c.codes), nil }

// args are what the refusal's text needs, with products called as the reader calls them.
func (w *wording) args(r *Refusal) ([]fault.Arg, error) {
	args := slices.Clone(r.Args)
	for i, a := range args {
		codes, ok := a.Value.(string)
		if !ok || !slices.Contains(ofProducts, a.Name) || slices.Contains(asSent, r.Result) {
			continue
		}
		products, err := w.api.store.catalog.All(w.ctx, w.call.Now)
		if err != nil {
			return nil, err
		}
		var names []string
		for code := range strings.SplitSeq(codes, separator) {
			names = append(names, products.Called(code, w.call.Lang))
		}
		args[i].Value = called{codes, strings.Join(names, separator)}
	}
	if !r.Contact {
		return args, nil
	}
	if !w.looked {
		whom, err := w.api.accounts.Whom(w.ctx, w.call.Account)
		w.contact, w.looked, w.lookedUp = contract.NameOf(whom, w.call.Lang), true, err
	}
	return append(args, fault.Text("contact", w.contact)), w.lookedUp
}

func (w *wording) fault(r *Refusal) (*fault.Error, error) {
	args, err := w.args(r)
	return fault.New(fault.Conflict, string(r.Result), args...), err
}

func (w *wording) show(outcomes []Outcome) ([]resultWire, error) {
	shown := make([]resultWire, len(outcomes))
	for i, o := range outcomes {
		shown[i] = resultWire{UserID: string(o.User), ProductID: o.Product, ProductName: o.ProductName, Result: o.Result, ContractID: o.Contract, CostCenterID: o.CostCenter, Stays: o.Stays, Queues: o.Queues}
		if len(o.Stays) > 0 {
			shown[i].Detail = text.Say(w.call.Lang, "derived_seat_stays", len(o.Queues))
		}
		if o.Refusal == nil {
			continue
		}
		args, err := w.args(o.Refusal)
		if err != nil {
			return nil, err
		}
		words := make([]any, len(args))
		for n, arg := range args {
			words[n] = arg.Value
		}
		shown[i].Detail = text.Say(w.call.Lang, string(o.Refusal.Result), words...)
	}
	return shown, nil
}

// refused is the refusal of a call of which nothing was done: of the one reason that all refused share, else of none in
// particular.
func (w *wording) refused(outcomes []Outcome, results []resultWire) error {
	var first *Refusal
	same := true
	for _, o := range outcomes {
		if o.Refusal == nil || o.Result == Withheld {
			continue
		}
		if first == nil {
			first = o.Refusal
		}
		same = same && o.Result == first.Result
	}
	members := fault.Arg{Name: "results", Value: results}
	if !same {
		return fault.New(fault.Conflict, "seats_refused").With(members)
	}
	f, err := w.fault(first)
	if err != nil {
		return err
	}
	return f.With(members)
}

type assignInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	ProductID  string `path:"productId" maxLength:"60"`
	Body       struct {
		UserIDs      []string  `json:"userIds" minItems:"1" maxItems:"500" nullable:"false"`
		CostCenterID string    `json:"costCenterId,omitempty" maxLength:"64" doc:"Whose licences to take; none: those that no cost center carries; left out: of the pool with most free."`
		Features     *[]string `json:"features,omitempty" maxItems:"20" nullable:"false" doc:"Optional features that are on, the others off; left out: as they are."`
		Notify       bool      `json:"notify,omitempty" doc:"Send the users a mail about it: those who get a seat by this call, the first 48 of them."`
		Partial      bool      `json:"partial,omitempty" doc:"Assign those who can be, in the order given, and say why not the others."`
	}
}

type assignOutput struct {
	Usage   contract.Usage `json:"usage" doc:"Of the line, as it was decided on."`
	Results []resultWire   `json:"results" nullable:"false"`
}

func (h *API) assign(ctx context.Context, c account.Call, in *assignInput) (*assignOutput, error) {
	o, err := in.order()
	if err != nil {
		return nil, err
	}
	w, out := h.wording(ctx, c), &assignOutput{}
	done, err := h.store.Assign(ctx, h.changing(c), o, in.Body.Partial, func(d Done) ([]table.Op, error) {
		out.Usage = d.Line.Usage()
		if out.Results, err = w.show(d.Outcomes); err != nil {
			return nil, err
		}
		if d.refusal() != nil && (!in.Body.Partial || !d.anySucceeded()) {
			return nil, w.refused(d.Outcomes, out.Results)
		}
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	if in.Body.Notify {
		h.tell(ctx, c, done.Outcomes)
	}
	return out, nil
}

// order reads what was sent.
func (in *assignInput) order() (Order, error) {
	ctr, err := contract.Parse(in.ContractID)
	if err != nil {
		return Order{}, err
	}
	o := Order{Contract: ctr, Product: in.ProductID, Features: sent(in.Body.Features)}
	if o.Pool, err = pool(in.Body.CostCenterID); err != nil {
		return o, err
	}
	if len(in.Body.UserIDs) > MaxTogether && !in.Body.Partial {
		return o, httpapi.Invalid(httpapi.At("body.userIds", "partial_needed", fault.Int("max", MaxTogether)))
	}
	seen := map[string]bool{}
	for _, u := range in.Body.UserIDs {
		if seen[u] {
			return o, httpapi.Invalid(httpapi.At("body.userIds", "user_twice", fault.Text("userId", u)))
		}
		seen[u] = true
		o.Users = append(o.Users, id.User(u)) // one that cannot be an id is one that is not there
	}
	return o, nil
}

// sent is a list of features that may have been left out: nil then.
func sent(features *[]string) []string {
	if features == nil {
		return nil
	}
	return append([]string{}, *features...)
}

func costCenter(s string) (id.CostCenter, error) {
	if s == "" {
		return "", nil
	}
	cc, ok := id.Parse[id.CostCenter](s)
	if !ok {
		return "", fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", s))
	}
	return cc, nil
}

// pool is the one that was named: by its cost center, or by the word none. Empty is not named.
func pool(s string) (contract.PoolID, error) {
	if s == string(contract.Unassigned) {
		return contract.Unassigned, nil
	}
	cc, err := costCenter(s)
	if err != nil || cc == "" {
		return "", err
	}
	return contract.PoolOf(cc), nil
}

func (d Done) anySucceeded() bool {
	return slices.ContainsFunc(d.Outcomes, func(o Outcome) bool { return o.Result.Succeeded() })
}

type seatInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	ProductID  string `path:"productId" maxLength:"60"`
	UserID     string `path:"userId" maxLength:"64"`
}

func (in seatInput) parse() (id.Contract, id.User, error) {
	c, err := contract.Parse(in.ContractID)
	if err != nil {
		return "", "", err
	}
	u, ok := id.Parse[id.User](in.UserID)
	if !ok {
		return "", "", fault.Missing()
	}
	return c, u, nil
}

type removeOutput struct {
	Usage  contract.Usage `json:"usage"`
	Result resultWire     `json:"result"`
}

func (h *API) remove(ctx context.Context, c account.Call, in *seatInput) (*removeOutput, error) {
	ctr, u, err := in.parse()
	if err != nil {
		return nil, err
	}
	done, err := h.store.Remove(ctx, h.changing(c), ctr, in.ProductID, u)
	if err != nil {
		return nil, err
	}
	w := h.wording(ctx, c)
	results, err := w.show(done.Outcomes)
	if err != nil {
		return nil, err
	}
	if done.refusal() != nil {
		return nil, w.refused(done.Outcomes, results)
	}
	return &removeOutput{done.Line.Usage(), results[0]}, nil
}

type moveInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	ProductID  string `path:"productId" maxLength:"60"`
	UserID     string `path:"userId" maxLength:"64"`
	Body       struct {
		CostCenterID *string `json:"costCenterId" maxLength:"64" nullable:"true" doc:"null or none: under none."`
	}
}

type moveOutput struct {
	UserID       id.User       `json:"userId"`
	ProductID    string        `json:"productId"`
	ContractID   id.Contract   `json:"contractId"`
	CostCenterID id.CostCenter `json:"costCenterId,omitempty"`
	AddedAt      time.Time     `json:"addedAt"`
}

func (h *API) move(ctx context.Context, c account.Call, in *moveInput) (*moveOutput, error) {
	ctr, u, err := seatInput{in.ContractID, in.ProductID, in.UserID}.parse()
	if err != nil {
		return nil, err
	}
	var to id.CostCenter
	if in.Body.CostCenterID != nil {
		named, err := pool(*in.Body.CostCenterID)
		if err == nil && named == "" {
			err = httpapi.Invalid(httpapi.At("body.costCenterId", "required")) // none is null or its name, not an empty word
		}
		if err != nil {
			return nil, err
		}
		to = named.CostCenter()
	}
	s, err := h.store.Move(ctx, h.changing(c), ctr, in.ProductID, u, to)
	if err != nil {
		return nil, err
	}
	return &moveOutput{s.User, s.Product, s.Contract, s.CostCenter, s.AddedAt}, nil
}
