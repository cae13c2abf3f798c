package check

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
)

// reference says how a field is filled that holds an id.
type reference struct {
	// names is the id that the field may hold in a place.
	names func(p place) string
	// body puts an id into an otherwise good body; nil: the field is one of the query. path is the operation's own
	// unless it is given.
	body func(p place, id string) string
	path func(w *town) string
	// tells is set where the caller sees every account, so that the refusal may say whose the id is.
	tells bool
	// outside says why the id is of no account; then there is nothing to try.
	outside string
}

// references are those of all fields of queries and bodies that hold ids, by operation and field.
var references = map[string]reference{
	"listActivity query.subjectId":    {names: func(p place) string { return string(p.contract) }},
	"connectSystems body.systemIds[]": {names: func(p place) string { return string(p.system) }, body: func(_ place, id string) string { return fmt.Sprintf(`{"systemIds":[%q]}`, id) }},
	"addUser body.permissionSetIds[]": {names: setOf, body: func(_ place, id string) string {
		return fmt.Sprintf(`{"name":"Grace","email":"grace@example.com","permissionSetIds":[%q]}`, id)
	}},
	"changeUser body.permissionSetIds[]": {names: setOf, body: func(_ place, id string) string { return fmt.Sprintf(`{"permissionSetIds":[%q]}`, id) }},
	"putSystem body.contractCrmId": {
		names: func(p place) string { return string(p.order) }, tells: true,
		path: func(w *town) string { return "/v1/crm/systems/" + string(w.crm("02i")) },
		body: func(p place, id string) string {
			return fmt.Sprintf(`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Annex","kind":"commercial","contractCrmId":%q}`, p.owner, id)
		},
	},
	// A product's code is the vendor's. It stands with the ids all the same: that another account's contract has a line of
	// one shows nowhere.
	"listUsage query.productId":                     {names: productOf},
	"listUsageHistory query.productId":              {names: productOf},
	"listUsageHistory query.contractId":             {names: contractOf},
	"listSeats query.productId":                     {names: productOf},
	"listSeats query.costCenterId[]":                {names: costCenterOf},
	"changeContractTerms body.limits[].productId":   {names: productOf, body: limitBody},
	"splitLine body.pools[].costCenterId":           {names: costCenterOf, body: poolBody},
	"assignSeats body.userIds[]":                    {names: func(p place) string { return string(p.user) }, body: seatBody},
	"assignSeats body.costCenterId":                 {names: costCenterOf, body: func(p place, id string) string { return fmt.Sprintf(`{"userIds":[%q],"costCenterId":%q}`, p.user, id) }},
	"moveSeat body.costCenterId":                    {names: costCenterOf, body: costCenterBody},
	"changeSeatsOfUser body.add[].productId":        {names: productOf, body: addBody("productId")},
	"changeSeatsOfUser body.add[].contractId":       {names: contractOf, body: addBody("contractId")},
	"changeSeatsOfUser body.add[].costCenterId":     {names: costCenterOf, body: addBody("costCenterId")},
	"assignNextFreeSeat body.productId":             {names: productOf, body: wantBody("productId")},
	"assignNextFreeSeat body.contractId":            {names: contractOf, body: wantBody("contractId")},
	"assignNextFreeSeat body.costCenterId":          {names: costCenterOf, body: wantBody("costCenterId")},
	"putCartItem body.contractId":                   {names: contractOf, body: func(_ place, id string) string { return fmt.Sprintf(`{"quantity":1,"contractId":%q}`, id) }},
	"quoteCart body.costCenterId":                   {names: costCenterOf, body: costCenterBody},
	"quoteCart body.rows[].productId":               {names: productOf, body: func(_ place, id string) string { return fmt.Sprintf(`{"rows":[{"productId":%q}]}`, id) }},
	"quoteCart body.rows[].costCenterId":            {names: costCenterOf, body: carried},
	"quoteCart body.rows[].split[].costCenterId":    {names: costCenterOf, body: splitBody},
	"placeOrder body.quoteId":                       {names: func(p place) string { return string(p.quote) }, body: orderBody},
	"listServices query.contractId":                 {names: contractOf},
	"listServices query.productId":                  {names: productOf},
	"removeLicences body.contractId":                {names: contractOf, body: removed("contractId")},
	"removeLicences body.productId":                 {names: productOf, body: removed("productId")},
	"removeLicences body.quantities[].costCenterId": {names: costCenterOf, body: removed("costCenterId")},
	"putRequestIntoCart body.contractId":            {names: contractOf, body: func(_ place, id string) string { return fmt.Sprintf(`{"contractId":%q}`, id) }},
	"sendRequest body.items[].contractId":           {names: contractOf, body: func(p place, id string) string { return requestBody(p, "contractId", id) }},
	"sendRequest body.items[].productId":            {outside: "the catalog is the vendor's, and whoever may ask may ask for all of it"},
	"putProduct body.features[].id":                 {outside: "it names a feature of the product alone"},
	"putContract body.account.crmId":                {outside: "it says whose the contract is, and the CRM may say any account"},
	"putSystem body.accountCrmId":                   {outside: "it says whose the system is, and the CRM may say any account"},
	"listVendorActivity query.subjectId":            {outside: "what is recorded under the vendor is of no account"},
	"linkPartner body.partnerId":                    {outside: "partners are the vendor's, and operators alone link them"},
}

