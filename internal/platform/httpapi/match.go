package httpapi

import (
	"strconv"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// Revisioned is an output with a revision: its answer carries the ETag that RequireMatch takes.
type Revisioned interface{ Revision() int }

// ETag is the entity tag of a revision.
func ETag(rev int) string { return `"` + strconv.Itoa(rev) + `"` }

// IfMatch is the input of an operation that changes a thing only as its caller saw it; embed it.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag that you read; required. * changes the thing as it stands now."`
}

// RequireMatch refuses a change of a thing at revision rev unless the caller saw that revision: 428 if_match_required
// without a header, 412 stale for another revision, 422 for a header that is none. A list matches if one of it does, *
// matches whatever is there. A weak tag counts like a strong one: a revision names one state exactly, and a cache that
// compresses answers weakens the tags that pass through it.
func (m IfMatch) RequireMatch(rev int) error {
	rest := strings.TrimSpace(m.IfMatch)
	if rest == "" {
		return fault.New(fault.PreconditionRequired, "if_match_required")
	}
	if rest == "*" {
		return nil
	}
	matched := false
	for {
		// A comma may stand within a tag, so the list is read tag by tag.
		body, opened := strings.CutPrefix(strings.TrimPrefix(rest, "W/"), `"`)
		tag, after, closed := strings.Cut(body, `"`)
		if !opened || !closed {
			return Invalid(At("header.If-Match", "not_an_etag"))
		}
		matched = matched || `"`+tag+`"` == ETag(rev)
		rest = strings.TrimLeft(after, " \t")
		if rest == "" {
			break
		}
		comma := false
		if rest, comma = strings.CutPrefix(rest, ","); !comma {
			return Invalid(At("header.If-Match", "not_an_etag"))
		}
		rest = strings.TrimLeft(rest, " \t")
	}
	if !matched {
		return fault.New(fault.Stale, "stale")
	}
	return nil
}
