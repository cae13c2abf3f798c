package order_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// says holds an answer's text to naming what is wrong.
func says(t *testing.T, a apitest.Answer, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(a.Body, word) {
			t.Errorf("%s is not said: %s", word, a.Body)
		}
	}
}

func TestQuantitiesThatAreNoneAreRefused(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	for quantity, code := range map[string]string{"0": "too_small", "-1": "too_small", "1000000000": "too_large", "1.5": "not_an_integer"} {
		a := w.Want(http.StatusUnprocessableEntity, "invalid_request", w.buyer, http.MethodPut, w.path+"/cart/items/phone", `{"quantity":`+quantity+`}`)
		says(t, a, code, "body.quantity")
	}
}

func TestWhatTheAccountMayNotBuyIsRefusedWithWhy(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.sells("premium", 1000, func(p *catalog.Product) { p.Editions = []string{"enterprise"} })
	w.sells("dollars", 1000, func(p *catalog.Product) {
		p.Prices = []catalog.Price{price("USD", catalog.Monthly, catalog.Tier{From: 1, Amount: 1})}
	})
	w.sells("dear", 100_000_000_000)
	w.sells("queue", 1000, func(p *catalog.Product) { p.DependsOn = []string{"mail"} })
	put := func(status int, code, product, body string) apitest.Answer {
		t.Helper()
		return w.Want(status, code, w.buyer, http.MethodPut, w.path+"/cart/items/"+product, body)
	}
	says(t, put(http.StatusConflict, "edition_excludes", "premium", `{"quantity":1}`), "The premium", "standard")
	says(t, put(http.StatusConflict, "no_price", "dollars", `{"quantity":1}`), "EUR")
	put(http.StatusUnprocessableEntity, "product_unknown", "nothing", `{"quantity":1}`)

	put(http.StatusOK, "", "dear", `{"quantity":1000}`)
	says(t, w.Want(http.StatusUnprocessableEntity, "order_too_dear", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`), `"productId":"dear"`)
	w.Want(http.StatusOK, "", w.buyer, http.MethodDelete, w.path+"/cart/items/dear", "")

	// What needs another product is refused until that is bought along.
	says(t, put(http.StatusOK, "", "queue", `{"quantity":1}`), "dependency_missing")
	says(t, w.Want(http.StatusConflict, "dependency_missing", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`), "The mail", `"neededId":"mail"`)
	put(http.StatusOK, "", "mail", `{"quantity":1}`)
	w.quoted(`{}`)
}