// removed is removeBody, and writes nothing.
func removed(field string) func(p place, id string) string {
	return func(p place, id string) string { return removeBody(p, field, id, false) }
}

func setOf(p place) string { return string(p.set) }

func productOf(p place) string { return p.product }

func contractOf(p place) string { return string(p.contract) }

func costCenterOf(p place) string { return string(p.costCenter) }

// attempt is one id that an operation is sent: where it stands, and the request with any id there.
type attempt struct {
	field string
	names func(p place) string
	with  func(id string) request
	tells bool
}

// attempts are all ids that an operation is sent beside the account or partner whose things it is about: those of its
// path, and those that the OpenAPI document shows in its query and body.
func (w *town) attempts(t *testing.T, op served, d described, home place) []attempt {
	t.Helper()
	base := w.ask(t, op, d, home, access.Subject{})
	delete(base.headers, "idempotency-key") // the same body twice would be answered from the key
	var all []attempt
	whole := true // the first id of a path is whose things the others are
	for i, part := range strings.Split(op.Path, "/") {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		if whole {
			whole = false
			continue
		}
		if slices.Contains(ofTheVendor, op.ID+" path."+strings.Trim(part, "{}")) {
			continue
		}
		all = append(all, attempt{field: "path." + strings.Trim(part, "{}"),
			names: func(p place) string { return strings.Split(pathOf(t, op, p), "/")[i] },
			with: func(id string) request {
				q, parts := base, strings.Split(base.path, "/")
				parts[i] = id
				q.path = strings.Join(parts, "/")
				return q
			}})
	}
	for _, field := range d.ids {
		r, ok := references[op.ID+" "+field]
		switch {
		case !ok:
			t.Errorf("%s takes an id in %s, and nobody knows which: say it in references", op.ID, field)
		case r.outside != "":
			if members := []access.Permission{access.View, access.ManageSystems, access.ManageLicences, access.ManageUsers, access.ManageBilling, access.ManageData, access.ManageTerms}; slices.Contains(members, op.Needs) {
				t.Errorf("%s: %s is said to be of no account, but others than operators send it", op.ID, field)
			}
		default:
			all = append(all, attempt{field, r.names, func(id string) request {
				q := base
				if r.path != nil {
					q.path = r.path(w)
				}
				if r.body == nil {
					q.path += "?" + strings.TrimSuffix(strings.TrimPrefix(field, "query."), "[]") + "=" + url.QueryEscape(id)
				} else {
					q.body = r.body(home, id)
				}
				return q
			}, r.tells})
		}
	}
	return all
}

// partitions are those that hold what a place's account and company have: of every pattern that template.yaml lets a
// function touch.
func (p place) partitions(t *testing.T) []string {
	t.Helper()
	owners := map[string]string{
		"ACCOUNT": string(p.account), "SETTINGS": string(p.account), "PARTNER": string(p.company), "STAFF": string(p.company),
		"IDENT": "", "INVITE": "", "DIRECTORY": "", "CRM": "", "VENDOR": "", "CATALOG": "", "DUE": "", // of nobody in particular
	}
	var all []string
	for _, r := range roles(t) {
		for _, g := range r {
			for pattern := range g.keys {
				noun, _, _ := strings.Cut(pattern, "#")
				owner, known := owners[noun]
				partition := strings.Replace(pattern, "*", owner, 1)
				partition = strings.Replace(partition, "#ACT#*", "#ACT#"+t0.Format("200601"), 1)
				switch {
				case !known || owner != "" && strings.Contains(partition, "*"):
					t.Fatalf("the partitions %s hold something of somebody, and nobody knows whose: say it in place.partitions", pattern)
				case owner != "" && !slices.Contains(all, partition):
					all = append(all, partition)
				}
			}
		}
	}
	return all
}

// rows are all rows of the accounts and companies of some places, by key.
func (w *town) rows(t *testing.T, places ...place) map[string]map[string]any {
	t.Helper()
	client, name := enginetest.Open(t)
	all := map[string]map[string]any{}
	for _, p := range places {
		for _, partition := range p.partitions(t) {
			pages := dynamodb.NewQueryPaginator(client, &dynamodb.QueryInput{
				TableName: &name, KeyConditionExpression: new("PK = :pk"), ConsistentRead: new(true),
				ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: partition}},
			})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				w.must(err)
				for _, item := range page.Items {
					var row map[string]any
					w.must(attributevalue.UnmarshalMap(item, &row))
					all[fmt.Sprint(row["PK"], " ", row["SK"])] = row
				}
			}
		}
	}
	if len(all) < len(places) {
		t.Fatalf("%d rows of %d places: they are looked for in the wrong place", len(all), len(places))
	}
	return all
}
