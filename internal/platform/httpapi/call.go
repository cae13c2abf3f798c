package httpapi

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Source is where a request came from, as the activity record keeps it. It is personal data and is never logged, but
// for the request id.
type Source struct{ IP, UserAgent, RequestID string }

// Call is one admitted request: who calls, where from, when, and in which language to answer. A is what is known of the
// account in the path.
type Call[A any] struct {
	Caller access.Caller
	// AccountID is empty for operations outside accounts.
	AccountID id.Account
	Account   A
	Now       time.Time
	Lang      text.Lang
	Source    Source
	// Media is the one of the operation's Offers that the answer is to be.
	Media string

	x *exchange[A]
}

func (x *exchange[A]) call() Call[A] {
	return Call[A]{
		Caller: x.loaded.Caller, AccountID: x.account, Account: x.loaded.Account, Now: x.now, Lang: x.lang, Source: x.source, Media: x.media, x: x,
	}
}

// Page is a stretch of a listing. NextPageToken is absent on the last one.
type Page[T any] struct {
	Items         []T    `json:"items"`
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// NewPage makes a page whose items are a JSON list also where there are none.
func NewPage[T any](items []T, nextPageToken string) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{items, nextPageToken}
}

// Paging are the inputs of a listing; embed it. A listing with another default declares its own.
type Paging struct {
	PageSize  int    `query:"pageSize" minimum:"1" doc:"Rows a page: 50 unless said and at most 200; as CSV 1000. A page may be shorter."`
	PageToken string `query:"pageToken" maxLength:"4096" doc:"nextPageToken of the page before; everything else of the query must be the same."`
}

// NextPage seals where a listing stands into the token of its next page. The token serves the same caller, operation,
// path, query and form (JSON or CSV) for 24 hours; only pageSize may change.
func (c Call[A]) NextPage(position any) (string, error) {
	return c.x.api.config.Sealer.Seal(c.x.binding(), c.Now, position)
}

// Position reads where a page begins from its token into position; an empty token leaves it alone. A token that is not
// one for this caller and listing is the fault page_token_invalid, one that is too old page_token_expired.
func (c Call[A]) Position(token string, position any) error {
	if token == "" {
		return nil
	}
	return c.x.api.config.Sealer.Open(token, c.x.binding(), c.Now, position)
}

// binding is what a page token is good for. All of the query belongs to it without being named by the listing: a filter
// that somebody forgot to name would let a token continue another listing.
func (x *exchange[A]) binding() string {
	query := x.request.URL.Query()
	query.Del("pageToken")
	query.Del("pageSize")
	form := ""
	if x.csv {
		form = " csv"
	}
	s := x.loaded.Caller.Subject
	return strings.Join([]string{x.op.ID, strconv.Quote(s.Issuer), strconv.Quote(s.ID), strconv.Quote(x.request.URL.Path), query.Encode()}, " ") + form
}

// Keep gives the operation that a handler adds to its own transaction, so that a repeat of the request with the same
// Idempotency-Key is answered with the same bytes: those of out, the pointer that the handler then returns. Without a key
// there is nothing to keep and no operation. A handler that decides again calls it again; the last one counts.
func (c Call[A]) Keep(out any) ([]table.Op, error) {
	if c.x.repeat == nil {
		return nil, nil
	}
	return c.x.keep(out)
}

// Keyed tells whether the request carries an Idempotency-Key that counts. It is for operations that need one for a part of
// what they do.
func (c Call[A]) Keyed() bool { return c.x.repeat != nil }

const longestUserAgent = 256

// plain makes a client's own description of itself fit to be stored: short, and without what moves a terminal's cursor.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > longestUserAgent {
		s = strings.ToValidUTF8(s[:longestUserAgent], "")
	}
	return s
}