func TestContractsThatTakeNothingAreRefused(t *testing.T) {
	w := newWorld(t)
	w.Want(http.StatusConflict, "no_active_contract", w.buyer, http.MethodPut, w.path+"/cart/items/mail", `{"quantity":1}`)
	gone := w.contract("2026-11-21", 10, "phone")
	expired := w.Want(http.StatusConflict, "contract_expired", w.buyer, http.MethodPut, w.path+"/cart/items/phone", fmt.Sprintf(`{"quantity":1,"contractId":%q}`, gone))
	says(t, expired, "2026-11-21")
	one := w.contract("2028-01-01", 10, "phone")
	if a := w.put("mail", 1); !strings.Contains(a.Body, string(one)) {
		t.Errorf("the only active contract is not taken: %s", a.Body)
	}
	two := w.contract("2026-12-01", 10)
	w.sells("fax", 1)
	says(t, w.Want(http.StatusUnprocessableEntity, "contract_needed", w.buyer, http.MethodPut, w.path+"/cart/items/fax", `{"quantity":1}`), string(one), string(two))
	if a := w.put("phone", 1); !strings.Contains(a.Body, string(one)) {
		t.Errorf("the one contract with a line is not taken: %s", a.Body)
	}
	for _, foreign := range []string{"ctr_1", string(id.New[id.Contract](w.IDs, w.Now))} {
		w.Want(http.StatusUnprocessableEntity, "contract_not_found", w.buyer, http.MethodPut, w.path+"/cart/items/phone", fmt.Sprintf(`{"quantity":1,"contractId":%q}`, foreign))
	}

	// It expires while it is in the cart: the row stays, with its reason, and the quote that was made of it is refused.
	w.Want(http.StatusOK, "", w.buyer, http.MethodPut, w.path+"/cart/items/mail", fmt.Sprintf(`{"quantity":1,"contractId":%q}`, two))
	w.Now = time.Date(2026, 11, 30, 22, 45, 0, 0, time.UTC) // a quarter to midnight in Paris
	q := w.quoted(`{}`)
	w.Now = w.Now.Add(20 * time.Minute)
	if a := w.order(q.ID, rand.Text()); a.Word("code") != "contract_expired" {
		t.Errorf("answered %s", a.Body)
	}
	says(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", ""), "contract_expired", `"productId":"phone"`)
}

func TestSplitsAreHeldToTheirSumAndToTheAccountsCostCenters(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.put("phone", 12)
	quote := func(status int, code, body string) apitest.Answer {
		t.Helper()
		return w.Want(status, code, w.buyer, http.MethodPost, w.path+"/cart/quote", body)
	}
	for _, n := range []int{4, 6} {
		body := fmt.Sprintf(`{"rows":[{"productId":"phone","split":[{"newCostCenterName":"Lyon","quantity":7},{"quantity":%d}]}]}`, n)
		says(t, quote(http.StatusUnprocessableEntity, "split_sum", body), "The phone", fmt.Sprintf(`"sum":%d`, 7+n), `"quantity":12`)
	}
	for _, foreign := range []string{"cc_1", string(id.New[id.CostCenter](w.IDs, w.Now))} {
		quote(http.StatusUnprocessableEntity, "cost_center_unknown", fmt.Sprintf(`{"costCenterId":%q}`, foreign))
	}
	cc := w.center("Paris")
	archived, err := costcenter.NewStore(w.Table, w.IDs).Set(t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, cc, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
		c.State = costcenter.Archived
		return c, nil
	})
	w.must(err)
	quote(http.StatusConflict, "cost_center_archived", fmt.Sprintf(`{"costCenterId":%q}`, archived.ID))
	quote(http.StatusConflict, "cost_center_archived", `{"newCostCenterName":"PARIS"}`)
	quote(http.StatusUnprocessableEntity, "product_not_in_cart", `{"rows":[{"productId":"mail"}]}`)
	says(t, quote(http.StatusUnprocessableEntity, "invalid_request", `{"rows":[{"productId":"phone"},{"productId":"phone"}]}`), "product_twice")
	says(t, quote(http.StatusUnprocessableEntity, "invalid_request", fmt.Sprintf(`{"costCenterId":%q,"newCostCenterName":"x"}`, cc)), "carrier_twice")
}

// More than one transaction takes is refused before anything is promised.
func TestAnOrderThatNoTransactionTakesIsRefusedWithTheQuote(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10)
	w.put("phone", 500)
	var parts, rows []string
	for i := range 50 {
		cc := w.center(fmt.Sprint("C", i))
		parts = append(parts, fmt.Sprintf(`{"costCenterId":%q,"quantity":10}`, cc))
		rows = append(rows, fmt.Sprintf(`{"productId":"p%d","costCenterId":%q}`, i, cc))
	}
	body := `{"rows":[{"productId":"phone","split":[` + strings.Join(parts, ",") + `]}]}`
	q := w.quoted(body)
	w.placed(q.ID)
	w.put("phone", 1)
	w.Want(http.StatusConflict, "too_many_pools", w.buyer, http.MethodPost, w.path+"/cart/quote", `{"newCostCenterName":"One more"}`)
	for i := range 49 {
		w.sells(fmt.Sprint("p", i), 1)
		w.put(fmt.Sprint("p", i), 1)
	}
	w.sells("last", 1)
	w.Want(http.StatusConflict, "cart_full", w.buyer, http.MethodPut, w.path+"/cart/items/last", `{"quantity":1}`)
	w.Want(http.StatusUnprocessableEntity, "order_too_large", w.buyer, http.MethodPost, w.path+"/cart/quote", `{"rows":[`+strings.Join(rows[:49], ",")+`]}`)
	w.placed(w.quoted(`{}`).ID) // 50 products at once
	w.put("mail", 1)
	w.Want(http.StatusConflict, "too_many_lines", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`)
}

func TestAnAccountWithAPartnerBuysNothingByItself(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.put("phone", 1)
	q := w.quoted(`{}`)
	p, ops, err := w.Accounts.NewPartner("Partner "+rand.Text(), account.Contact{Name: "Paula Partner"}, w.Now, operator())
	w.must(err)
	w.must(w.Table.Write(t.Context(), ops...))
	_, err = w.Accounts.Link(t.Context(), w.Account, p.ID, w.Now, operator())
	w.must(err)
	says(t, w.Want(http.StatusConflict, "partner_managed", w.buyer, http.MethodPut, w.path+"/cart/items/phone", `{"quantity":2}`), "Paula Partner", `"contact"`)
	w.Want(http.StatusConflict, "partner_managed", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`)
	w.Want(http.StatusConflict, "partner_managed", w.buyer, http.MethodPost, w.path+"/orders", confirmed(q.ID), "idempotency-key", "1")
	says(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", ""), "partner_managed")
}

