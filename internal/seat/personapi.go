package seat

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Wanted is a product for a user.
type Wanted struct {
	ProductID    string    `json:"productId" minLength:"1" maxLength:"60"`
	ContractID   string    `json:"contractId,omitempty" maxLength:"64" doc:"Left out: the one with free seats that expires last."`
	CostCenterID string    `json:"costCenterId,omitempty" maxLength:"64" doc:"Whose licences to take; none: those that no cost center carries; left out: of the pool with most free."`
	Features     *[]string `json:"features,omitempty" maxItems:"20" nullable:"false" doc:"Optional features that are on, the others off; left out: as they are."`
}

func (w Wanted) parse(u id.User) (Wish, error) {
	wish := Wish{User: u, Product: w.ProductID, Features: sent(w.Features)}
	var err error
	if wish.Pool, err = pool(w.CostCenterID); err != nil {
		return wish, err
	}
	if w.ContractID != "" {
		wish.Contract, err = contract.Parse(w.ContractID)
	}
	return wish, err
}

type changeInput struct {
	UserID string `path:"userId" maxLength:"64"`
	Body   struct {
		Add    []Wanted `json:"add,omitempty" maxItems:"40" nullable:"false"`
		Remove []string `json:"remove,omitempty" maxItems:"40" nullable:"false" doc:"Products to take away, on whatever contract."`
		Notify bool     `json:"notify,omitempty" doc:"Send the user a mail about it."`
	}
}

type changeOutput struct {
	Results []resultWire `json:"results" nullable:"false" doc:"Of what was to be removed, then of what was to be added, in the order sent."`
	Seats   []heldWire   `json:"seats" nullable:"false" doc:"What the user holds now."`
}

type heldWire struct {
	ProductID string `json:"productId"`
	user.HeldSeat
}

func (h *API) change(ctx context.Context, c account.Call, in *changeInput) (*changeOutput, error) {
	sw, err := in.parse()
	if err != nil {
		return nil, err
	}
	return h.set(ctx, c, sw, in.Body.Notify)
}

// parse refuses a product that is named twice: which of the two counts is not for us to say; and more products than one
// transaction holds: a seat and a line for each, the holding, the record and the kept answer.
func (in *changeInput) parse() (Switch, error) {
	u, ok := id.Parse[id.User](in.UserID)
	if !ok {
		return Switch{}, fault.Missing()
	}
	sw := Switch{User: u, Remove: in.Body.Remove}
	named := slices.Clone(in.Body.Remove)
	for _, wanted := range in.Body.Add {
		wish, err := wanted.parse(u)
		if err != nil {
			return sw, err
		}
		sw.Add, named = append(sw.Add, wish), append(named, wish.Product)
	}
	slices.Sort(named)
	for i := range named[:max(0, len(named)-1)] {
		if named[i] == named[i+1] {
			return sw, httpapi.Invalid(httpapi.At("body", "product_twice", fault.Text("value", named[i])))
		}
	}
	if len(named) > MaxTogether {
		return sw, httpapi.Invalid(httpapi.At("body", "too_many_changes", fault.Int("max", MaxTogether)))
	}
	if len(named) == 0 {
		return sw, httpapi.Invalid(httpapi.At("body", "nothing_to_change"))
	}
	return sw, nil
}

type nextInput struct {
	UserID string `path:"userId" maxLength:"64"`
	Body   struct {
		Wanted
		Notify bool `json:"notify,omitempty" doc:"Send the user a mail about it."`
	}
}

func (h *API) next(ctx context.Context, c account.Call, in *nextInput) (*changeOutput, error) {
	u, ok := id.Parse[id.User](in.UserID)
	if !ok {
		return nil, fault.Missing()
	}
	wish, err := in.Body.parse(u)
	if err != nil {
		return nil, err
	}
	return h.set(ctx, c, Switch{User: u, Add: []Wish{wish}}, in.Body.Notify)
}

// set refuses a call of which nothing could be done.
func (h *API) set(ctx context.Context, c account.Call, sw Switch, notify bool) (*changeOutput, error) {
	w, out := h.wording(ctx, c), &changeOutput{}
	done, err := h.store.Set(ctx, h.changing(c), sw, func(d Done) (_ []table.Op, err error) {
		if out.Results, err = w.show(d.Outcomes); err != nil {
			return nil, err
		}
		if !d.anySucceeded() {
			return nil, w.refused(d.Outcomes, out.Results)
		}
		out.Seats = []heldWire{}
		for _, product := range d.Held.Products() {
			seat := d.Held.Seats[product]
			seat.Features = append([]string{}, seat.Features...)
			out.Seats = append(out.Seats, heldWire{product, seat})
		}
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	if notify {
		h.tell(ctx, c, done.Outcomes)
	}
	return out, nil
}
