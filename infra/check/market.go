package check

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// sold says who sells, where nobody has said so yet.
func (w *town) sold() {
	w.t.Helper()
	const path = "/v1/catalog/seller"
	if r := w.gateway.send(w.t, request{as: w.operator, method: http.MethodGet, path: path}); r.StatusCode == http.StatusNotFound {
		w.do(http.MethodPut, path, `{"legalName":"Vendeur SAS","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`)
	}
}

// buying gives a place somebody who buys: who is billed, a cart, its quote, and an order from before.
func (w *town) buying(p *place) {
	w.t.Helper()
	w.sold()
	inside := "/v1/accounts/" + string(p.account)
	billed := request{as: w.operator, method: http.MethodPut, path: inside + "/billing-profile", headers: map[string]string{"if-match": "*"},
		body: `{"legalName":"Client SARL","street":"2 rue de l’Exemple","city":"Paris","country":"FR"}`}
	if r := w.gateway.send(w.t, billed); r.StatusCode != http.StatusOK {
		w.t.Fatalf("the billing profile is answered %d: %s", r.StatusCode, r.Body)
	}
	p.buyer = w.member(*p, access.SuperAdministrator)
	w.doAs(p.buyer, http.MethodPut, inside+"/cart/items/"+p.product, `{"quantity":1}`)
	p.quote = id.Quote(w.doAs(p.buyer, http.MethodPost, inside+"/cart/quote", `{}`).word("id"))
	p.bought = w.ordered(*p)
}

// basket fills the cart of a place up to so many products, each with seats for a line of its own, and quotes it.
func (w *town) basket(p *place, rows int) {
	w.t.Helper()
	inside := "/v1/accounts/" + string(p.account)
	for range rows - 1 {
		w.doAs(p.buyer, http.MethodPut, inside+"/cart/items/"+w.product(), `{"quantity":3}`)
	}
	p.quote = id.Quote(w.doAs(p.buyer, http.MethodPost, inside+"/cart/quote", `{}`).word("id"))
}

// ordered is an order of a place, as it is kept.
func (w *town) ordered(p place) id.Order {
	w.t.Helper()
	none := money.Money{Currency: "EUR"}
	o := order.Order{
		ID: id.New[id.Order](w.ids, t0), Status: order.Placed, PlacedAt: t0, Rev: 1, Buyer: order.Buyer{ID: p.user}, Quote: p.quote, Invoice: id.New[id.Invoice](w.ids, t0),
		Priced: order.Priced{Currency: "EUR", Rows: []order.Row{}, Totals: order.Totals{Net: none, Taxes: []order.Tax{}, Tax: none, Gross: none}, Recurring: []order.Recurring{}},
	}
	item, err := table.Encode(o)
	w.must(err)
	table.OrderSorts(string(o.Status), o.ID).Put(item)
	w.must(w.table.Write(w.t.Context(), table.Put(table.Order(p.account, o.ID), item, table.Absent())))
	return o.ID
}

func orderBody(_ place, quote string) string {
	return fmt.Sprintf(`{"quoteId":%q,"confirmedCharges":true}`, quote)
}

// removing puts a removal of a line of its own into a place, and a request; the place has no partner yet.
func (w *town) removing(p *place) {
	w.t.Helper()
	inside := "/v1/accounts/" + string(p.account)
	body := fmt.Sprintf(`{"contractId":%q,"productId":%q,"quantities":[{"quantity":1}],"confirm":true}`, p.contract, p.spare)
	p.removal = id.Removal(w.doAs(p.buyer, "POST", inside+"/removals", body, "idempotency-key", "removal").word("removalId"))
	p.request = id.Request(w.doAs(p.buyer, "POST", inside+"/requests", requestBody(*p, "productId", p.product)).word("id"))
}

// again makes a second removal and a second request of a place.
func (w *town) again(p place) {
	w.t.Helper()
	inside := "/v1/accounts/" + string(p.account)
	w.doAs(p.buyer, "POST", inside+"/requests", requestBody(p, "productId", p.product))
	w.doAs(p.buyer, "POST", inside+"/removals", removeBody(p, "contractId", string(p.contract), true), "idempotency-key", "again")
}

// removeBody removes a licence of the place's line, with an id in one of the fields that say which.
func removeBody(p place, field string, value any, confirm bool) string {
	body := map[string]any{"contractId": p.contract, "productId": p.product, "quantities": []map[string]any{{"quantity": 1}}, "confirm": confirm}
	if field == "costCenterId" {
		body["quantities"] = []map[string]any{{"quantity": 1, "costCenterId": value}}
	} else {
		body[field] = value
	}
	text, _ := json.Marshal(body) // strings and numbers always encode
	return string(text)
}

// requestBody asks for seats of the place's product, with an id in one of the fields that say which.
func requestBody(p place, field, value string) string {
	item := map[string]any{"productId": p.product, "quantity": 2}
	item[field] = value
	text, _ := json.Marshal(map[string]any{"kind": "more_seats", "message": "Please", "items": []any{item}})
	return string(text)
}

// reprice gives a product of town.product another price, and so a second version.
func (w *town) reprice(product string) {
	w.t.Helper()
	r := w.gateway.send(w.t, request{as: w.operator, method: http.MethodPut, path: "/v1/catalog/products/" + product, headers: map[string]string{"if-match": "*"},
		body: `{"name":{"en":"Desk","fr":"Poste"},"kind":"product","prices":[{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1100},{"from":10,"amount":900}]}]}`})
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("the new price is answered %d: %s", r.StatusCode, r.Body)
	}
}
