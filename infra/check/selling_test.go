package check

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// selling is who sells, what at which price, and to whom: an account with a partner, and one without.
func (s *story) selling(c *customer) {
	s.t.Helper()
	seller := request{as: s.operator, method: http.MethodPut, path: "/v1/catalog/seller",
		body: `{"legalName":"Vendeur SAS","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`}
	if s.send(request{as: s.operator, method: http.MethodGet, path: seller.path}).StatusCode != http.StatusNotFound {
		seller.headers = map[string]string{"if-match": "*"}
	}
	s.want(http.StatusOK, seller)
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: seller.path, headers: map[string]string{"if-match": s.get(s.operator, seller.path).Headers["Etag"]},
		body: `{"legalName":"Vendeur SA","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`})

	product := s.product()
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/catalog/products/" + product, headers: map[string]string{"if-match": "*"},
		body: `{"name":{"en":"Desk","fr":"Poste"},"kind":"product","prices":[{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1200}]}]}`})
	s.pages(s.operator, "/v1/catalog/products/"+product+"/versions")
	unsold := s.product() + "-u"
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/catalog/products/" + unsold, body: `{"name":{"en":"Booth","fr":"Cabine"}}`})
	s.get(s.operator, "/v1/catalog/products/"+unsold+"/versions")
	rows := productTitles + fmt.Sprintf("%[1]s;;;;EUR;mensuel;1;13,50;\n%[1]s-add;Add-on;Complément;complément;EUR;annuel;1;1 250,00;%[1]s\n", product)
	s.counts(s.file("products", rows), map[string]int{"created": 1, "changed": 1})
	s.counts(s.file("products", rows), map[string]int{"unchanged": 2})

	account := "/v1/accounts/" + string(c.account)
	profile := account + "/billing-profile"
	s.want(http.StatusOK, request{as: c.administrator, method: http.MethodPut, path: profile, headers: map[string]string{"if-match": s.get(c.administrator, profile).Headers["Etag"]},
		body: `{"legalName":"Client SARL","street":"2 rue de l’Exemple","city":"Paris","country":"FR","taxNumber":"FR40303265045"}`})
	s.pages(c.administrator, account+"/catalog?q="+product)
	alone := s.open("Boutique")
	if r := s.get(s.member(alone, access.Viewer), "/v1/accounts/"+string(alone.account)+"/catalog?kind=add_on&q="+product); !strings.Contains(r.Body, `"reason":"dependency_missing"`) {
		s.t.Errorf("an add-on to what the account lacks is answered %s", r.Body)
	}
}
