// Package intake takes over what the CRM says: contracts, systems and people, from files, from single calls, and later
// from change events; and from files what the vendor sells at what price. It owns the reading of a file's rows into facts, the map from CRM ids to ours, and the rule of when a
// row counts (newer, changed, contradicting). It does not own what the facts mean: packages account, user, contract and
// system merge them. Each contract, system and person is taken over in one transaction of its own, so an import can
// stop anywhere and be run again.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Service takes over the CRM's records.
type Service struct {
	table   *table.Table
	ids     *id.Maker
	users   *user.Store
	catalog *catalog.Store
}

// NewService takes them into t; what is new gets its id from ids.
func NewService(t *table.Table, ids *id.Maker) *Service {
	products := catalog.NewStore(t, ids)
	return &Service{t, ids, user.NewStore(t, ids, seat.NewStore(t, ids, products).Follow), products}
}

// Terms are the circumstances of one import.
type Terms struct {
	// AsOf is the instant that the CRM's records speak of. Stated tells that the sender said so: only then does a
	// record that changes nothing move the instant up to which the CRM was heard.
	AsOf   time.Time
	Stated bool
	// DryRun decides everything and writes nothing.
	DryRun bool
	// Defaults are the settings of accounts that the import makes.
	Defaults account.Terms
	// Caller gives people their roles: nobody gives a right that they lack.
	Caller access.Caller
	Now    time.Time
	By     activity.Author
}

// Result is what became of one record.
type Result string

// The results.
const (
	Created   Result = "created"
	Changed   Result = "changed"
	Unchanged Result = "unchanged"
	Skipped   Result = "skipped"  // older than what was taken last
	Rejected  Result = "rejected" // see the finding
)

// Finding is something wrong with a record, or worth a warning: the column by its API name, a code, and what the
// code's wording needs.
type Finding struct {
	Column string
	Code   string
	Args   []fault.Arg
}

// outcome is a decision about a record: its result, what to write for it, and why it was rejected or warned of.
type outcome struct {
	result   Result
	id       string
	ops      []table.Op
	rejected *Finding
	warning  *Finding
}

func reject(column, code string, args ...fault.Arg) outcome {
	return outcome{result: Rejected, rejected: &Finding{column, code, args}}
}

// heard is what is kept for a CRM id: what it is here, up to which instant the CRM was heard about it, a hash of what it
// said, and the facts themselves, for the three-way rule. They are kept here and not with the contract or system, since
// every listing would pay for them. A record that had to be rejected leaves one without an id: known there, not taken here.
type heard struct {
	Account   id.Account `dynamodbav:"account,omitempty"`
	ID        string     `dynamodbav:"id,omitempty"`
	ChangedAt time.Time  `dynamodbav:"changedAt"`
	Hash      string     `dynamodbav:"hash,omitempty"`
	// Contract and Lines, System, or User are what the CRM last said, by what the id is; Lines those of that instant alone.
	Contract contract.Facts        `dynamodbav:"contract,omitempty"`
	Lines    map[string]LineRecord `dynamodbav:"lines,omitempty"`
	System   systemSaid            `dynamodbav:"system,omitempty"`
	User     user.Facts            `dynamodbav:"user,omitempty"`
	Rev      int                   `dynamodbav:"rev"`

	key table.Key
	was table.Item
}

// idOf is whose id it is; empty where nothing is known, and ok is false where the CRM id is that of another kind of
// thing: columns that were swapped.
func idOf[T id.Known](h heard) (known T, ok bool) {
	if h.ID == "" {
		return "", true
	}
	return id.Parse[T](h.ID)
}

// op keeps it.
func (h heard) op() (table.Op, error) {
	item, err := table.Encode(h)
	if err != nil {
		return table.Op{}, err
	}
	return table.Keep(h.key, h.was, item), nil
}

// hashOf is a short fingerprint of what the CRM said.
func hashOf(said any) string {
	raw, err := json.Marshal(said)
	if err != nil {
		panic(fmt.Sprintf("hash %T: %v", said, err)) // plain structs of strings and numbers always marshal
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}

// stale decides from the instants and the hash alone, without reading the record itself; ok is false where it has to
// be looked at (DATA.md, Who owns which fact: older is skipped).
func (h heard) stale(in Terms, hash string) (outcome, bool) {
	out := outcome{id: h.ID}
	switch {
	case h.ID == "":
		return out, false
	case h.Hash == hash && (!in.Stated || !in.AsOf.After(h.ChangedAt)):
		out.result = Unchanged
		return out, true
	case in.AsOf.Before(h.ChangedAt):
		out.result = Skipped
		return out, true
	default:
		return out, false
	}
}

// sameInstant tells that the CRM was heard about this record for this very instant: it cannot say something else then.
func (h heard) sameInstant(in Terms) bool { return h.ID != "" && in.AsOf.Equal(h.ChangedAt) }

// contradicted is the rejection of a record that does.
func (h heard) contradicted() outcome {
	return reject("", "same_instant_other_content", fault.Text("changedAt", h.ChangedAt.Format(time.RFC3339)))
}

// rounds is how often a record is decided again on fresh images (DATA.md, Guards).
const rounds = 5

// take decides on one record and writes it; decide is pure but for the ids it makes, load reads its images afresh.
func (s *Service) take(ctx context.Context, in Terms, known images, decide func(images) (outcome, error), load func() error) (outcome, error) {
	for range rounds {
		out, err := decide(known)
		if err != nil || len(out.ops) == 0 {
			return out, err
		}
		if len(out.ops) > table.MaxOps {
			return reject("seats", "too_many_limits"), nil // it would touch more lines and cost centers than one transaction takes
		}
		if !in.DryRun {
			err = s.table.Write(ctx, out.ops...)
		}
		var unmet *table.ConditionError
		if errors.As(err, &unmet) {
			if err := load(); err != nil {
				return outcome{}, err
			}
			continue
		}
		if err != nil {
			return outcome{}, err
		}
		table.Apply(known, out.ops)
		return out, nil
	}
	return outcome{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// images are rows as they were read, and as this import left them.
type images map[table.Key]table.Item

// heardOf is what is kept for a CRM id.
func (k images) heardOf(crm id.CRM) (heard, error) { return k.heardAt(table.CRMRecord(crm)) }

// heardAt is what is kept under a key of the CRM map.
func (k images) heardAt(key table.Key) (heard, error) {
	h := heard{key: key, was: k[key]}
	return h, table.Decode(h.was, &h)
}

// fetch reads rows that are not known yet; afresh reads them again.
func (s *Service) fetch(ctx context.Context, known images, afresh bool, keys ...table.Key) error {
	var wanted []table.Key
	for _, k := range keys {
		if _, ok := known[k]; !ok || afresh {
			wanted = append(wanted, k)
		}
	}
	rows, err := s.table.GetMany(ctx, wanted...)
	if err != nil {
		return err
	}
	for _, k := range wanted {
		known[k] = rows[k] // nil says: looked, and there is none
	}
	return nil
}
