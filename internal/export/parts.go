package export

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// place is the name under which an export shows a row's place within its part: of a day's use, the day, product and contract.
const place = "key"

// part is one noun of the file: a table for a spreadsheet and the rows whole.
type part struct {
	name string
	// stretches are where its rows are, in the order in which they leave.
	stretches []table.Query
	// columns are what the table shows, by the names under which rows keep it. The rows as JSON have everything.
	columns []string
}

func stretch(pk, prefix string) []table.Query { return []table.Query{{PK: pk, Prefix: prefix}} }

// parts are what an export holds: all that an account has and may see. Left out are what it cannot read either (answers kept
// for repeats, claims of addresses and mails, to which identity a person is bound) and what only finds or counts rows.
func parts(a id.Account, since, now time.Time) []part {
	return []part{
		{"account", stretch(table.Settings(a).PK, "META"), []string{"id", "name", "crm", "timeZone", "locale", "currency", "edition", "representative", "partner", "billing", "createdAt"}},
		{"permission-sets", stretch(table.PermissionSets(a).PK, table.PermissionSets(a).SK), []string{"sets"}},
		{"contracts", stretch(table.Contracts(a), "ctr_"), []string{"id", "crm", "name", "start", "expiry", "purchased", "mapped"}},
		{"lines", stretch(table.Lines(a), ""), []string{"contract", "product", "productName", "expiry", "limit", "used", "available", "pendingRemoval", "contracted", "bought", "monthly", "override", "pools"}},
		{"systems", stretch(table.Systems(a), "sys_"), []string{"id", "crm", "name", "url", "kind", "contract"}},
		{"users", stretch(table.Users(a), "usr_"), []string{"id", "name", "email", "extension", "language", "roles", "sets", "state", "addedAt"}},
		{"holdings", stretch(table.Holdings(a), "usr_"), []string{"user", "state", "seats", "queues"}},
		{"seats", stretch(table.Seats(a), "usr_"), []string{"user", "userName", "extension", "product", "productName", "contract", "costCenter", "addedAt", "features"}},
		{"cost-centers", stretch(table.CostCenters(a), "cc_"), []string{"id", "name", "state"}},
		{"orders", stretch(table.Orders(a), "ord_"), []string{"id", "status", "placedAt", "buyer", "invoice", "currency", "rows", "totals", "recurring"}},
		{"invoices", stretch(table.Invoices(a), "inv_"), []string{"id", "order", "state", "madeAt", "currency", "totals", "billTo"}},
		{"removals", stretch(table.Removals(a), "rem_"), []string{"id", "state", "contract", "product", "quantity", "counts", "period", "effective", "by", "createdAt", "endedAt"}},
		{"requests", stretch(table.Requests(a), "req_"), []string{"id", "kind", "to", "state", "author", "message", "items", "createdAt", "answer", "order"}},
		{"usage-days", stretch(table.Days(a), ""), []string{place, "used", "limit"}},
		{"activity", months(a, since, now), []string{"id", "at", "action", "author", "subject", "targets", "before", "after"}},
	}
}

// months are an account's months of activity, since its first.
func months(a id.Account, since, now time.Time) []table.Query {
	var all []table.Query
	for _, m := range activity.Months(since, now) {
		all = append(all, table.Query{PK: table.Activities(a, m), Prefix: "act_"})
	}
	return all
}
