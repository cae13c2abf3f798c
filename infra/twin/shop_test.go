package twin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/twin"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// sold is how each product is sold: by one period, so that what its seats are billed by is no question.
func sold() map[string]twin.Product {
	return map[string]twin.Product{
		"desk":  {From: []int{1, 4}, Cents: []int{9999, 9001}, Rate: 2000},
		"phone": {From: []int{1}, Cents: []int{12345}, Rate: 550},
		"chat":  {Monthly: true, From: []int{1, 3}, Cents: []int{333, 310}, Rate: 2000},
	}
}

// needed says which product another one needs.
func needed() map[string]string { return map[string]string{"phone": "desk"} }

// offer puts what is sold, and who sells it, into the catalog.
func (s *seatkeeper) offer() {
	s.Want(200, "", s.operator, "PUT", "/v1/catalog/seller", `{"legalName":"Vendeur SAS","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`)
	for _, name := range []string{"desk", "phone", "chat"} {
		s.products[name] = name
		p := sold()[name]
		tiers := []any{}
		for i, from := range p.From {
			tiers = append(tiers, map[string]any{"from": from, "amount": p.Cents[i]})
		}
		body := map[string]any{
			"name": map[string]any{"en": name, "fr": name}, "kind": "product", "taxCategory": map[int]string{2000: "standard", 550: "reduced"}[p.Rate],
			"prices": []any{map[string]any{"currency": "EUR", "period": map[bool]string{true: "monthly", false: "yearly"}[p.Monthly], "tiers": tiers}},
		}
		if other := needed()[name]; other != "" {
			body["dependsOn"] = []string{other}
		}
		s.Want(200, "", s.operator, "PUT", "/v1/catalog/products/"+name, encoded(body))
	}
}

// bill says where who is billed for the account is at home.
func (s *seatkeeper) bill(country string) apitest.Answer {
	path := s.path + "/billing-profile"
	tag := s.Want(200, "", s.administrator, "GET", path, "").Headers["Etag"]
	return s.Call(s.caller, "PUT", path, encoded(map[string]any{"legalName": "Client", "street": "2 rue de l’Exemple", "city": "Ville", "country": country}), "if-match", tag)
}

func (s *seatkeeper) put(i twin.Item) apitest.Answer {
	return s.Call(s.caller, "PUT", s.path+"/cart/items/"+s.products[i.Product], encoded(map[string]any{"quantity": i.Quantity, "contractId": s.id(i.Contract)}))
}

func (s *seatkeeper) takeOut(product string) apitest.Answer {
	return s.Call(s.caller, "DELETE", s.path+"/cart/items/"+s.products[product], "")
}

// carrier is a cost center as a request names it.
func (s *seatkeeper) carrier(center string) string {
	if center == "" {
		return "none"
	}
	return s.id(center)
}

func (s *seatkeeper) quote(split twin.Split) apitest.Answer {
	rows := []any{}
	for product, parts := range split {
		var all []any
		for center, n := range parts {
			all = append(all, map[string]any{"costCenterId": s.carrier(center), "quantity": n})
		}
		row := map[string]any{"productId": s.products[product], "split": all}
		if len(parts) == 1 {
			for center := range parts {
				row = map[string]any{"productId": s.products[product], "costCenterId": s.carrier(center)}
			}
		}
		rows = append(rows, row)
	}
	return s.Call(s.caller, "POST", s.path+"/cart/quote", encoded(map[string]any{"rows": rows}))
}

func (s *seatkeeper) order(quote, key string) apitest.Answer {
	return s.Call(s.caller, "POST", s.path+"/orders", encoded(map[string]any{"quoteId": quote, "confirmedCharges": true}), "idempotency-key", key)
}

func (s *seatkeeper) withhold(contract, product string, counts map[string]int, key string) apitest.Answer {
	parts := []any{}
	for _, center := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, map[string]any{"costCenterId": s.carrier(center), "quantity": counts[center]})
	}
	return s.Call(s.caller, "POST", s.path+"/removals", encoded(map[string]any{
		"contractId": s.id(contract), "productId": s.products[product], "quantities": parts, "confirm": true,
	}), "idempotency-key", key)
}

func (s *seatkeeper) withdraw(removal string) apitest.Answer {
	return s.Call(s.caller, "DELETE", s.path+"/removals/"+removal, "")
}

// cents is an amount of money.
func cents(v any) any {
	m, _ := v.(map[string]any)
	return m["amount"]
}

func (s *seatkeeper) total(d map[string]any) string {
	t, _ := d["totals"].(map[string]any)
	return fmt.Sprintf("net %v, tax %v, gross %v", cents(t["net"]), cents(t["tax"]), cents(t["gross"]))
}