func TestABuyerWithoutABillingProfileIsToldToFillItIn(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.set(func(a *account.Account) { a.Billing = account.Billing{} })
	says(t, w.put("phone", 1), "billing_profile_missing", `"amount":333`)
	w.Want(http.StatusConflict, "billing_profile_missing", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`)
}

// The buyer must tick that they have read the charges (FEATURES.md, Buying), and what they confirm is in one currency.
func TestUnconfirmedChargesAndAnotherCurrencyAreRefused(t *testing.T) {
	w := newWorld(t)
	ctr := w.contract("2028-01-01", 10, "phone")
	w.put("phone", 1)
	q := w.quoted(`{}`)
	order := func(status int, code, body string, headers ...string) {
		t.Helper()
		w.Want(status, code, w.buyer, http.MethodPost, w.path+"/orders", body, headers...)
	}
	order(http.StatusPreconditionRequired, "idempotency_key_required", confirmed(q.ID))
	order(http.StatusUnprocessableEntity, "charges_not_confirmed", fmt.Sprintf(`{"quoteId":%q}`, q.ID), "idempotency-key", "1")
	order(http.StatusUnprocessableEntity, "charges_not_confirmed", fmt.Sprintf(`{"quoteId":%q,"confirmedCharges":false}`, q.ID), "idempotency-key", "2")
	order(http.StatusUnprocessableEntity, "currency_mismatch", fmt.Sprintf(`{"quoteId":%q,"confirmedCharges":true,"currency":"USD"}`, q.ID), "idempotency-key", "3")
	order(http.StatusUnprocessableEntity, "quote_unknown", confirmed(id.New[id.Quote](w.IDs, w.Now)), "idempotency-key", "4")
	order(http.StatusUnprocessableEntity, "quote_unknown", confirmed("quo_1"), "idempotency-key", "5")
	other := w.Member(w.Account, "administrator")
	w.Want(http.StatusUnprocessableEntity, "quote_unknown", other, http.MethodPost, w.path+"/orders", confirmed(q.ID), "idempotency-key", "6")
	if l := w.line(ctr, "phone"); *l.Limit != 10 {
		t.Errorf("a refused order changed the limit to %d", *l.Limit)
	}
	order(http.StatusCreated, "", fmt.Sprintf(`{"quoteId":%q,"confirmedCharges":true,"currency":"EUR"}`, q.ID), "idempotency-key", "7")
}

// A quote is the price for 30 minutes; only if the cart, the contract's terms or the account's tax profile changed meanwhile
// is it refused, with the new one (FEATURES.md, Buying).
func TestAStaleQuoteIsRefusedWithTheNewOne(t *testing.T) {
	later := date.Date("2029-01-01")
	for name, test := range map[string]struct {
		change func(*world, id.Contract)
		code   string
	}{
		"half an hour":  {func(w *world, _ id.Contract) { w.Now = w.Now.Add(30 * time.Minute) }, "quote_expired"},
		"a minute less": {func(w *world, _ id.Contract) { w.Now = w.Now.Add(29 * time.Minute) }, ""},
		"the catalog":   {func(w *world, _ id.Contract) { w.sells("phone", 9999) }, ""},
		"seats":         {func(w *world, c id.Contract) { w.must(w.take(c, 2)) }, ""},
		"the cart":      {func(w *world, _ id.Contract) { w.put("phone", 4) }, "quote_changed"},
		"another row":   {func(w *world, _ id.Contract) { w.put("mail", 1) }, "quote_changed"},
		"the profile":   {func(w *world, _ id.Contract) { w.billed("DE", "DE136695976") }, "quote_changed"},
		"the currency":  {func(w *world, _ id.Contract) { w.set(func(a *account.Account) { a.Currency = "USD" }) }, "no_price"},
		"the cart, and back": {func(w *world, _ id.Contract) {
			w.put("phone", 4)
			w.put("phone", 3)
		}, ""},
		"the terms": {func(w *world, c id.Contract) {
			ch := contract.Changing{Account: w.Account, Now: w.Now, By: operator()}
			_, _, err := contract.NewStore(w.Table, w.IDs).SetTerms(w.t.Context(), ch, c, contract.Terms{Expiry: &later}, func(int) error { return nil })
			w.must(err)
		}, "quote_changed"},
		"another first day, by the CRM":         {func(w *world, c id.Contract) { w.starts(c, "2026-01-15") }, "quote_changed"},
		"another first day with the same price": {func(w *world, c id.Contract) { w.starts(c, "2025-02-01") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.contract("2028-01-01", 10, "phone")
			w.put("phone", 3)
			old := w.quoted(`{"newCostCenterName":"Lyon"}`)
			test.change(w, c)
			a := w.order(old.ID, "1")
			if a.Word("code") != test.code {
				t.Fatalf("answered %s, want %q", a.Body, test.code)
			}
			quote, offered := a.Document["quote"].(map[string]any)
			if offered != strings.HasPrefix(test.code, "quote_") {
				t.Errorf("the new quote is in the answer: %v: %s", offered, a.Body)
			}
			if offered {
				again, _ := quote["id"].(string)
				says(t, a, `"costCenterName":"Lyon"`)
				w.placed(id.Quote(again))
			}
		})
	}
}

// starts has a contract begin on another day, as an import of the CRM's record does: its terms are not revised by that.
func (w *world) starts(c id.Contract, day date.Date) {
	w.t.Helper()
	item, err := w.Table.Get(w.t.Context(), table.Contract(w.Account, c))
	w.must(err)
	row, err := contract.Read(item)
	w.must(err)
	after := row.Contract
	after.Start = day
	ops, err := contract.ChangeOps(w.Account, contract.Change{From: row, To: after})
	w.must(err)
	w.must(w.Table.Write(w.t.Context(), ops...))
}

// A line has at most ten million seats: the cart says so, as the quote does.
func TestALineThatWouldBeTooLargeIsAProblemOfTheCart(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "mail")
	w.put("mail", 10_000_000)
	c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", ""))
	if p := c.Items[0].Problem; p == nil || p.Code != "line_too_large" || c.Items[0].Price != nil {
		t.Errorf("the cart says %+v", c.Items[0])
	}
	w.Want(http.StatusConflict, "line_too_large", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`)
	// More than any line can have is refused with plain figures, in the reader's language.
	for lang, figures := range map[string]string{"en": "10,000,000", "fr": "10\u00a0000\u00a0000"} {
		a := w.Want(http.StatusUnprocessableEntity, "invalid_request", w.buyer, http.MethodPut, w.path+"/cart/items/mail", `{"quantity":1000000000}`, "accept-language", lang)
		says(t, a, figures)
	}
	w.put("mail", 9_999_990)
	w.quoted(`{}`)
}

// Orders are what is billed: who manages billing sees them, and nothing else of the account (FEATURES.md, Rights).
func TestABillingManagerSeesOrders(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.put("phone", 1)
	o := w.placed(w.quoted(`{}`).ID)
	billing, users := w.Member(w.Account, access.BillingManager), w.Member(w.Account)
	says(t, w.Want(http.StatusOK, "", billing, http.MethodGet, w.path+"/orders", ""), string(o.ID))
	says(t, w.Want(http.StatusOK, "", billing, http.MethodGet, w.path+"/orders/"+string(o.ID), ""), string(o.ID))
	w.Want(http.StatusForbidden, "permission_missing", billing, http.MethodGet, w.path+"/cart", "")
	w.Want(http.StatusForbidden, "permission_missing", users, http.MethodGet, w.path+"/orders", "")
}
