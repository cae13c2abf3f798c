package event_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
)

var update = flag.Bool("update", false, "write the samples in events/bus anew")

// folder is where the schemas and the samples stand.
const folder = "../../events"

var (
	order  = activity.Thing{Noun: "contract", ID: string(aContract), Name: "Telephony 2026"}
	jeanne = activity.Thing{Noun: "user", ID: "usr_01KE6P4YM08EJZWGJN6B3ZCKT6", Name: "Jeanne Moreau"}
	seats  = activity.Thing{Noun: "line", ID: "PBX-USER", Name: "Telephony user"}
	pbx    = activity.Thing{Noun: "system", ID: "sys_01KE6P4YM08EJZWGJN6B3ZCKT7", Name: "PBX Lyon"}
	sales  = activity.Thing{Noun: "costCenter", ID: "cc_01KE6P4YM08EJZWGJN6B3ZCKT8", Name: "Sales"}
	gone   = activity.Thing{Noun: "removal", ID: "rem_01KE6P4YM08EJZWGJN6B3ZCKTD", Name: seats.Name}
	asked  = activity.Thing{Noun: "request", ID: "req_01KE6P4YM08EJZWGJN6B3ZCKTE", Name: "more_seats"}
	us     = activity.Thing{Noun: "account", ID: string(anAccount), Name: "Exemple SA"}
)

