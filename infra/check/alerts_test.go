package check

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	localbus "github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// late is a mail server that is away at first.
type late struct{ tries, sent int }

func (l *late) Send(context.Context, mail.Message, time.Time) error {
	l.tries++
	if l.tries == 1 {
		return mail.ErrTemporary
	}
	l.sent++
	return nil
}

// alert mails an event of an account that a partner manages, to an administrator who has signed in: at the second try.
func (s *story) alert() {
	s.t.Helper()
	p := s.open("Alerted")
	company, _ := s.partner("Partner of the alerted")
	s.link(p, company)
	who := s.subject()
	who.Email = strings.ToLower(who.ID) + "@example.com"
	ch := user.Change{Account: p.account, Caller: access.Caller{Kind: access.Operator}, Now: s.now, By: s.by}
	d := user.Details{Name: "Ada", Email: who.Email, Roles: []access.Role{access.Administrator}}
	_, err := user.NewStore(s.table, s.ids, nil).Add(s.t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil })
	s.must(err)
	_, err = s.accounts.Load(s.t.Context(), who, p.account, httpapi.Source{}, s.now)
	s.must(err)

	rec := &recorder{during: "an alert"}
	s.recorders["alerts"] = rec
	client, name := enginetest.Open(s.t)
	g, mailer := ground(s.t, table.New(rec.client(client), name, nil), func() time.Time { return s.now }), &late{}
	g.Mailer = mailer
	over := event.Overrun(p.account, s.now, contract.Contract{ID: p.contract}, contract.Contract{ID: p.contract, Mapped: 2, Rev: 2})[0]
	entry, err := over.Entry()
	s.must(err)
	tell := func(e events.EventBridgeEvent) error {
		body, err := json.Marshal(e)
		s.must(err)
		return functions.Alerts(g)(s.t.Context(), events.SQSEvent{Records: []events.SQSMessage{{Body: string(body)}}})
	}
	told := events.EventBridgeEvent{DetailType: entry.Type, Detail: entry.Detail}
	if err := tell(told); err == nil {
		s.t.Error("a mail that did not leave is no error: the event would not come again")
	}
	s.must(tell(told))
	s.askedFor(p, tell)
	if mailer.sent != 2 {
		s.t.Errorf("%d mails, want one of each event", mailer.sent)
	}
}

// sweep finds a contract that expires and a line whose crossing was never announced. It is on a table of its own: it
// would mark what other tests have in theirs.
func (s *story) sweep() {
	s.t.Helper()
	client, name := enginetest.Own(s.t)
	db, a := table.New(client, name, nil), id.New[id.Account](s.ids, s.now)
	write := func(ops []table.Op, err error) {
		s.t.Helper()
		s.must(err)
		s.must(db.Write(s.t.Context(), ops...))
	}
	acc := account.Account{ID: a, Name: "Swept", Terms: account.DefaultTerms(), CreatedAt: s.now}
	write(account.CreateOps(acc))
	c := contract.Contract{ID: id.New[id.Contract](s.ids, s.now), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: "Order", Expiry: "2026-12-01"}, Swept: contract.Active}
	write(contract.CreateOps(a, c))
	limit := 10
	line := contract.NewLine(c, "connect", "Connect").With(contract.Quantities{Contracted: &limit}).Rebought(nil, map[contract.PoolID]int{contract.Unassigned: 1}, catalog.Monthly)
	op, err := contract.LineOp(a, contract.LineRow{}, line)
	write([]table.Op{op}, err)
	item, err := db.Get(s.t.Context(), table.Line(a, c.ID, "connect"))
	s.must(err)
	row, err := contract.ReadLine(item)
	s.must(err)
	op, _, err = contract.SeatsOp(a, row, map[contract.PoolID]int{contract.Unassigned: 9}, "2026-11-20", s.now)
	write([]table.Op{op, table.Check(table.Settings(a), table.Exists())}, err)
	s.dueRemoval(db, acc, c, "connect")

	rec := &recorder{during: "a sweep"}
	s.recorders["expiry"] = rec
	took := &taker{}
	out, err := functions.Expiry(ground(s.t, table.New(rec.client(client), name, nil), func() time.Time { return t0 }), took)(s.t.Context(), nil)
	s.must(err)
	if want := (functions.Swept{Examined: 3, Announced: 1, Healed: 1, Removed: 1, Complete: true}); out != want || len(took.taken) != 1 {
		s.t.Errorf("swept %+v with %d events, want %+v with the one of the line", out, len(took.taken), want)
	}
}

