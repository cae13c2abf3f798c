package httpapi

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/seatkeeper/seatkeeper/internal/csv"
)

// csvType is what a listing is sent as, where its reader takes CSV. Every page has its header line, also an empty one,
// and a byte order mark, without which a spreadsheet takes UTF-8 for the local code page.
const csvType = "text/csv; charset=utf-8; header=present"

// listing is an output with a Page, also an embedded one: its operation answers as CSV too.
type listing interface {
	row() reflect.Type
	rows() (items any, next string)
}

func (p Page[T]) row() reflect.Type              { return reflect.TypeFor[T]() }
func (p Page[T]) rows() (items any, next string) { return p.Items, p.NextPageToken }

// Truncation is part of a listing's output that may not hold all that there is; embed it. CSV has no place for it among
// its rows, so it is the header Seatkeeper-Truncated there.
type Truncation struct {
	Truncated bool `json:"truncated,omitempty" doc:"The search met more than it looks at; ask more exactly."`
}

func (t Truncation) isTruncated() bool { return t.Truncated }

type truncating interface{ isTruncated() bool }

const truncatedHeader = "Seatkeeper-Truncated"

// column is one of a CSV's: where it stands in the JSON of a row.
type column []string

func (c column) String() string { return strings.Join(c, ".") }

// columnsOf are the columns of an operation's CSV, nil where it has none: only what is read by GET and answers a Page
// does.
func columnsOf(op Operation, answer any) []column {
	out, lists := answer.(listing)
	if !lists || op.Method != http.MethodGet {
		return nil
	}
	columns := flatten(out.row(), nil)
	if len(columns) == 0 || len(columns[0]) == 0 {
		panic(fmt.Sprintf("operation %q: %s has no fields to make columns of", op.ID, out.row()))
	}
	return columns
}

// flatten gives a type's columns in the order of its fields: objects field by field, lists like what they hold. What has
// no fields of its own (a text, a number, a map) is one column.
func flatten(t reflect.Type, at column) []column {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || says[json.Marshaler](t) || says[encoding.TextMarshaler](t) {
		return []column{at}
	}
	var all []column
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			all = append(all, flatten(field.Type, at)...)
		case field.IsExported() && name != "-":
			if name == "" {
				name = field.Name
			}
			all = append(all, flatten(field.Type, append(slices.Clone(at), name))...)
		}
	}
	return all
}

// says tells whether a type words itself.
func says[M any](t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[M]())
}

// answerCSV is a page as CSV. A cell is what the JSON of the row says there, and what that leaves out is an empty one.
func (x *exchange[A]) answerCSV(out listing, a answer) (answer, error) {
	items, next := out.rows()
	page, err := encode(items)
	if err != nil {
		return answer{}, err
	}
	var rows []any
	d := json.NewDecoder(bytes.NewReader(page))
	d.UseNumber() // through float64 a large number would become another one
	if err := d.Decode(&rows); err != nil {
		return answer{}, err
	}
	var body bytes.Buffer
	w := csv.NewWriter(&body, ',')
	cells := make([]csv.Cell, len(x.columns))
	for i, c := range x.columns {
		cells[i] = csv.Text(c.String())
	}
	if err := w.Write(cells...); err != nil {
		return answer{}, err
	}
	for _, row := range rows {
		for i, c := range x.columns {
			cells[i] = cellOf(find(row, c))
		}
		if err := w.Write(cells...); err != nil {
			return answer{}, err
		}
	}
	if err := w.Flush(); err != nil {
		return answer{}, err
	}
	a.media, a.body = csvType, body.Bytes()
	if next != "" {
		a.link = x.linkTo(next)
	}
	if t, ok := out.(truncating); ok {
		a.truncated = t.isTruncated()
	}
	return a, nil
}

// find walks to a column's value; in a list it is the list of what its members have there.
func find(v any, at column) any {
	switch v := v.(type) {
	case map[string]any:
		if len(at) > 0 {
			return find(v[at[0]], at[1:])
		}
		return v
	case []any:
		all := make([]any, len(v))
		for i, member := range v {
			all[i] = find(member, at)
		}
		return all
	default:
		return v
	}
}

// cellOf writes a value. Everything but a whole number is escaped, since a person or the CRM may have written it.
func cellOf(v any) csv.Cell {
	if number, ok := v.(json.Number); ok {
		if n, err := strconv.Atoi(number.String()); err == nil {
			return csv.Number(n)
		}
	}
	return csv.Text(worded(v))
}

// worded is a value as a text: a list by bars, an object whose fields are no columns as its JSON.
func worded(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		words := make([]string, len(v))
		for i, member := range v {
			words[i] = worded(member)
		}
		return strings.Join(words, "|")
	default:
		text, _ := encode(v) // it was JSON a moment ago
		return string(text)
	}
}

// linkTo is the Link to the next page: this request's own address with another token, relative as RFC 8288 has it, since
// a portal or a proxy may stand before us under another host.
func (x *exchange[A]) linkTo(next string) string {
	query := x.request.URL.Query()
	query.Set("pageToken", next)
	return "<" + (&url.URL{Path: x.request.URL.Path, RawQuery: query.Encode()}).String() + `>; rel="next"`
}

// sizes are the rows of a page: unless said, and at most. CSV is for files, JSON for screens.
func (x *exchange[A]) sizes() (usual, most int) {
	if x.csv {
		return 1000, 1000
	}
	return 50, 200
}

// Resolve holds PageSize to the limits of the form that was asked for, which its schema cannot tell. Huma calls it.
func (p *Paging) Resolve(hc huma.Context) []error {
	x, ok := hc.Context().Value(exchangeKey{}).(interface{ sizes() (usual, most int) })
	if !ok {
		return nil
	}
	usual, most := x.sizes()
	if p.PageSize == 0 {
		p.PageSize = usual
	}
	if p.PageSize > most {
		return []error{&huma.ErrorDetail{Location: "query.pageSize", Message: fmt.Sprintf(validation.MsgExpectedMaximumNumber, most), Value: p.PageSize}}
	}
	return nil
}

// describeCSV adds the CSV of a listing to what the OpenAPI document says of its answer.
func describeCSV(r *huma.Response, out any, columns []column) {
	word := &huma.Schema{Type: huma.TypeString}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.String()
	}
	media, _, _ := strings.Cut(csvType, ";")
	r.Content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: "UTF-8 with a byte order mark; on every page a first line with the columns " +
		strings.Join(names, ", ") + ". Lists are parted by |. A text that a spreadsheet would run has an apostrophe before it."}}
	r.Headers["Link"] = &huma.Param{Description: `Of CSV: the address of the next page, rel="next"; absent on the last.`, Schema: word}
	if _, ok := out.(truncating); ok {
		r.Headers[truncatedHeader] = &huma.Param{Description: "Of CSV: true where the search met more than it looks at.", Schema: word}
	}
}