// happened is one record of each action of an account, as the rooms that own them write it.
func happened() []activity.Record {
	type values = activity.Values
	seat := map[string]any{"contractId": order.ID, "costCenterId": sales.ID}
	waiting := map[string]any{"quantity": 3, "byCostCenter": map[string]int{sales.ID: 2, "none": 1}, "effectiveDate": "2026-12-10"}
	all := []activity.Record{
		{Action: activity.AccountCreated, Subject: us, Before: values{"name": ""}, After: values{"name": "Exemple SA"}},
		{Action: activity.AccountChanged, Subject: us, Before: values{"timeZone": "UTC"}, After: values{"timeZone": "Europe/Paris"}},
		{Action: activity.PartnerLinked, Subject: us, Before: values{"partnerId": ""}, After: values{"partnerId": "par_01KE6P4YM08EJZWGJN6B3ZCKT9"}},
		{Action: activity.PartnerUnlinked, Subject: us, Before: values{"partnerId": "par_01KE6P4YM08EJZWGJN6B3ZCKT9"}, After: values{"partnerId": ""}},
		{Action: activity.Recounted, Subject: activity.Thing{Noun: "contract", ID: order.ID}, Targets: []activity.Thing{seats}, Before: values{"lines.PBX-USER.used": 41, "lines.PBX-USER.available": 59}, After: values{"lines.PBX-USER.used": 40, "lines.PBX-USER.available": 60}},
		{Action: activity.MemberEnrolled, Subject: jeanne},
		{Action: activity.MemberSignedInFirst, Subject: jeanne},
		{Action: activity.UserAdded, Subject: jeanne, Before: values{"name": ""}, After: values{"name": "Jeanne Moreau"}},
		{Action: activity.UserChanged, Subject: jeanne, Before: values{"extension": "1001"}, After: values{"extension": "1002"}},
		{Action: activity.UserDeactivated, Subject: jeanne, Before: values{"state": "active", "seats": []string{"PBX-USER"}, "queues.call": []string{"Accueil"}}, After: values{"state": "deactivated", "seats": []string{}, "queues.call": []string{}}},
		{Action: activity.UserReactivated, Subject: jeanne, Before: values{"state": "deactivated"}, After: values{"state": "active"}},
		{Action: activity.UserQueuesChanged, Subject: jeanne, Targets: []activity.Thing{seats}, Before: values{"queues.call": []string{"Accueil"}, "queues.inbox": []string{"Devis"}, "seats.PBX-USER": seat}, After: values{"queues.call": []string{}, "queues.inbox": []string{}, "seats.PBX-USER": nil}},
		{Action: activity.InvitationSent, Subject: jeanne},
		{Action: activity.PermissionSetCreated, Subject: activity.Thing{Noun: "permissionSet", ID: "set_01KE6P4YM08EJZWGJN6B3ZCKTA", Name: "Buyers"}},
		{Action: activity.PermissionSetChanged, Subject: activity.Thing{Noun: "permissionSet", ID: "set_01KE6P4YM08EJZWGJN6B3ZCKTA", Name: "Buyers"}},
		{Action: activity.PermissionSetDeleted, Subject: activity.Thing{Noun: "permissionSet", ID: "set_01KE6P4YM08EJZWGJN6B3ZCKTA", Name: "Buyers"}},
		{Action: activity.ContractImported, Subject: order, Before: values{"lines.PBX-USER.limit": nil}, After: values{"lines.PBX-USER.limit": 100}},
		{Action: activity.ContractChanged, Subject: order, Before: values{"systemsPurchased": 3}, After: values{"systemsPurchased": 4}},
		{Action: activity.TermsChanged, Subject: order, Before: values{"lines.PBX-USER.override": 100, "lines.PBX-USER.limit": 100}, After: values{"lines.PBX-USER.override": nil, "lines.PBX-USER.limit": 80}},
		{Action: activity.ContractExpiring, Subject: order, After: values{"days": 30, "expiryDate": "2026-12-21"}},
		{Action: activity.ContractExpired, Subject: order, After: values{"days": 0, "expiryDate": "2026-11-21"}},
		{Action: activity.SystemImported, Subject: pbx, Before: values{"name": ""}, After: values{"name": "PBX Lyon"}},
		{Action: activity.SystemChanged, Subject: pbx, Before: values{"url": ""}, After: values{"url": "https://pbx.example"}},
		{Action: activity.SystemsConnected, Subject: order, Targets: []activity.Thing{pbx}, Before: values{"systemsMapped": 2}, After: values{"systemsMapped": 3}},
		{Action: activity.SystemDisconnected, Subject: order, Targets: []activity.Thing{pbx}, Before: values{"systemsMapped": 3}, After: values{"systemsMapped": 2}},
		{Action: activity.PoolsChanged, Subject: activity.Thing{Noun: "contract", ID: order.ID}, Targets: []activity.Thing{seats}, Before: values{"lines.PBX-USER.pools": map[string]int{"none": 100}}, After: values{"lines.PBX-USER.pools": map[string]int{"none": 60, sales.ID: 40}}},
		{Action: activity.SeatAssigned, Subject: jeanne, Targets: []activity.Thing{seats}, Before: values{"seats.PBX-USER": nil}, After: values{"seats.PBX-USER": seat}},
		{Action: activity.SeatRemoved, Subject: jeanne, Targets: []activity.Thing{seats}, Before: values{"seats.PBX-USER": seat}, After: values{"seats.PBX-USER": nil}},
		{Action: activity.SeatsChanged, Subject: jeanne, Targets: []activity.Thing{seats}, Before: values{"seats.PBX-USER.features": []string{}}, After: values{"seats.PBX-USER.features": []string{"voicemail"}}},
		{Action: activity.SeatMoved, Subject: jeanne, Targets: []activity.Thing{seats}, Before: values{"costCenterId": ""}, After: values{"costCenterId": sales.ID}},
		{Action: activity.CostCenterCreated, Subject: sales, Before: values{"name": ""}, After: values{"name": "Sales"}},
		{Action: activity.CostCenterChanged, Subject: sales, Before: values{"name": "Sale"}, After: values{"name": "Sales"}},
		{Action: activity.CostCenterArchived, Subject: sales, Before: values{"state": "active"}, After: values{"state": "archived"}},
		{Action: activity.OrderPlaced, Subject: activity.Thing{Noun: "order", ID: "ord_01KE6P4YM08EJZWGJN6B3ZCKTC"}, Targets: []activity.Thing{seats},
			Before: values{"lines.PBX-USER.bought": nil, "lines.PBX-USER.limit": 100},
			After: values{
				"lines.PBX-USER.bought": 12, "lines.PBX-USER.limit": 110, "total": map[string]any{"amount": 6398, "currency": "EUR"},
				"rows": []any{map[string]any{
					"contractId": order.ID, "contractName": order.Name, "productId": "PBX-USER", "productName": "Telephony user", "quantity": 12, "reinstated": 2,
					"byCostCenter": map[string]any{sales.ID: 7, "none": 5},
				}},
			}},
		{Action: activity.LicencesRemovalScheduled, Subject: order, Targets: []activity.Thing{gone, seats}, Before: values{"lines.PBX-USER.pendingRemoval": nil}, After: values{"lines.PBX-USER.pendingRemoval": waiting}},
		{Action: activity.LicencesRemovalWithdrawn, Subject: order, Targets: []activity.Thing{gone, seats}, Before: values{"lines.PBX-USER.pendingRemoval": waiting}, After: values{"lines.PBX-USER.pendingRemoval": nil}},
		{Action: activity.LicencesRemoved, Subject: order, Targets: []activity.Thing{gone, seats},
			Before: values{"lines.PBX-USER.pendingRemoval": waiting, "lines.PBX-USER.bought": 12, "lines.PBX-USER.limit": 112},
			After:  values{"lines.PBX-USER.pendingRemoval": nil, "lines.PBX-USER.bought": 9, "lines.PBX-USER.limit": 109}},
		{Action: activity.RequestSent, Subject: asked, After: values{"kind": "more_seats", "to": "administrators", "state": "open"}},
		{Action: activity.RequestInCart, Subject: asked, Before: values{"state": "open"}, After: values{"state": "in_cart"}},
		{Action: activity.RequestAnswered, Subject: asked, Before: values{"state": "in_cart"}, After: values{"state": "answered"}},
		{Action: activity.RequestWithdrawn, Subject: asked, Before: values{"state": "open"}, After: values{"state": "withdrawn"}},
		{Action: activity.ExportRequested, Subject: activity.Thing{Noun: "export", ID: "exp_01KE6P4YM08EJZWGJN6B3ZCKTF"}},
		{Action: activity.ExportFinished, Subject: activity.Thing{Noun: "export", ID: "exp_01KE6P4YM08EJZWGJN6B3ZCKTF"}, After: values{"state": "ready", "size": 48210}},
		{Action: activity.UserErased, Subject: activity.Thing{Noun: "user", ID: "usr_01KE6P4YM08EJZWGJN6B3ZCKTG"}},
		{Action: activity.RequestReopened, Subject: asked, Before: values{"state": "in_cart"}, After: values{"state": "open"}},
		{Action: activity.CostCenterReactivated, Subject: sales, Before: values{"state": "archived"}, After: values{"state": "active"}},
	}
	for i := range all {
		all[i].ID, all[i].Account, all[i].At = "act_01KE6P4YM08EJZWGJN6B3ZCKTB", anAccount, t0
		all[i].Author = activity.Author{Kind: access.Member, ID: jeanne.ID, Name: jeanne.Name, IP: "192.0.2.17", UserAgent: "curl/8.5.0", RequestID: "UKqXbh2oCGYEM9w="}
	}
	return all
}

