package check

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// The first lines of a CRM's files.
const (
	contractTitles = "ID du compte;Nom du compte;ID du contrat;Nom du contrat;Date de début du contrat;Date de fin du contrat;Systèmes achetés;Code produit;Nombre de sièges\n"
	systemTitles   = "ID du compte;ID de l’actif;Nom de l’actif;URL;Type;ID du contrat\n"
	userTitles     = "ID du compte;Adresse e-mail;Nom;Poste;Langue;Rôles\n"
	productTitles  = "Code produit;Nom (anglais);Nom (français);Nature;Devise;Période;À partir de;Prix unitaire;Dépend de\n"
)

// example is how an operation is asked for something that succeeds in a place that town.open made.
type example struct {
	// first does what must have happened; nil: nothing.
	first func(w *town, p place)
	// path is nil where what the place has fills the operation's own.
	path func(w *town, p place) string
	// body is nil where none is sent.
	body func(p place) string
	// alone is what an account does that has no partner; one that has is refused.
	alone bool
	// keyed is asked for with an Idempotency-Key, which the operation requires of such a body alone.
	keyed bool
}

// examples are those of all operations that change something.
var examples = map[string]example{
	"changeAccount": {body: func(place) string { return `{"timeZone":"Pacific/Auckland"}` }},
	"linkPartner":   {body: func(p place) string { return fmt.Sprintf(`{"partnerId":%q}`, p.company) }},
	"putBillingProfile": {body: func(place) string {
		return `{"legalName":"Atelier SAS","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`
	}},
	"removeLicences":     {alone: true, keyed: true, body: func(p place) string { return removeBody(p, "contractId", string(p.contract), true) }},
	"withdrawRemoval":    {alone: true},
	"sendRequest":        {body: func(p place) string { return requestBody(p, "productId", p.product) }},
	"putRequestIntoCart": {alone: true},
	"answerRequest":      {body: func(place) string { return `{"state":"answered"}` }},
	"putCartItem":        {alone: true, body: func(place) string { return `{"quantity":2}` }},
	"removeCartItem":     {alone: true},
	"emptyCart":          {alone: true},
	"quoteCart":          {alone: true, body: func(place) string { return `{}` }},
	"placeOrder":         {alone: true, body: func(p place) string { return orderBody(p, string(p.quote)) }},
	"putSeller": {body: func(place) string {
		return `{"legalName":"Vendeur SAS","street":"1 rue de l’Exemple","city":"Nantes","country":"FR"}`
	}},
	"createPermissionSet": {body: func(place) string { return `{"name":"Buyers","permissions":["view"]}` }},
	"changePermissionSet": {body: func(place) string { return `{"name":"Others"}` }},
	"deletePermissionSet": {},
	"addUser":             {body: func(place) string { return `{"name":"Grace","email":"grace@example.com"}` }},
	"changeUser":          {body: func(place) string { return `{"name":"Augusta"}` }},
	"resendInvitation":    {},
	"eraseUser":           {first: erasable, body: func(place) string { return `{"email":"ada@example.com"}` }},
	"startExport":         {},
	"connectSystems":      {body: connectBody},
	"disconnectSystem": {first: func(w *town, p place) {
		w.do("POST", "/v1/accounts/"+string(p.account)+"/contracts/"+string(p.contract)+"/systems", connectBody(p))
	}},
	"changeContractTerms": {body: func(p place) string { return limitBody(p, p.product) }},
	"splitLine":           {body: func(p place) string { return poolBody(p, string(p.costCenter)) }},
	"createCostCenter":    {body: func(place) string { return `{"name":"Office"}` }},
	"changeCostCenter":    {body: func(place) string { return `{"name":"Store"}` }},
	"assignSeats":         {body: func(p place) string { return seatBody(p, string(p.user)) }},
	"removeSeat":          {first: seated},
	"moveSeat":            {first: seated, body: func(p place) string { return costCenterBody(p, string(p.costCenter)) }},
	"changeSeatsOfUser":   {body: func(p place) string { return addBody("productId")(p, p.product) }},
	"assignNextFreeSeat":  {body: func(p place) string { return wantBody("productId")(p, p.product) }},
	"changeQueuesOfUser":  {body: func(place) string { return `{"add":[{"type":"call","name":"Front desk"}]}` }},

	"changeMe":           {body: func(place) string { return `{"language":"en"}` }},
	"createPartner":      {body: func(p place) string { return fmt.Sprintf(`{"name":"Partner %s","contact":{}}`, p.account) }},
	"addPartnerStaff":    {body: hireBody},
	"removePartnerStaff": {},
	"addOperator":        {body: hireBody},
	"removeOperator":     {},
	"putProduct":         {body: func(place) string { return `{"name":{"en":"Chair","fr":"Chaise"}}` }},
	"importFile": {
		path: func(*town, place) string { return "/v1/crm/imports?kind=contracts" },
		body: func(p place) string {
			return contractTitles + fmt.Sprintf("%s;Société;%s;Bon modifié;01/01/2025;01/01/2029;2;%s;12\n", p.owner, p.order, p.product)
		},
	},
	"putContract": {
		path: func(_ *town, p place) string { return "/v1/crm/contracts/" + string(p.order) },
		body: func(p place) string {
			return fmt.Sprintf(`{"changedAt":"2026-11-20T08:00:00Z","account":{"crmId":%q},"name":"Order","expiryDate":"2029-01-01","systemsPurchased":2,"lines":[{"product":%q,"seats":6}]}`, p.owner, p.product)
		},
	},
	"putSystem": {
		path: func(w *town, _ place) string { return "/v1/crm/systems/" + string(w.crm("02i")) },
		body: func(p place) string {
			return fmt.Sprintf(`{"changedAt":"2026-11-20T08:00:00Z","accountCrmId":%q,"name":"Annex","kind":"commercial","contractCrmId":%q}`, p.owner, p.order)
		},
	},
}

