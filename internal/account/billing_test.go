package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
)

const billed = `{"legalName":"Clinique SAS","street":"2 rue de l’Exemple","postalCode":"75001","city":"Paris","country":"FR","taxNumber":"fr 40 303.265.045","email":"factures@example.com"}`

// Who manages billing sees and sets who is billed, and so do operators; nobody else.
func TestWhoIsBilledIsSetByThoseWhoManageBilling(t *testing.T) {
	o := apitest.New(t)
	account.Register(o.API, o.Accounts, activity.NewStore(o.Table), nil)
	path, biller := "/v1/accounts/"+string(o.Account)+"/billing-profile", o.Member(o.Account, access.BillingManager)
	empty := o.Want(http.StatusOK, "", biller, "GET", path, "")
	if empty.Word("legalName") != "" || empty.Word("country") != "" || empty.Headers["Etag"] != `"1"` {
		t.Errorf("at first it is %s with the ETag %s", empty.Body, empty.Headers["Etag"])
	}
	o.Want(http.StatusPreconditionRequired, "if_match_required", biller, "PUT", path, billed)
	o.Want(http.StatusPreconditionFailed, "stale", biller, "PUT", path, billed, "if-match", `"2"`)
	set := o.Want(http.StatusOK, "", biller, "PUT", path, billed, "if-match", `"1"`)
	if set.Word("taxNumber") != "FR40303265045" || set.Headers["Etag"] != `"2"` {
		t.Errorf("set it is %s with the ETag %s", set.Body, set.Headers["Etag"])
	}
	if got := o.Want(http.StatusOK, "", o.Operator(), "GET", path, ""); got.Body != set.Body {
		t.Errorf("an operator reads %s", got.Body)
	}
	a, err := o.Accounts.Get(t.Context(), o.Account)
	if err != nil || !a.Billing.Given() || a.Billing.Tax().TaxNumber != "FR40303265045" || a.Billing.Tax().Country != "FR" {
		t.Errorf("the account has %+v (%v)", a.Billing, err)
	}
	abroad := `{"legalName":"Clinic Ltd","street":"3 Example Street","city":"Leeds","country":"GB","taxNumber":"any 1"}`
	if got := o.Want(http.StatusOK, "", o.Operator(), "PUT", path, abroad, "if-match", "*"); got.Word("taxNumber") != "ANY1" || got.Word("postalCode") != "" {
		t.Errorf("set as a whole it is %s", got.Body)
	}
	found, _, err := activity.NewStore(o.Table).List(t.Context(), o.Account, string(o.Account), o.Now, o.Now.Add(time.Hour), nil, 10)
	if err != nil || len(found) != 2 || found[0].Action != activity.AccountChanged || found[0].Before["billing.country"] != "FR" || found[0].After["billing.country"] != "GB" {
		t.Errorf("recorded %+v (%v)", found, err)
	}
	for _, role := range []access.Role{access.Viewer, access.LicenceManager, access.UserManager} {
		other := o.Member(o.Account, role)
		o.Want(http.StatusForbidden, "permission_missing", other, "GET", path, "")
		o.Want(http.StatusForbidden, "permission_missing", other, "PUT", path, billed, "if-match", "*")
	}
	stranger := o.Member(o.Another(), access.SuperAdministrator)
	o.Want(http.StatusNotFound, "not_found", stranger, "GET", path, "")
	o.Want(http.StatusNotFound, "not_found", stranger, "PUT", path, billed, "if-match", "*")
}

func TestWhoIsBilledIsRefusedWhereItIsWrong(t *testing.T) {
	o := apitest.New(t)
	account.Register(o.API, o.Accounts, activity.NewStore(o.Table), nil)
	path, biller := "/v1/accounts/"+string(o.Account)+"/billing-profile", o.Member(o.Account, access.BillingManager)
	for change, want := range map[[2]string]string{
		{"Clinique SAS", ""}:                                 "body.legalName too_short",
		{"Clinique SAS", " \u200b"}:                          "body.legalName required",
		{`"city":"Paris",`, ``}:                              "body.city required",
		{`"FR"`, `"UK"`}:                                     "body.country country_unknown",
		{`"FR"`, `"DE"`}:                                     "body.taxNumber tax_number_malformed",
		{"40 303", "41 303"}:                                 "body.taxNumber tax_number_malformed",
		{"factures@example.com", "factures"}:                 "body.email not_an_email",
		{"factures@example.com", "F <factures@example.com>"}: "body.email not_an_email",
	} {
		got := o.Want(http.StatusUnprocessableEntity, "invalid_request", biller, "PUT", path, strings.Replace(billed, change[0], change[1], 1), "if-match", "*")
		list, _ := got.Document["errors"].([]any)
		first, _ := list[0].(map[string]any)
		if first["location"].(string)+" "+first["code"].(string) != want {
			t.Errorf("%q: %v, want %s", change, first, want)
		}
	}
}
