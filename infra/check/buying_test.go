package check

import (
	"fmt"
	"net/http"
	"strings"
)

// ofTheVendor are the parts of paths that name what is the vendor's: any account is told of it, and may have it.
var ofTheVendor = []string{"putCartItem path.productId", "removeCartItem path.productId"}

// carried asks for a quote whose one row is carried by a cost center.
func carried(p place, cc string) string {
	return fmt.Sprintf(`{"rows":[{"productId":%q,"costCenterId":%q}]}`, p.product, cc)
}

// splitBody asks for one whose one row is split.
func splitBody(p place, cc string) string {
	return fmt.Sprintf(`{"rows":[{"productId":%q,"split":[{"costCenterId":%q,"quantity":1}]}]}`, p.product, cc)
}

// buying is a cart from its first product to its order, in an account that has no partner.
func (s *story) buying() {
	s.t.Helper()
	p := s.open("Acheteur")
	inside, fresh := "/v1/accounts/"+string(p.account), s.product()
	ask := func(status int, method, path, body string, headers ...string) response {
		s.t.Helper()
		q := request{as: p.buyer, method: method, path: inside + path, body: body, headers: map[string]string{}}
		if len(headers) > 0 {
			q.headers["idempotency-key"] = headers[0]
		}
		return s.want(status, q)
	}
	ask(http.StatusNoContent, http.MethodDelete, "/cart", "")
	s.doAs(p.buyer, http.MethodPost, inside+"/removals", fmt.Sprintf(`{"contractId":%q,"productId":%q,"period":"yearly","quantities":[{"quantity":2}],"confirm":true}`, p.contract, p.product), "idempotency-key", "1")
	s.do(http.MethodPut, "/v1/crm/contracts/"+string(s.crm("800")), fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q},"name":"Second","expiryDate":"2028-01-01","systemsPurchased":1}`, p.owner))
	s.do(http.MethodPut, "/v1/crm/contracts/"+string(s.crm("800")), fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q},"name":"Second","expiryDate":"2028-01-01","systemsPurchased":1}`, p.owner))
	if r := ask(http.StatusUnprocessableEntity, http.MethodPut, "/cart/items/"+fresh, `{"quantity":2}`); r.word("code") != "contract_needed" {
		s.t.Errorf("two contracts could take it, and the answer is %s", r.Body)
	}
	for product, body := range map[string]string{p.product: `{"quantity":4,"period":"yearly"}`, fresh: fmt.Sprintf(`{"quantity":2,"contractId":%q}`, p.contract)} {
		ask(http.StatusOK, http.MethodPut, "/cart/items/"+product, body)
	}
	extra := s.product()
	s.do(http.MethodPut, "/v1/catalog/products/"+extra+"-x", fmt.Sprintf(
		`{"name":{"en":"Booth","fr":"Cabine"},"kind":"add_on","dependsOn":[%q],"prices":[{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1000}]}]}`, p.product))
	ask(http.StatusOK, http.MethodPut, "/cart/items/"+extra+"-x", fmt.Sprintf(`{"quantity":1,"contractId":%q}`, p.contract))
	ask(http.StatusOK, http.MethodDelete, "/cart/items/"+extra+"-x", "")
	ask(http.StatusOK, http.MethodGet, "/cart", "")
	q := ask(http.StatusCreated, http.MethodPost, "/cart/quote", fmt.Sprintf(
		`{"newCostCenterName":"Atelier neuf","rows":[{"productId":%q,"split":[{"costCenterId":%q,"quantity":1},{"newCostCenterName":"workshop","quantity":1},{"quantity":2}]}]}`, p.product, p.costCenter))
	first := ask(http.StatusCreated, http.MethodPost, "/orders", orderBody(p, q.word("id")), "1")
	if again := ask(http.StatusCreated, http.MethodPost, "/orders", orderBody(p, q.word("id")), "1"); again.Body != first.Body {
		s.t.Errorf("the repeat is answered %s, want %s", again.Body, first.Body)
	}
	ask(http.StatusConflict, http.MethodPost, "/orders", orderBody(p, q.word("id")), "2")
	ask(http.StatusOK, http.MethodGet, "/orders/"+first.word("id"), "")
	for _, form := range []string{"text/html", "application/pdf"} {
		statement := request{as: p.buyer, method: http.MethodGet, path: inside + "/orders/" + first.word("id") + "/statement", headers: map[string]string{"accept": form}}
		if r := s.want(http.StatusOK, statement); r.Headers["Content-Type"] != form && !strings.HasPrefix(r.Headers["Content-Type"], form+";") {
			s.t.Errorf("a statement asked for as %s is %s", form, r.Headers["Content-Type"])
		}
	}
	for _, query := range []string{"", "?status=placed"} {
		s.pages(p.buyer, inside+"/orders"+query)
	}
	company, _ := s.partner("Partenaire des achats")
	s.link(p, company)
	ask(http.StatusConflict, http.MethodPut, "/cart/items/"+p.product, `{"quantity":1}`)
}