// erasable has the place's person leave, as who is to be erased must have.
func erasable(w *town, p place) {
	w.doAs(w.operator, "PATCH", "/v1/accounts/"+string(p.account)+"/users/"+string(p.user), `{"state":"deactivated"}`, "if-match", "*")
}

// hireBody is somebody whom no other place knows.
func hireBody(p place) string {
	return fmt.Sprintf(`{"name":"Ada","email":"%s@example.com"}`, strings.ToLower(string(p.account)))
}

func limitBody(_ place, product string) string {
	return fmt.Sprintf(`{"limits":[{"productId":%q,"limit":7}]}`, product)
}

func poolBody(_ place, cc string) string {
	return fmt.Sprintf(`{"pools":[{"costCenterId":%q,"purchased":1}]}`, cc)
}

func seatBody(_ place, u string) string { return fmt.Sprintf(`{"userIds":[%q]}`, u) }

func costCenterBody(_ place, cc string) string { return fmt.Sprintf(`{"costCenterId":%q}`, cc) }

// wantBody asks for a seat of the place's product, with an id in one of the fields that say which.
func wantBody(field string) func(p place, id string) string {
	return func(p place, id string) string {
		if field == "productId" {
			return fmt.Sprintf(`{"productId":%q}`, id)
		}
		return fmt.Sprintf(`{"productId":%q,%q:%q}`, p.product, field, id)
	}
}

// addBody is wantBody among several.
func addBody(field string) func(p place, id string) string {
	return func(p place, id string) string { return `{"add":[` + wantBody(field)(p, id) + `]}` }
}

// seated has the place's person sit on its line.
func seated(w *town, p place) { w.do("POST", p.line()+"/seats", seatBody(p, string(p.user))) }

func connectBody(p place) string { return fmt.Sprintf(`{"systemIds":[%q]}`, p.system) }

// ask is the operation's example in a place, with an If-Match that any revision meets and a key where one is taken.
func (w *town) ask(t testing.TB, op served, d described, p place, as access.Subject) request {
	t.Helper()
	q := request{as: as, method: op.Method, path: pathOf(t, op, p), headers: map[string]string{}}
	e, ok := examples[op.ID]
	if e.body != nil {
		q.body = e.body(p)
	}
	if e.path != nil {
		q.path = e.path(w, p)
	}
	if !ok && op.Method != http.MethodGet {
		t.Fatalf("%s changes something, and nobody knows how it is asked to: say it in examples", op.ID)
	}
	if d.matches() {
		q.headers["if-match"] = "*"
	}
	if d.keyed() {
		q.headers["idempotency-key"] = "one"
	}
	return q
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// pathOf fills an operation's path with what is there, so that nothing but the caller can be the reason of a 404.
func pathOf(t testing.TB, op served, p place) string {
	t.Helper()
	return parameter.ReplaceAllStringFunc(op.Path, func(braced string) string {
		switch name := parameter.FindStringSubmatch(braced)[1]; name {
		case "accountId":
			return string(p.account)
		case "contractId":
			return string(p.contract)
		case "systemId":
			return string(p.system)
		case "userId":
			return string(p.user)
		case "productId":
			return p.product
		case "costCenterId":
			return string(p.costCenter)
		case "removalId":
			return string(p.removal)
		case "exportId":
			return string(p.export)
		case "requestId":
			return string(p.request)
		case "partnerId":
			return string(p.company)
		case "staffId":
			if strings.HasPrefix(op.Path, "/v1/operators") {
				return string(p.operator)
			}
			return string(p.staff)
		case "permissionSetId":
			return string(p.set)
		case "orderId":
			return string(p.bought)
		case "crmId":
			return "800L2cEpVZzAQlx"
		default:
			t.Fatalf("%s has a path parameter that this test knows no value for: say in pathOf what {%s} is, and make one in town.open", op.Path, name)
			return ""
		}
	})
}
