package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// said is points as one can read them: day, used, limit.
func said(points []contract.Point) string {
	var all []string
	for _, p := range points {
		limit := "-"
		if p.Limit != nil {
			limit = fmt.Sprint(*p.Limit)
		}
		all = append(all, fmt.Sprintf("%s %d/%s", p.Date[8:], p.Used, limit))
	}
	return strings.Join(all, ", ")
}

// A day without a change has what the day before it had; there is nothing before a line was there, nothing of days to come,
// and nothing once its contract is expired.
func TestTheUseOfALineIsCarriedFromDayToDay(t *testing.T) {
	day := func(d date.Date, used int, limit *int) contract.Day {
		return contract.Day{Date: d, Used: used, Limit: limit}
	}
	ten, eight := seats(10), seats(8)
	line := contract.Line{Used: 7, Limit: ten, Expiry: "2027-01-01"}
	expired := line
	expired.Expiry = "2026-11-19"
	for name, row := range map[string]struct {
		days     []contract.Day
		line     contract.Line
		from, to date.Date
		want     string
	}{
		"each day changed":                {[]contract.Day{day("2026-11-17", 1, ten), day("2026-11-18", 2, ten)}, line, "2026-11-17", "2026-11-18", "17 1/10, 18 2/10"},
		"gaps":                            {[]contract.Day{day("2026-11-15", 1, ten), day("2026-11-18", 3, ten)}, line, "2026-11-15", "2026-11-19", "15 1/10, 16 1/10, 17 1/10, 18 3/10, 19 3/10"},
		"the change lies before":          {[]contract.Day{day("2026-10-01", 1, ten), day("2026-11-02", 4, ten)}, line, "2026-11-17", "2026-11-18", "17 4/10, 18 4/10"},
		"the line came in between":        {[]contract.Day{day("2026-11-18", 0, nil)}, line, "2026-11-16", "2026-11-19", "18 0/-, 19 0/-"},
		"the line came later":             {[]contract.Day{day("2026-11-18", 0, ten)}, line, "2026-11-16", "2026-11-17", ""},
		"the limit changed alone":         {[]contract.Day{day("2026-11-16", 3, nil), day("2026-11-17", 3, ten), day("2026-11-18", 3, eight)}, line, "2026-11-16", "2026-11-18", "16 3/-, 17 3/10, 18 3/8"},
		"all seats were taken out":        {[]contract.Day{day("2026-11-16", 3, ten), day("2026-11-17", 0, seats(0))}, line, "2026-11-16", "2026-11-18", "16 3/10, 17 0/0, 18 0/0"},
		"today is what the line says":     {[]contract.Day{day("2026-11-20", 3, eight)}, line, "2026-11-20", "2026-11-21", "20 3/8, 21 7/10"},
		"nothing is kept yet":             {nil, line, "2026-11-19", "2026-11-21", "21 7/10"},
		"days to come":                    {[]contract.Day{day("2026-11-20", 3, ten)}, line, "2026-11-20", "2026-11-30", "20 3/10, 21 7/10"},
		"only days to come":               {[]contract.Day{day("2026-11-20", 3, ten)}, line, "2026-11-22", "2026-11-30", ""},
		"the contract expired":            {[]contract.Day{day("2026-11-16", 3, ten)}, expired, "2026-11-17", "2026-11-21", "17 3/10, 18 3/10"},
		"expired before the first day":    {[]contract.Day{day("2026-11-01", 3, ten)}, expired, "2026-11-19", "2026-11-21", ""},
		"a zone that the account left":    {[]contract.Day{day("2026-11-20", 3, ten), day("2026-11-22", 5, ten)}, line, "2026-11-20", "2026-11-23", "20 3/10, 21 7/10"},
		"over the end of a month of 30":   {[]contract.Day{day("2026-09-29", 2, ten)}, line, "2026-09-30", "2026-10-01", "30 2/10, 01 2/10"},
		"the night that clocks went back": {[]contract.Day{day("2026-10-24", 2, ten)}, line, "2026-10-24", "2026-10-26", "24 2/10, 25 2/10, 26 2/10"},
	} {
		if diff := gocmp.Diff(row.want, said(contract.Points(row.days, row.line, row.from, row.to, "2026-11-21"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Members see how full each line was, a page of lines at a time, of one product or all; of each line its own days alone.
func TestUseOverTimeIsReadByLine(t *testing.T) {
	o := apitest.New(t)
	store := contract.NewStore(o.Table, o.IDs)
	contract.Register(o.API, store, o.Accounts)
	w := newTermed(t, &account{id: o.Account, table: o.Table, store: store, ids: o.IDs})
	today := date.Date("2026-11-21")
	keep := func(a id.Account, product string, daysAgo, used, rev int) {
		t.Helper()
		op, err := contract.DayOp(a, today.AddDays(-daysAgo), contract.Line{Contract: w.c.ID, Product: product, Used: used, Limit: seats(10), Rev: rev})
		if err == nil {
			err = o.Table.Write(t.Context(), op)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	keep(o.Account, "mail", 120, 2, 1)
	keep(o.Account, "mail", 3, 5, 2)
	keep(o.Account, "phone", 2, 1, 1)
	keep(o.Another(), "mail", 2, 99, 9)
	viewer, path := o.Member(o.Account, access.Viewer), "/v1/accounts/"+string(o.Account)+"/usage/history"
	read := func(query string) map[string]string {
		t.Helper()
		found := map[string]string{}
		for token := ""; ; {
			got := o.Want(http.StatusOK, "", viewer, http.MethodGet, path+query+token, "")
			for _, v := range got.Document["items"].([]any) {
				item := v.(map[string]any)
				var all []string
				for _, v := range item["points"].([]any) {
					p := v.(map[string]any)
					all = append(all, fmt.Sprintf("%s %v/%v", p["date"].(string)[8:], p["used"], p["limit"]))
				}
				if item["contractId"] != string(w.c.ID) {
					t.Errorf("a line of contract %v", item["contractId"])
				}
				found[item["product"].(map[string]any)["id"].(string)] = strings.Join(all, ", ")
			}
			if token = got.Word("nextPageToken"); token == "" {
				return found
			}
			token = "&pageToken=" + token
		}
	}
	since := "?from=2026-11-17"
	want := map[string]string{"chat": "21 0/<nil>", "mail": "17 2/10, 18 5/10, 19 5/10, 20 5/10, 21 8/10", "phone": "19 1/10, 20 1/10, 21 0/10"}
	for _, query := range []string{since, since + "&pageSize=1", since + "&pageSize=2"} {
		if diff := gocmp.Diff(want, read(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if diff := gocmp.Diff(map[string]string{"mail": want["mail"]}, read(since+"&productId=mail")); diff != "" {
		t.Errorf("of a product (-want +got):\n%s", diff)
	}
	if n := strings.Count(read("")["mail"], "/"); n != 90 {
		t.Errorf("%d days unless said, want 90", n)
	}
	for query, status := range map[string]int{
		"?from=2025-11-21&to=2026-11-21": http.StatusOK, "?from=2025-11-20&to=2026-11-21": http.StatusUnprocessableEntity, "?from=2026-11-22": http.StatusUnprocessableEntity,
		"?from=2026-02-29": http.StatusUnprocessableEntity, "?to=yesterday": http.StatusUnprocessableEntity,
	} {
		code := map[bool]string{true: "", false: "invalid_request"}[status == http.StatusOK]
		if status == http.StatusOK {
			query += "&pageSize=200"
		}
		o.Want(status, code, viewer, http.MethodGet, path+query, "")
	}
	w = newTermed(t, w.account)
	for query, want := range map[string]int{
		"contractId=" + string(w.c.ID): 3, "productId=mail&contractId=" + string(w.c.ID): 1, "productId=mail": 2,
		"productId=mail&contractId=" + string(w.c.ID)[:8]: 0, "contractId=" + string(id.New[id.Contract](o.IDs, o.Now)): 0,
	} {
		got := o.Want(http.StatusOK, "", viewer, http.MethodGet, path+"?"+query, "")
		if n := len(got.Document["items"].([]any)); n != want {
			t.Errorf("%s: %d lines, want %d", query, n, want)
		}
	}
}

// What use over time costs follows from what is asked for, not from how long a line has been there: a day is read from the
// last change before it, a page has 20 lines.
func TestUseOverTimeCostsWhatIsAskedFor(t *testing.T) {
	o := apitest.New(t)
	store := contract.NewStore(o.Table, o.IDs)
	contract.Register(o.API, store, o.Accounts)
	w := newTermed(t, &account{id: o.Account, table: o.Table, store: store, ids: o.IDs})
	today, line := date.Date("2026-11-21"), contract.Line{Contract: w.c.ID, Product: "mail", Expiry: "2027-01-01"}
	var ops []table.Op
	for ago := range 300 {
		line.Used, line.Rev = ago, 1
		op, err := contract.DayOp(o.Account, today.AddDays(-2*ago), line)
		if err != nil {
			t.Fatal(err)
		}
		ops = append(ops, op)
	}
	for some := range slices.Chunk(ops, table.MaxOps) {
		if err := o.Table.Write(t.Context(), some...); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		from, to date.Date
		most     int
		want     string
	}{
		{today, today, 2, "21 0/-"},
		{"2026-11-18", "2026-11-18", 2, "18 2/-"},
		{"2026-11-16", "2026-11-18", 4, "16 3/-, 17 2/-, 18 2/-"},
		{"2026-11-23", "2026-11-20", 0, ""},
	} {
		ctx, meter := table.WithMeter(t.Context())
		days, err := store.Days(ctx, o.Account, line, row.from, row.to)
		if err != nil || len(days) > row.most || meter.Calls() > 1 || meter.ReadUnits() > 1 {
			t.Errorf("%s to %s: %d days, %d calls, %v units, want %d days at most: %v", row.from, row.to, len(days), meter.Calls(), meter.ReadUnits(), row.most, err)
		}
		at := line
		at.Used = 0
		if diff := gocmp.Diff(row.want, said(contract.Points(days, at, row.from, row.to, today))); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", row.from, row.to, diff)
		}
	}
	for range 7 {
		w = newTermed(t, w.account)
	}
	viewer, path := o.Member(o.Account, access.Viewer), "/v1/accounts/"+string(o.Account)+"/usage/history?from=2026-11-21&pageSize=200"
	first := o.Want(http.StatusOK, "", viewer, http.MethodGet, path, "")
	rest := o.Want(http.StatusOK, "", viewer, http.MethodGet, path+"&pageToken="+first.Word("nextPageToken"), "")
	if n, m := len(first.Document["items"].([]any)), len(rest.Document["items"].([]any)); n != 20 || m != 4 || rest.Word("nextPageToken") != "" {
		t.Errorf("%d lines and %d, want 20 and 4", n, m)
	}
}