// Each rule is for the events of one kind of mail. The samples are all events that there are.
func TestEachRuleMatchesTheEventsMeantForItAndNoOthers(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "events", "bus", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := deployed(t).Rules()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, r := range rules {
		pattern, err := localbus.ParsePattern(r.Pattern)
		if err != nil {
			t.Fatalf("%s: %v", r.ID, err)
		}
		for _, file := range files {
			sample, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			foreign := []byte(strings.Replace(string(sample), `"source": "seatkeeper"`, `"source": "others"`, 1))
			for _, one := range []struct {
				event []byte
				name  string
			}{{sample, filepath.Base(file)}, {foreign, "of another source"}} {
				matches, err := pattern.Matches(one.event)
				if err != nil {
					t.Fatalf("%s: %v", one.name, err)
				}
				if matches {
					got[r.ID] = append(got[r.ID], one.name)
				}
			}
		}
		slices.Sort(got[r.ID])
	}
	want := map[string][]string{
		"UsageWarningRule": {"SeatUsageThresholdCrossed.json"}, "UsageFullRule": {"SeatUsageThresholdCrossed-100.json"},
		"ContractExpiringRule": {"ContractExpiring.json"}, "ContractExpiredRule": {"ContractExpired.json"}, "SystemsOverRule": {"SystemsOverPurchased.json"},
		"RequestSentRule": {"RequestSent.json"}, "ExportRequestedRule": {"ExportRequested.json"}, "UserErasedRule": {"UserErased.json"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules and the samples that they match (-want +got):\n%s", diff)
	}
}

// Without a limit EventBridge tries for a day, and without a queue it drops what it could not deliver.
func TestEveryRuleTriesForAWhileAndKeepsWhatFails(t *testing.T) {
	rules, err := deployed(t).Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		for _, to := range r.Targets {
			if to.Function != "AlertsFunction" && to.Function != "ExportsFunction" || to.DeadLetters == "" || to.Retries < 10 || to.Age != 6*time.Hour {
				t.Errorf("%s calls %s, %d times within %s, then keeps it in %q", r.ID, to.Function, to.Retries, to.Age, to.DeadLetters)
			}
			q := to.Queue
			if q == nil || q.DeadLetters == "" || time.Duration(q.Receives)*q.Hidden != 6*time.Hour {
				t.Errorf("%s sends to the queue %+v, want one that tries for six hours and keeps what fails", r.ID, q)
				continue
			}
			if to.Function != "AlertsFunction" {
				continue // nothing that another call respects
			}
			// Who receives it claims within the function's time, and the claim is a lease of ten minutes (package alert).
			timeout := functionOf(t, to.Function).Timeout
			if q.Hidden < timeout+10*time.Minute {
				t.Errorf("%s: what failed comes again after %s, when a claim of %s later is still respected", r.ID, q.Hidden, timeout)
			}
		}
	}
}

func functionOf(t *testing.T, id string) template.Function {
	t.Helper()
	all := deployed(t).Functions()
	i := slices.IndexFunc(all, func(f template.Function) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("template.yaml has no function %s", id)
	}
	return all[i]
}

// Each hour: a day begins somewhere.
func TestTheSweepRunsEachHour(t *testing.T) {
	schedules, err := deployed(t).Schedules()
	if err != nil {
		t.Fatal(err)
	}
	if len(schedules) != 1 || schedules[0].Target.Function != "ExpiryFunction" || schedules[0].Every != time.Hour {
		t.Errorf("schedules are %+v, want the sweep each hour", schedules)
	}
}

// CloudWatch takes metrics from a log line only in this form; without Complete the alarm about sweeps that are missing rings.
func TestASweepsLogLineHasItsMetrics(t *testing.T) {
	client, name := enginetest.Own(t)
	var lines strings.Builder
	g := ground(t, table.New(client, name, nil), func() time.Time { return t0 })
	g.Log = slog.New(slog.NewJSONHandler(&lines, nil))
	if _, err := functions.Expiry(g, &taker{})(t.Context(), json.RawMessage(`{}`)); err != nil {
		t.Fatal(err)
	}
	var line struct {
		AWS struct {
			Timestamp         int64
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
	}
	var fields map[string]any
	for _, into := range []any{&line, &fields} {
		if err := json.Unmarshal([]byte(lines.String()), into); err != nil {
			t.Fatalf("%v: %s", err, &lines)
		}
	}
	if len(line.AWS.CloudWatchMetrics) != 1 || line.AWS.Timestamp != t0.UnixMilli() || fields["Complete"] != 1.0 {
		t.Fatalf("the line is %s", &lines)
	}
	said := line.AWS.CloudWatchMetrics[0]
	for _, m := range said.Metrics {
		if _, number := fields[m.Name].(float64); !number {
			t.Errorf("the metric %s is %v in the line", m.Name, fields[m.Name])
		}
	}
	for _, d := range said.Dimensions[0] {
		if _, word := fields[d].(string); !word {
			t.Errorf("the dimension %s is %v in the line", d, fields[d])
		}
	}
	if said.Namespace != "Seatkeeper" || len(said.Metrics) != 9 {
		t.Errorf("metrics %+v", said)
	}
}
