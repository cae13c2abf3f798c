package check

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// tell goes once through everything that the functions do, in the order in which it happens to a customer.
func (s *story) tell() {
	s.t.Helper()
	c := s.importing()
	s.managing(c)
	s.importingChanges(c)
	s.reading(c)
	s.connecting(c)
	s.granting(c)
	s.seating(c)
	s.employing(c)
	s.importingPeople(c)
	s.takingAway(c)
	s.selling(c)
	s.shrinking()
	s.buying()
	s.staffing()
	s.firstSignIn(c.place)
}

// customer is an account with what the story knows of it.
type customer struct {
	place              // its account, its first contract, the system that is on none
	name               string
	crm                id.CRM
	first, second      id.CRM // contracts
	archive, warehouse id.CRM // systems on the first
	administrator      access.Subject
	expired, other     id.Contract
}

func (s *story) file(kind, rows string) response {
	s.t.Helper()
	return s.want(http.StatusOK, request{as: s.operator, method: http.MethodPost, path: "/v1/crm/imports?kind=" + kind, body: rows})
}

// counts holds the answer to an import to what became of its rows.
func (s *story) counts(r response, want map[string]int) {
	s.t.Helper()
	for _, name := range []string{"created", "changed", "unchanged", "skipped", "rejected"} {
		if got, _ := r.document[name].(float64); int(got) != want[name] {
			s.t.Fatalf("%s is %v, want %d: %s", name, got, want[name], r.Body)
		}
	}
}

