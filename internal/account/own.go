package account

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// registerOwn adds what people set for themselves.
func registerOwn(api *API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "changeMe", Method: http.MethodPatch, Path: "/v1/me", Tag: "me", Needs: access.SignedIn,
		Summary: "Set one's own language, time zone and muted mails, for all of one's accounts; what is left out stays", Refusals: []int{http.StatusConflict},
	}, s.changeMe)
}

// Own is what a person sets for themselves. It belongs to the identity, not to an account, and is in no account's record.
type Own struct {
	Language string `json:"language,omitempty" enum:"fr,en"`
	TimeZone string `json:"timeZone,omitempty" maxLength:"64" doc:"IANA name, for showing times; what is expired goes by the account's."`
	// Muted is nil where nothing is said of it, and empty where every mail is wanted.
	Muted *[]AlertMail `json:"muted,omitempty" nullable:"false" maxItems:"5" enum:"usage80,usage100,contract_expiring,contract_expired,systems_over" doc:"Mails about alerts that the person does not want; replaced as a whole. The alerts stay listed."`
}

// AlertMail is a kind of mail about alerts (FEATURES.md, Alerts). Which events are mailed under it is for package alert.
type AlertMail string

// The kinds of mails about alerts.
const (
	MailUsage80          AlertMail = "usage80"
	MailUsage100         AlertMail = "usage100"
	MailContractExpiring AlertMail = "contract_expiring"
	MailContractExpired  AlertMail = "contract_expired"
	MailSystemsOver      AlertMail = "systems_over"
)

// AlertMails lists every kind.
var AlertMails = []AlertMail{MailUsage80, MailUsage100, MailContractExpiring, MailContractExpired, MailSystemsOver}

// muted are kinds of mails, each once, in their order. They are kept as one text, so that settings can be compared.
type muted string

func newMuted(kinds []AlertMail) muted {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	slices.Sort(words)
	return muted(strings.Join(slices.Compact(words), " "))
}

func (m muted) list() []AlertMail {
	kinds := []AlertMail{}
	for _, word := range strings.Fields(string(m)) {
		kinds = append(kinds, AlertMail(word))
	}
	return kinds
}

// own is what the row of a subject says of this.
func (me self) own() Own {
	list := me.Muted.list()
	return Own{me.Language, me.TimeZone, &list}
}

// ReadOwn understands the row of a subject (table.Self); nil is somebody who has set nothing.
func ReadOwn(item table.Item) (Own, error) {
	var me self
	err := table.Decode(item, &me)
	return me.own(), err
}

// Mutes tells whether the person does not want mails of a kind.
func (o Own) Mutes(kind AlertMail) bool { return o.Muted != nil && slices.Contains(*o.Muted, kind) }

// OwnOf reads what people of an account set for themselves: 1 call for each 100 who signed in, none where nobody did.
// bound holds their table.Bound rows, by which they are found; of who has none there is nothing.
func OwnOf(ctx context.Context, t *table.Table, a id.Account, users []id.User, bound map[table.Key]table.Item) (map[id.User]Own, error) {
	selves := map[id.User]table.Key{}
	var keys []table.Key
	for _, u := range users {
		row := bound[table.Bound(a, u)]
		if row == nil {
			continue
		}
		var to Bound
		if err := table.Decode(row, &to); err != nil {
			return nil, err
		}
		selves[u] = table.Self(to.Who())
		keys = append(keys, selves[u])
	}
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := t.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	all := make(map[id.User]Own, len(selves))
	for u, key := range selves {
		if all[u], err = ReadOwn(rows[key]); err != nil {
			return nil, err
		}
	}
	return all, nil
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

// own reads what a subject set for themselves: 1 call.
func (s *Store) own(ctx context.Context, who access.Subject) (Own, error) {
	item, err := s.table.Get(ctx, table.Self(who))
	if err != nil {
		return Own{}, err
	}
	return ReadOwn(item)
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
		if own.Muted != nil {
			me.Muted = newMuted(*own.Muted)
		}
		out := me.own()
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
