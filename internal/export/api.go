package export

import (
	"context"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const all = "/v1/accounts/{accountId}/exports"

// API serves exports.
type API struct {
	store *Store
	links files.Links
}

// Register adds the operations on exports; links open their files.
func Register(api *account.API, s *Store, links files.Links) {
	h := &API{s, links}
	httpapi.Register(api, httpapi.Operation{
		ID: "startExport", Method: http.MethodPost, Path: all, Tag: "exports", Needs: access.ManageData, Key: httpapi.KeyRequired,
		Summary: "Have everything of the account written into a zip of CSV and JSON, one at a time", Success: http.StatusAccepted, Refusals: []int{http.StatusConflict},
	}, h.start)
	httpapi.Register(api, httpapi.Operation{
		ID: "listExports", Method: http.MethodGet, Path: all, Tag: "exports", Needs: access.ManageData,
		Summary: "The account's exports, the newest first",
	}, h.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "getExport", Method: http.MethodGet, Path: all + "/{exportId}", Tag: "exports", Needs: access.ManageData,
		Summary: "An export, and a link to its file that ends after five minutes",
	}, h.read)
}

// Wire is an export as the API shows it.
type Wire struct {
	ID        id.Export  `json:"id"`
	State     State      `json:"state" enum:"pending,running,ready,failed,expired"`
	By        AuthorWire `json:"by"`
	CreatedAt time.Time  `json:"createdAt"`
	Size      int64      `json:"size,omitempty" doc:"Of the file, in bytes."`
	ExpiresAt *time.Time `json:"expiresAt,omitempty" doc:"When the file is deleted."`
	URL       string     `json:"url,omitempty" doc:"Opens the file for five minutes; of one that is ready, not in the list."`
}

// AuthorWire is who wanted it.
type AuthorWire struct {
	Kind access.Kind `json:"kind" enum:"member,operator"`
	ID   string      `json:"id,omitempty" doc:"Of a member."`
	Name string      `json:"name,omitempty"`
}

func (e Export) show(now time.Time, l text.Lang) Wire {
	by := e.By.In(l)
	w := Wire{ID: e.ID, State: e.At(now), By: AuthorWire{by.Kind, by.ID, by.Name}, CreatedAt: e.CreatedAt, Size: e.Size}
	if e.State == Ready {
		ends := e.ExpiresAt()
		w.ExpiresAt = &ends
	}
	return w
}

type startInput struct{}

func (h *API) start(ctx context.Context, c account.Call, _ *startInput) (*Wire, error) {
	var out Wire
	_, err := h.store.Begin(ctx, c.AccountID, activity.By(c.Caller, c.Source), c.Now, func(e Export) ([]table.Op, error) {
		out = e.show(c.Now, c.Lang)
		return c.Keep(&out)
	})
	return &out, err
}

type listInput struct {
	httpapi.Paging
}

func (h *API) list(ctx context.Context, c account.Call, in *listInput) (*httpapi.Page[Wire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Export, *table.Position, error) {
		return h.store.List(ctx, c.AccountID, after, limit)
	}, func(e Export) Wire { return e.show(c.Now, c.Lang) })
}

type oneInput struct {
	ExportID id.Export `path:"exportId"`
}

func (h *API) read(ctx context.Context, c account.Call, in *oneInput) (*Wire, error) {
	e, err := h.store.Get(ctx, c.AccountID, in.ExportID)
	if err != nil {
		return nil, err
	}
	out := e.show(c.Now, c.Lang)
	if out.State == Ready {
		out.URL, err = h.links.Link(ctx, e.file(c.AccountID), c.Now)
	}
	return &out, err
}
