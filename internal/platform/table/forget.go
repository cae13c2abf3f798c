package table

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Forgotten is a person who is taken out of rows: whoever has the id, and the address wherever it stands but on legal papers.
// Nobody is known by their name: others may have the same, and they may have had another.
type Forgotten struct {
	Person, Email string
}

// papers are the parties of an order, which stay as they are on its invoice for as long as the law says.
var papers = []string{"billTo", "seller"}

// what a row says of a person beside their id.
var personal = []string{"name", "userName", "email", "extension", "language", "ip", "agent"}

// From is a row without what it says of the person; changed tells that it said something. Their id stays, by which
// others still see that it was the same person. What the row says of others stays as it is, but for the address: of two who had
// it in turn, neither keeps it.
func (f Forgotten) From(item Item) (after Item, changed bool) {
	v, changed := f.from(&types.AttributeValueMemberM{Value: item}, false)
	after = v.(*types.AttributeValueMemberM).Value
	if is(after["subject"], "id", f.Person) { // what was changed of them
		for _, side := range []string{"before", "after"} {
			if values, ok := after[side].(*types.AttributeValueMemberM); ok {
				cut, did := f.from(values, true)
				after[side], changed = cut, changed || did
			}
		}
	}
	return after, changed
}

// from walks a value; of says that it tells of the person, though it does not name them.
func (f Forgotten) from(v types.AttributeValue, of bool) (types.AttributeValue, bool) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		if f.Email != "" && text.FoldAddress(v.Value) == text.FoldAddress(f.Email) {
			return &types.AttributeValueMemberS{}, true
		}
	case *types.AttributeValueMemberL:
		changed, all := false, make([]types.AttributeValue, len(v.Value))
		for i, one := range v.Value {
			cut, did := f.from(one, false)
			all[i], changed = cut, changed || did
		}
		return &types.AttributeValueMemberL{Value: all}, changed
	case *types.AttributeValueMemberM:
		changed, all := false, maps.Clone(v.Value)
		if of || is(v, "id", f.Person) || is(v, "user", f.Person) {
			for _, name := range personal {
				if _, there := all[name]; there {
					delete(all, name)
					changed = true
				}
			}
		}
		// Who did something stands as their name beside their id, or as an author of several parts, which says so itself.
		if _, named := all["by"].(*types.AttributeValueMemberS); named && is(v, "user", f.Person) {
			delete(all, "by")
			changed = true
		}
		for name, one := range all {
			if key := strings.HasSuffix(name, "SK") || strings.HasSuffix(name, "PK"); !key && !slices.Contains(papers, name) {
				cut, did := f.from(one, false)
				all[name], changed = cut, changed || did
			}
		}
		return &types.AttributeValueMemberM{Value: all}, changed
	}
	return v, false
}

// is tells whether a map says s under a name.
func is(v types.AttributeValue, name, s string) bool {
	m, ok := v.(*types.AttributeValueMemberM)
	return ok && s != "" && attr(m.Value, name) == s
}

// Amend writes a row over the one that was read, if that is still as it was. Rows that are written once and never changed,
// such as records of activity, have no rev until then.
func Amend(was, is Item) Op {
	key := keyOf(was)
	op := Replace(key, was, is)
	if _, counted := was["rev"]; !counted {
		op.cond = All(Exists(), Lacks("rev"))
	}
	return op
}