// carted is a cart in the model's words, rowed a quote or an order.
func (s *seatkeeper) carted(a apitest.Answer) []string {
	words := []string{}
	items, _ := a.Document["items"].([]any)
	for _, v := range items {
		i := v.(map[string]any)
		var told any
		if problem, is := i["problem"].(map[string]any); is {
			told = problem["code"]
		} else if price, is := i["price"].(map[string]any); is {
			told = cents(price["net"])
		}
		words = append(words, fmt.Sprintf("%s of %s, %v: %v", s.named(i["product"].(map[string]any)["id"]), s.named(i["contractId"]), i["quantity"], told))
	}
	return append(words, s.total(a.Document))
}

func (s *seatkeeper) rowed(a apitest.Answer) []string {
	var words []string
	rows, _ := a.Document["rows"].([]any)
	for _, v := range rows {
		r := v.(map[string]any)
		var parts []string
		sum := 0.0
		for _, v := range r["split"].([]any) {
			p := v.(map[string]any)
			center := ""
			if p["costCenterId"] != nil {
				center = s.named(p["costCenterId"])
			}
			parts = append(parts, fmt.Sprintf("%q %v", center, p["quantity"]))
			sum += cents(p["net"]).(float64)
		}
		slices.Sort(parts)
		words = append(words, fmt.Sprintf("%s of %s, %v at %v, %v reinstated, new %v, %v of %v days until %v: %v; %s",
			s.named(r["productId"]), s.named(r["contractId"]), r["quantity"], cents(r["unitPrice"]), r["reinstated"], r["newLine"], r["days"], r["periodDays"], r["until"], cents(r["net"]), strings.Join(parts, ", ")))
		if sum != cents(r["net"]) {
			words = append(words, fmt.Sprintf("its parts come to %v", sum))
		}
	}
	return append(words, s.total(a.Document))
}

func (s *seatkeeper) withheld(a apitest.Answer) []string {
	d := a.Document
	return []string{fmt.Sprintf("%v from %v, saves %v, %v pending", d["quantity"], d["effectiveDate"], cents(d["saves"]), d["pendingRemoval"])}
}

// subscriber stands where EventBridge does, and keeps what it took, each event once.
type subscriber struct {
	mu    sync.Mutex
	taken map[string]bus.Entry
	twice []string
}

func (b *subscriber) Publish(_ context.Context, entries []bus.Entry) (map[int]error, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range entries {
		if was, there := b.taken[e.ID]; there && (was.Type != e.Type || string(was.Detail) != string(e.Detail)) {
			b.twice = append(b.twice, e.ID)
		}
		if b.taken == nil {
			b.taken = map[string]bus.Entry{}
		}
		b.taken[e.ID] = e
	}
	return nil, nil
}

// announced is what the bus was told of contracts that expire, by the ids of its events: every record of the account's activity
// is delivered twice, as a stream does.
func (s *seatkeeper) announced(since time.Time) []string {
	s.T.Helper()
	b := &subscriber{}
	publisher := event.NewPublisher(b, s.Table, func() time.Time { return s.Now })
	for month := since.AddDate(0, 0, 1-since.Day()); !month.After(s.Now); month = month.AddDate(0, 1, 0) {
		var changes []table.Change
		for after := (*table.Position)(nil); ; {
			rows, more, err := s.Table.Query(s.T.Context(), table.Query{PK: table.Activities(s.account, month), Limit: 1000, After: after})
			if err != nil {
				s.T.Fatal(err)
			}
			for _, row := range rows {
				var r activity.Record
				if err := table.Decode(row, &r); err != nil {
					s.T.Fatal(err)
				}
				changes = append(changes, table.Change{Sequence: string(r.ID), At: r.At, Key: table.Activity(s.account, r.ID), Is: row})
				after = table.At(row, table.Primary)
			}
			if !more {
				break
			}
		}
		for range 2 {
			if failed := publisher.Handle(s.T.Context(), changes); len(failed) > 0 {
				s.T.Errorf("not published: %+v", failed)
			}
		}
	}
	words := []string{}
	for _, e := range b.taken {
		if e.Type != "ContractExpired" && e.Type != "ContractExpiring" {
			continue
		}
		var d event.Recorded
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			s.T.Fatal(err)
		}
		words = append(words, fmt.Sprintf("%s: %v days to %v", s.named(d.Subject.ID), d.After["days"], d.After["expiryDate"]))
	}
	return sorted(append(words, b.twice...))
}
