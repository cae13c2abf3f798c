package account

import (
	"context"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// registerActivity adds the listings of what was changed: in an account, and of what is the vendor's own.
func registerActivity(api *API, records *activity.Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listActivity", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/activity", Tag: "accounts", Needs: access.View,
		Summary: "What was changed, newest first",
	}, listActivity(records))
	httpapi.Register(api, httpapi.Operation{
		ID: "listVendorActivity", Method: http.MethodGet, Path: "/v1/activity", Tag: "operators", Needs: access.ManageAccounts,
		Summary: "What was changed of the vendor's own, newest first: products and prices, the seller, partners, staff",
	}, listActivity(records))
}

type activityInput struct {
	httpapi.Paging
	SubjectID string `query:"subjectId" maxLength:"64" doc:"The id of what was changed, such as a contract, system, person or account, or a product, partner or seller of the vendor's: its changes alone. What connected several systems at once is found by their contract."`
	Month     string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"YYYY-MM: the changes of one month, in UTC."`
	Kind      string `query:"kind" pattern:"^[a-z][a-z_]{0,40}$" doc:"The noun that an action begins with, such as contract or system, or product of the vendor's: changes of that kind alone. It needs a month; a page may be short, or empty, while others follow."`
}

// vendorsFirst is the month before which no vendor has records: the product is not older.
var vendorsFirst = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// listActivity lists the records of the account in the path, or the vendor's where there is none in it.
func listActivity(records *activity.Store) func(context.Context, Call, *activityInput) (*httpapi.Page[activity.Record], error) {
	return func(ctx context.Context, c Call, in *activityInput) (*httpapi.Page[activity.Record], error) {
		since := c.Account.CreatedAt
		if c.AccountID == "" {
			since = vendorsFirst
		}
		show := func(r activity.Record) activity.Record { return r.For(c.Caller).In(c.Lang) }
		if in.Month != "" {
			month, err := time.Parse("2006-01", in.Month)
			if err != nil {
				return nil, httpapi.Invalid(httpapi.At("query.month", "wrong_form"))
			}
			return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]activity.Record, *table.Position, error) {
				return records.Within(ctx, c.AccountID, month, in.SubjectID, in.Kind, after, limit)
			}, show)
		}
		if in.Kind != "" {
			return nil, httpapi.Invalid(httpapi.At("query.month", "required"))
		}
		return httpapi.List(c, in.Paging, func(from *activity.Position, limit int) ([]activity.Record, *activity.Position, error) {
			return records.List(ctx, c.AccountID, in.SubjectID, since, c.Now, from, limit)
		}, show)
	}
}