// published is an event of each type, by type, as the code makes it; of a type that is made in several ways the last one.
func published(t *testing.T) map[string][]event.Event {
	t.Helper()
	made := slices.Concat(
		event.Crossings(anAccount, t0, line(70, 100, 6), line(80, 100, 7)), event.Crossings(anAccount, t0, line(80, 100, 7), line(101, 100, 8)),
		event.Crossings(anAccount, t0, line(0, 10, 8), line(0, 0, 9)),
		event.Overrun(anAccount, t0, contractOf(4, 4), contractOf(5, 4)),
	)
	for _, r := range happened() {
		events, err := event.OfRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, events...)
	}
	by := map[string][]event.Event{}
	for _, e := range made {
		by[e.Type] = append(by[e.Type], e)
	}
	return by
}

// envelope is what a rule sees of an event, and what its target is given.
type envelope struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

func schema(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(folder, "schema", kind+".json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	// A field that the schema does not name is refused here. Those who listen must not: fields are added.
	strict := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "file://" + filepath.ToSlash(path), "unevaluatedProperties": false}
	if err := c.AddResource("strict.json", strict); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("strict.json")
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return compiled
}

func holds(t *testing.T, s *jsonschema.Schema, where string, detail []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(detail))
	if err == nil {
		err = s.Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", where, err, detail)
	}
}

// What is published and the samples that others build upon are held to the schemas; a sample is what the code publishes.
func TestEveryTypeHasASchemaAndASampleAndTheyAreWhatIsPublished(t *testing.T) {
	all := published(t)
	types := slices.Sorted(maps.Keys(all))
	for _, kind := range types {
		s := schema(t, kind)
		for _, e := range all[kind] {
			entry, err := e.Entry()
			if err != nil {
				t.Fatal(err)
			}
			if entry.ID != e.ID || entry.Type != kind || !entry.At.Equal(t0) {
				t.Errorf("the entry of %s is %+v", kind, entry)
			}
			holds(t, s, kind, entry.Detail)
		}
		for name, e := range samples(kind, all[kind]) {
			entry, err := e.Entry()
			if err != nil {
				t.Fatal(err)
			}
			sampled(t, s, name, envelope{"0", "17793124-05d4-b198-2fde-7ededc63b103", kind, "seatkeeper", "123456789012", "2026-11-21T09:00:00Z", "eu-west-3", []string{}, entry.Detail})
		}
	}
	for _, in := range []string{"schema", "bus"} {
		files, err := filepath.Glob(filepath.Join(folder, in, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range files {
			name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".json"), "-")
			names = append(names, name)
		}
		names = slices.Compact(names)
		if diff := cmp.Diff(types, names); diff != "" {
			t.Errorf("events/%s (-published +there):\n%s", in, diff)
		}
	}
}

// samples are the events that stand in events/bus, by the name of their file: one of each type, and one of each threshold.
func samples(kind string, all []event.Event) map[string]event.Event {
	found := map[string]event.Event{kind: all[0]}
	for _, e := range all {
		if c, ok := e.Detail.(event.ThresholdCrossed); ok && c.Threshold == contract.LevelFull && c.Reached == contract.LevelFull {
			found[kind+"-100"] = e
		}
	}
	return found
}

