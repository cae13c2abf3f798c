package account

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// registerOwn adds what people set for themselves.
func registerOwn(api *API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "changeMe", Method: http.MethodPatch, Path: "/v1/me", Tag: "me", Needs: access.SignedIn,
		Summary: "Set one's own language and time zone, for all of one's accounts; what is left out stays", Refusals: []int{http.StatusConflict},
	}, s.changeMe)
}

// Own is what a person sets for themselves. It belongs to the identity, not to an account, and is in no account's record.
type Own struct {
	Language string `json:"language,omitempty" enum:"fr,en"`
	TimeZone string `json:"timeZone,omitempty" maxLength:"64" doc:"IANA name, for showing times; what is expired goes by the account's."`
}

type changeMeInput struct {
	Body Own
}

func (s *Store) changeMe(ctx context.Context, c Call, in *changeMeInput) (*Own, error) {
	if in.Body.TimeZone != "" {
		if _, err := date.Zone(in.Body.TimeZone); err != nil {
			return nil, fault.New(fault.Invalid, "time_zone_unknown", fault.Text("timeZone", in.Body.TimeZone)).Because(err)
		}
	}
	out, err := s.SetOwn(ctx, c.Caller.Subject, in.Body)
	return &out, err
}

// SetOwn changes what a subject set for themselves: 2 calls. Somebody who was never let in anywhere has nothing to set
// (not_signed_in_yet).
func (s *Store) SetOwn(ctx context.Context, who access.Subject, own Own) (Own, error) {
	for range rounds {
		item, err := s.table.Get(ctx, table.Self(who))
		if err != nil {
			return Own{}, err
		}
		if item == nil {
			return Own{}, fault.New(fault.Conflict, "not_signed_in_yet")
		}
		var me self
		if err := table.Decode(item, &me); err != nil {
			return Own{}, err
		}
		before := me
		if own.Language != "" {
			me.Language = own.Language
		}
		if own.TimeZone != "" {
			me.TimeZone = own.TimeZone
		}
		out := Own{me.Language, me.TimeZone}
		if me == before {
			return out, nil
		}
		changed, err := table.Encode(me)
		if err != nil {
			return Own{}, err
		}
		err = s.table.Write(ctx, table.Replace(table.Self(who), item, changed))
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return out, err
		}
	}
	return Own{}, fault.New(fault.Busy, "busy").After(time.Second)
}
