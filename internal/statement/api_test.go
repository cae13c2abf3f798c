package statement_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/statement"
	print "github.com/seatkeeper/seatkeeper/internal/statement/pdf"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// office is an account that ordered something, and the API of statements.
type office struct {
	*apitest.Office
	order order.Order
}

func newOffice(t *testing.T, press statement.Press) office {
	t.Helper()
	o := office{apitest.New(t), twoProducts()}
	statement.Register(o.API, order.NewStore(o.Table, o.IDs, catalog.NewStore(o.Table, o.IDs)).Get, press)
	o.order.ID = id.New[id.Order](o.IDs, placed)
	item, err := table.Encode(o.order)
	if err == nil {
		err = o.Table.Write(t.Context(), table.Put(table.Order(o.Account, o.order.ID), item, table.Absent()))
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o office) path(a id.Account, ordered id.Order) string {
	return "/v1/accounts/" + string(a) + "/orders/" + string(ordered) + "/statement"
}

func TestAStatementIsDownloadedOrPrintedInTheReadersLanguage(t *testing.T) {
	o := newOffice(t, print.Press())
	who, path := o.Member(o.Account, access.Viewer), o.path(o.Account, o.order.ID)
	for l, name := range map[text.Lang]string{text.English: "order", text.French: "commande"} {
		file := o.Want(200, "", who, "GET", path, "", "accept", "application/pdf", "accept-language", string(l))
		body, err := base64.StdEncoding.DecodeString(file.Body)
		if want := printed(t, o.order, l).bytes; err != nil || string(body) != string(want) {
			t.Errorf("%d bytes of a file that has %d (%v)", len(body), len(want), err)
		}
		if got, want := file.Headers["Content-Disposition"], "attachment; filename="+name+"-2026-11-21-"+string(o.order.ID)+".pdf"; got != want || file.Headers["Content-Type"] != "application/pdf" {
			t.Errorf("%q of %s, want %q", got, file.Headers["Content-Type"], want)
		}
		page := o.Want(200, "", who, "GET", path, "", "accept", "text/html", "accept-language", string(l))
		if page.Body != pageOf(t, o.order, l) || page.IsBase64Encoded || page.Headers["Content-Disposition"] != "" {
			t.Errorf("the page: %v %.200s", page.Headers, page.Body)
		}
		if page.Headers["Content-Security-Policy"] != statement.Policy() || page.Headers["Content-Type"] != "text/html; charset=utf-8" || page.Headers["Content-Language"] != string(l) {
			t.Errorf("headers of the page: %v", page.Headers)
		}
	}
	o.Want(406, "not_acceptable", who, "GET", path, "", "accept", "application/json")
}

// Who views the account or manages its billing reads them (FEATURES.md, Rights).
func TestOnlyWhoMaySeeOrdersReadsTheirStatements(t *testing.T) {
	o := newOffice(t, print.Press())
	for _, role := range []access.Role{access.BillingManager, access.Viewer} {
		o.Want(200, "", o.Member(o.Account, role), "GET", o.path(o.Account, o.order.ID), "", "accept", "text/html")
	}
	other := o.Another()
	elsewhere := o.Member(other, access.SuperAdministrator)
	for name, q := range map[string]struct {
		as     access.Subject
		path   string
		status int
		code   string
	}{
		"a member without a role":        {o.Member(o.Account), o.path(o.Account, o.order.ID), 403, "permission_missing"},
		"somebody of another account":    {elsewhere, o.path(o.Account, o.order.ID), 404, "not_found"},
		"the order of another account":   {elsewhere, o.path(other, o.order.ID), 404, "not_found"},
		"an order that never was":        {o.Member(o.Account, access.Viewer), o.path(o.Account, id.New[id.Order](o.IDs, placed)), 404, "not_found"},
		"what is no id":                  {o.Member(o.Account, access.Viewer), o.path(o.Account, "ord_1"), 404, "not_found"},
		"an operator of another's order": {o.Operator(), o.path(other, o.order.ID), 404, "not_found"},
	} {
		for _, accept := range []string{"application/pdf", "text/html"} {
			if a := o.Want(q.status, q.code, q.as, "GET", q.path, "", "accept", accept); strings.Contains(a.Body, "Zoé") {
				t.Errorf("%s is told %s", name, a.Body)
			}
		}
	}
}

func TestAFileThatCannotBeMadeIsNotHalfAFile(t *testing.T) {
	o := newOffice(t, statement.Press{
		Print:   func(statement.Statement) ([]byte, error) { return []byte("%PDF-1.7"), errors.New("no ink") },
		Country: print.Press().Country,
	})
	who, path := o.Member(o.Account, access.Viewer), o.path(o.Account, o.order.ID)
	if a := o.Want(500, "internal_error", who, "GET", path, "", "accept", "application/pdf"); a.Headers["Content-Disposition"] != "" || strings.Contains(a.Body, "ink") {
		t.Errorf("%v %s", a.Headers, a.Body)
	}
	o.Want(200, "", who, "GET", path, "", "accept", "text/html")
}