// importing takes over a customer with two contracts, one of them expired, and systems on and off the first. More are on
// it than were purchased, so that there is something to count and to warn of.
func (s *story) importing() *customer {
	s.t.Helper()
	c := &customer{name: "Société " + rand.Text(), crm: s.crm("001"), first: s.crm("800"), second: s.crm("800"), archive: s.crm("02i"), warehouse: s.crm("02i")}
	contracts := contractTitles +
		fmt.Sprintf("%s;%s;%s;Bon de commande;01/01/2025;01/01/2028;1;connect;10\n", c.crm, c.name, c.first) +
		fmt.Sprintf("%s;%s;%s;Bon de commande;01/01/2025;01/01/2028;1;reports;\n", c.crm, c.name, c.first) +
		fmt.Sprintf("%s;%s;%s;Ancien contrat;01/01/2024;01/01/2026;4;connect;5\n", c.crm, c.name, c.second)
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPost, path: "/v1/crm/imports?kind=contracts&dryRun=true", body: contracts})
	s.counts(s.file("contracts", contracts), map[string]int{"created": 3})
	s.counts(s.file("contracts", contracts), map[string]int{"unchanged": 3})
	refused := s.crm("800")
	s.counts(s.file("contracts", contractTitles+fmt.Sprintf("%s;%s;%s;Sans date;01/01/2025;31/02/2028;1;connect;10\n", c.crm, c.name, refused)), map[string]int{"rejected": 1})

	spare := s.crm("02i")
	s.counts(s.file("systems", systemTitles+
		fmt.Sprintf("%s;%s;Archives;https://archives.example.com/;Commercial;%s\n", c.crm, c.archive, c.first)+
		fmt.Sprintf("%s;%s;Entrepôt;;Commercial;%s\n", c.crm, c.warehouse, c.first)+
		fmt.Sprintf("%s;%s;Essai;;Essai;\n", c.crm, s.crm("02i"))+
		fmt.Sprintf("%s;%s;Sans contrat;;Commercial;%s\n", c.crm, s.crm("02i"), refused)+
		fmt.Sprintf("%s;%s;Réserve;;Commercial;\n", c.crm, spare)), map[string]int{"created": 5})

	c.account = s.accountNamed(c.name)
	c.administrator = s.member(c.place, access.Administrator)
	inside := "/v1/accounts/" + string(c.account)
	c.contract = id.Contract(s.only(c.administrator, inside+"/contracts?q="+string(c.first)))
	c.expired = id.Contract(s.only(c.administrator, inside+"/contracts?status=expired"))
	c.system = id.System(s.only(c.administrator, inside+"/systems?q="+string(spare)))

	one := s.crm("800")
	r := s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/crm/contracts/" + string(one), body: fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q,"name":%q},"name":"Autre contrat","expiryDate":"2029-01-01","systemsPurchased":3,"lines":[{"product":"connect","seats":5}]}`, c.crm, c.name)})
	c.other = id.Contract(r.word("id"))
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/crm/systems/" + string(s.crm("02i")), body: fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Atelier","kind":"commercial","contractCrmId":%q}`, c.crm, one)})
	return c
}

func (s *story) accountNamed(name string) id.Account {
	s.t.Helper()
	return id.Account(s.only(s.operator, "/v1/accounts?q="+url.QueryEscape(name)))
}

// only is the id of the one thing that a listing has.
func (s *story) only(as access.Subject, path string) string {
	s.t.Helper()
	var page struct{ Items []struct{ ID string } }
	r := s.get(as, path)
	s.must(json.Unmarshal([]byte(r.Body), &page))
	if len(page.Items) != 1 {
		s.t.Fatalf("%s lists %d, want one: %s", path, len(page.Items), r.Body)
	}
	return page.Items[0].ID
}

// managing is what operators do to accounts and partners, and what each kind of caller is told of themselves.
func (s *story) managing(c *customer) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	name := "Partenaire " + rand.Text()
	made := request{as: s.operator, method: http.MethodPost, path: "/v1/partners", body: fmt.Sprintf(`{"name":%q,"contact":{}}`, name), headers: map[string]string{"idempotency-key": "1"}}
	partner := s.want(http.StatusCreated, made).word("id")
	if again := s.want(http.StatusCreated, made); again.word("id") != partner {
		s.t.Errorf("the repeat made another partner: %s", again.Body)
	}
	second, staff := s.partner("Second " + name)
	s.only(s.operator, "/v1/partners?q="+url.QueryEscape(name))

	tag := s.get(s.operator, account).Headers["Etag"]
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPatch, path: account, body: `{"timeZone":"Pacific/Auckland"}`, headers: map[string]string{"if-match": tag}})
	for _, to := range []string{`"` + partner + `"`, "null", `"` + partner + `"`, `"` + string(second) + `"`} {
		s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: account + "/partner", body: `{"partnerId":` + to + `}`})
	}
	for _, who := range []access.Subject{staff, s.operator} {
		s.only(who, "/v1/partners/"+string(second)+"/accounts")
		s.get(who, "/v1/partners/"+string(second))
	}
	for _, who := range []access.Subject{c.administrator, staff, s.operator} {
		s.pages(who, "/v1/me")
		s.get(who, account+"/me")
		s.get(who, account)
	}
	s.pages(c.administrator, account+"/activity")
	s.pages(c.administrator, account+"/activity?subjectId="+string(c.contract))
	s.pages(c.administrator, account+"/activity?subjectId="+string(c.system))
	s.pages(c.administrator, account+"/activity?month=2026-11&kind=account")
	s.get(s.operator, "/v1/activity")
	s.pages(s.operator, "/v1/activity?subjectId="+partner)
	s.get(s.operator, "/v1/activity?month=2026-11&kind=partner")
}

// importingChanges is what the CRM says later: other names, of an account that is on a partner's desk too, other
// limits, and systems that moved.
func (s *story) importingChanges(c *customer) {
	s.t.Helper()
	s.counts(s.file("contracts", contractTitles+
		fmt.Sprintf("%s;Nouvelle %s;%s;Bon modifié;01/01/2025;01/01/2029;2;connect;12\n", c.crm, c.name, c.first)), map[string]int{"changed": 1})
	s.counts(s.file("systems", systemTitles+
		fmt.Sprintf("%s;%s;Archives;;Commercial;%s\n", c.crm, c.archive, c.second)+
		fmt.Sprintf("%s;%s;Entrepôt Nord;;Commercial;\n", c.crm, c.warehouse)), map[string]int{"changed": 2})
	s.accountNamed("Nouvelle " + c.name)
}

// reading is every listing in every order, and with words to search for.
func (s *story) reading(c *customer) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	for _, order := range []string{"status", "name", "expiryDate", "systems"} {
		for _, sign := range []string{"", "-"} {
			for _, filter := range []string{"", "&status=active", "&status=expired", "&q=bon", "&status=expired&q=contrat"} {
				s.pages(c.administrator, account+"/contracts?orderBy="+sign+order+filter)
			}
		}
	}
	s.get(c.administrator, account+"/contracts/"+string(c.contract))
	s.pages(c.administrator, account+"/alerts")
	for _, mapping := range []string{"unmapped", "mapped", "all"} {
		s.pages(c.administrator, account+"/systems?mapping="+mapping)
		s.pages(c.administrator, account+"/systems?q=archives&mapping="+mapping)
	}
	for _, on := range []id.Contract{c.contract, c.expired} {
		s.pages(c.administrator, account+"/contracts/"+string(on)+"/systems")
	}
}

// connecting puts more systems on a contract than were purchased, so that the list warns; another contract is in the
// way of one of them; and takes one off.
func (s *story) connecting(c *customer) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/crm/contracts/" + string(c.first), body: fmt.Sprintf(
		`{"changedAt":%q,"account":{"crmId":%q},"name":"Bon modifié","startDate":"2025-01-01","expiryDate":"2029-01-01","systemsPurchased":0}`, s.now.Format("2006-01-02T15:04:05Z"), c.crm)})
	systems := account + "/contracts/" + string(c.contract) + "/systems"
	connect := request{as: c.administrator, method: http.MethodPost, path: systems, body: fmt.Sprintf(`{"systemIds":[%q]}`, c.system), headers: map[string]string{"idempotency-key": "1"}}
	first := s.want(http.StatusOK, connect)
	if again := s.want(http.StatusOK, connect); again.Body != first.Body {
		s.t.Errorf("the repeat is answered %s, want %s", again.Body, first.Body)
	}
	elsewhere := request{as: c.administrator, method: http.MethodPost, path: account + "/contracts/" + string(c.other) + "/systems", body: connect.body}
	if r := s.want(http.StatusConflict, elsewhere); !strings.Contains(r.word("detail"), "Bon modifié") {
		s.t.Errorf("the contract in the way is not named: %s", r.Body)
	}
	if r := s.get(c.administrator, account+"/contracts"); r.word("banner", "code") == "" || !strings.HasPrefix(r.word("banner", "contact", "name"), "Second") {
		s.t.Errorf("no banner that names the partner: %s", r.Body)
	}
	s.want(http.StatusNoContent, request{as: c.administrator, method: http.MethodDelete, path: systems + "/" + string(c.system)})
}

// granting is a permission set from its first day to its last, and what somebody sets for themselves.
func (s *story) granting(c *customer) {
	s.t.Helper()
	sets := "/v1/accounts/" + string(c.account) + "/permission-sets"
	make := request{as: c.administrator, method: http.MethodPost, path: sets, body: `{"name":"Achats","permissions":["view","manage_licences"]}`, headers: map[string]string{"idempotency-key": "1"}}
	one := s.want(http.StatusCreated, make).word("id")
	if again := s.want(http.StatusCreated, make); again.word("id") != one {
		s.t.Errorf("the repeat made another set: %s", again.Body)
	}
	for _, change := range []request{
		{method: http.MethodPatch, body: `{"permissions":["view","manage_billing"]}`},
		{method: http.MethodDelete},
	} {
		change.as, change.path, change.headers = c.administrator, sets+"/"+one, map[string]string{"if-match": s.get(c.administrator, sets).Headers["Etag"]}
		s.want(map[string]int{http.MethodPatch: http.StatusOK, http.MethodDelete: http.StatusNoContent}[change.method], change)
	}
	s.want(http.StatusOK, request{as: c.administrator, method: http.MethodPatch, path: "/v1/me", body: `{"language":"en"}`})
}

// employing is a person from their first day to their last, before and after they sign in.
func (s *story) employing(c *customer) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	who := s.subject()
	who.Email = strings.ToLower(who.ID) + "@example.com"
	add := request{as: s.operator, method: http.MethodPost, path: account + "/users", body: `{"name":"Zoé Petit","email":"zoe@example.com","roles":["super_administrator"]}`, headers: map[string]string{"idempotency-key": "1"}}
	one := s.want(http.StatusCreated, add).word("id")
	if again := s.want(http.StatusCreated, add); again.word("id") != one {
		s.t.Errorf("the repeat added another person: %s", again.Body)
	}
	path := account + "/users/" + one
	change := func(body string) {
		s.t.Helper()
		tag := s.get(s.operator, path).Headers["Etag"]
		s.want(http.StatusOK, request{as: s.operator, method: http.MethodPatch, path: path, body: body, headers: map[string]string{"if-match": tag}})
	}
	s.want(http.StatusCreated, request{as: s.operator, method: http.MethodPost, path: account + "/users", body: `{"name":"Yann Roux","email":"yann@example.com","roles":["super_administrator"]}`})
	change(`{"name":"Zoé Grand"}`)
	change(fmt.Sprintf(`{"email":%q}`, who.Email))
	change(`{"state":"deactivated"}`)
	change(`{"state":"active"}`)
	invite := request{as: s.operator, method: http.MethodPost, path: path + "/invitation", headers: map[string]string{"idempotency-key": "1"}}
	s.want(http.StatusNoContent, invite)
	s.want(http.StatusNoContent, invite)
	s.get(who, account+"/me")
	change(`{"roles":["view"]}`)
	s.managed(c, path)
	change(`{"state":"deactivated"}`)
	s.want(http.StatusNotFound, request{as: who, method: http.MethodGet, path: account + "/me"})
	s.pages(c.administrator, account+"/users")
	s.pages(c.administrator, account+"/users?q=zo")
}

// managed is a person who is changed by a member, whose rights come from a permission set.
func (s *story) managed(c *customer, path string) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	set := s.want(http.StatusCreated, request{as: c.administrator, method: http.MethodPost, path: account + "/permission-sets", body: `{"name":"Accueil","permissions":["view","manage_users"]}`}).word("id")
	manager := s.subject()
	manager.Email = strings.ToLower(manager.ID) + "@example.com"
	s.want(http.StatusCreated, request{as: c.administrator, method: http.MethodPost, path: account + "/users", body: fmt.Sprintf(`{"name":"Luc Roy","email":%q,"permissionSetIds":[%q]}`, manager.Email, set)})
	s.want(http.StatusOK, request{as: manager, method: http.MethodPatch, path: path, body: `{"roles":["view","manage_users"]}`, headers: map[string]string{"if-match": "*"}})
}

// importingPeople takes people over, then what the CRM says later: other names and rights, of somebody who has signed
// in and of somebody who has not.
func (s *story) importingPeople(c *customer) {
	s.t.Helper()
	who := s.subject()
	who.Email = strings.ToLower(who.ID) + "@example.com"
	row := func(email, name, roles string) string {
		return fmt.Sprintf("%s;%s;%s;;fr;%s\n", c.crm, email, name, roles)
	}
	s.counts(s.file("users", userTitles+row(who.Email, "Nina Blanc", "gérer les utilisateurs")+row("noe@example.com", "Noé Blanc", "administrateur|super administrateur")), map[string]int{"created": 2})
	s.get(who, "/v1/accounts/"+string(c.account)+"/me")
	later := userTitles + row(who.Email, "Nina Brun", "consulter") + row("noe@example.com", "Noé Brun", "administrateur")
	s.counts(s.file("users", later), map[string]int{"changed": 2})
	s.counts(s.file("users", later), map[string]int{"unchanged": 2})
	gone := "/v1/accounts/" + string(c.account) + "/users/" + s.only(s.operator, "/v1/accounts/"+string(c.account)+"/users?q=noe@example.com")
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPatch, path: gone, body: `{"state":"deactivated"}`, headers: map[string]string{"if-match": "*"}})
	s.counts(s.file("users", userTitles+row("noe@example.com", "Noé Vert", "administrateur")), map[string]int{"changed": 1})
}