// sampled holds a sample to what is published, or writes it anew.
func sampled(t *testing.T, s *jsonschema.Schema, name string, want envelope) {
	t.Helper()
	var text bytes.Buffer
	encode := json.NewEncoder(&text)
	encode.SetIndent("", "  ")
	if err := encode.Encode(want); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "bus", name+".json")
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text.String(), string(got)); diff != "" {
		t.Errorf("%s is not what is published; go test ./internal/event -update writes it anew (-published +there):\n%s", file, diff)
	}
	var read envelope
	if err := json.Unmarshal(got, &read); err != nil {
		t.Fatal(err)
	}
	holds(t, s, file, read.Detail)
}

// actions are those of package activity, by their source: one that is added there is missed here otherwise.
func actions(t *testing.T) (all []activity.Action) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../activity/activity.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, activity.Action(value))
		}
		return true
	})
	if len(all) < 30 {
		t.Fatalf("%d actions found in package activity", len(all))
	}
	return all
}

func TestEveryActionOfAnAccountBecomesOneEvent(t *testing.T) {
	sampled := map[activity.Action]bool{}
	for _, r := range happened() {
		sampled[r.Action] = true
	}
	seen := map[string]activity.Action{}
	for _, action := range actions(t) {
		got, err := event.OfRecord(activity.Record{ID: "act_01KE6P4YM08EJZWGJN6B3ZCKTB", Account: anAccount, At: t0, Action: action, Subject: order})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		vendors := slices.Contains([]string{"partner", "staff", "product", "seller"}, action.Kind())
		if vendors != (len(got) == 0) || len(got) > 1 {
			t.Errorf("%s becomes %d events", action, len(got))
		}
		for _, e := range got {
			if other, twice := seen[e.Type]; twice {
				t.Errorf("%s and %s both become %s", action, other, e.Type)
			}
			seen[e.Type] = action
		}
		if !vendors && !sampled[action] {
			t.Errorf("%s has no sample: give it one in happened()", action)
		}
	}
	if _, err := event.OfRecord(activity.Record{Account: anAccount, Action: "seat.painted"}); err == nil {
		t.Error("an action that nobody knows is passed over in silence")
	}
}

func TestTheVendorsRecordsMakeNoEvents(t *testing.T) {
	for _, action := range actions(t) {
		if got, err := event.OfRecord(activity.Record{ID: "act_01KE6P4YM08EJZWGJN6B3ZCKTB", At: t0, Action: action}); err != nil || len(got) > 0 {
			t.Errorf("%s of the vendor became %d events (%v)", action, len(got), err)
		}
	}
}

// Limits: one more event for each line whose limit is another; 0 is a limit, null is none.
func TestARecordTellsOfEachLimitThatItChanged(t *testing.T) {
	type values = activity.Values
	got, err := event.OfRecord(activity.Record{
		ID: "act_01KE6P4YM08EJZWGJN6B3ZCKTB", Account: anAccount, At: t0, Action: activity.TermsChanged, Subject: order,
		// Numbers are floats once they were stored. A product's code may have dots.
		Before: values{"lines.a.b.limit": 10.0, "lines.new.limit": nil, "lines.gone.limit": 5.0, "lines.none.limit": nil, "lines.same.limit": 4.0, "lines.a.b.contracted": 10.0, "systemsPurchased": 1.0},
		After:  values{"lines.a.b.limit": 0.0, "lines.new.limit": 3.0, "lines.gone.limit": nil, "lines.none.limit": nil, "lines.same.limit": 4.0, "lines.a.b.contracted": 0.0, "systemsPurchased": 2.0},
	})
	if err != nil {
		t.Fatal(err)
	}
	number := func(n int) *int { return &n }
	want := map[string][2]*int{"a.b": {number(10), number(0)}, "new": {nil, number(3)}, "gone": {number(5), nil}}
	limits := map[string][2]*int{}
	for _, e := range got[1:] {
		d := e.Detail.(event.LimitChanged)
		limits[d.ProductID] = [2]*int{d.Before, d.After}
		if e.Type != "SeatLimitChanged" || e.ID != "evt_act_01KE6P4YM08EJZWGJN6B3ZCKTB_limit_"+d.ProductID || d.ContractID != aContract {
			t.Errorf("event %+v", e)
		}
	}
	if diff := cmp.Diff(want, limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

// From where somebody called, and with what, is for the activity list, which decides who may see it.
func TestEventsDoNotTellFromWhereSomebodyCalled(t *testing.T) {
	for kind, events := range published(t) {
		for _, e := range events {
			entry, err := e.Entry()
			if err != nil {
				t.Fatal(err)
			}
			for _, private := range []string{"192.0.2.17", "curl/", "UKqXbh2oCGYEM9w="} {
				if strings.Contains(string(entry.Detail), private) {
					t.Errorf("%s tells %s", kind, private)
				}
			}
		}
	}
}
