package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Mark begins to remember rows: what each was before it is written first. Marks lie within each other.
func (w *Wire) Mark() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.marks = append(w.marks, map[table.Key]table.Item{})
}

// Release forgets the last Mark.
func (w *Wire) Release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.marks = w.marks[:len(w.marks)-1]
}

// remember reads rows that are about to be written, those that the last mark does not know.
func (w *Wire) remember(ctx context.Context, keys []table.Key) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.marks) == 0 {
		return nil
	}
	last := w.marks[len(w.marks)-1]
	keys = slices.DeleteFunc(slices.Clone(keys), func(k table.Key) bool { _, known := last[k]; return known })
	rows, err := w.read(ctx, keys)
	if err != nil {
		return err
	}
	for _, k := range keys {
		for _, mark := range w.marks {
			if _, known := mark[k]; !known {
				mark[k] = rows[k]
			}
		}
	}
	return nil
}

// read reads rows past the wire.
func (w *Wire) read(ctx context.Context, keys []table.Key) (map[table.Key]table.Item, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return w.Past().GetMany(ctx, keys...)
}

// Past is the table past the wire.
func (w *Wire) Past() *table.Table { return table.New(w.engine, w.name, nil) }

// Was are the rows that were written since the last Mark, as they were then; nil are those that there were none of.
func (w *Wire) Was() map[table.Key]table.Item {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.marks[len(w.marks)-1])
}

// Is are the same rows as they are.
func (w *Wire) Is(ctx context.Context) (map[table.Key]table.Item, error) {
	return w.read(ctx, slices.Collect(maps.Keys(w.Was())))
}

// Rewind makes all rows again what they were at the last Mark, which stays.
func (w *Wire) Rewind(ctx context.Context) error {
	var back []types.WriteRequest
	for key, row := range w.Was() {
		if row != nil {
			back = append(back, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
			continue
		}
		back = append(back, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: table.Item{
			"PK": &types.AttributeValueMemberS{Value: key.PK}, "SK": &types.AttributeValueMemberS{Value: key.SK},
		}}})
	}
	for some := range slices.Chunk(back, 25) {
		out, err := w.engine.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{w.name: some}})
		if err != nil {
			return err
		}
		if len(out.UnprocessedItems) > 0 {
			return fmt.Errorf("%d rows were not brought back", len(out.UnprocessedItems[w.name]))
		}
	}
	return nil
}

// Ids draw ids that are known for new: two runs of the same request make others, and come to the same state all the same.
type Ids struct {
	Maker *id.Maker
	fresh *regexp.Regexp
}

// newness begins what is random of each id that Ids make.
var newness = []byte{0x5A, 0xA5, 0x3C, 0xC3, 0x00, 0x00}

// NewIds draws what else is random from entropy. All ids are to be made at one instant: those made after the first count
// on from it.
func NewIds(entropy io.Reader) *Ids {
	sample := string(id.New[id.Activity](id.NewMaker(marked{entropy}), time.UnixMilli(1)))
	// An id holds the instant in ten characters, then what is random: seven of it are newness and never counted up to.
	return &Ids{id.NewMaker(marked{entropy}), regexp.MustCompile(`([a-z]+)_[0-9A-Z]{10}` + sample[len("act_")+10:len("act_")+17] + `[0-9A-Z]{9}`)}
}

// marked is randomness of which every longer stretch begins with newness.
type marked struct{ entropy io.Reader }

func (m marked) Read(p []byte) (int, error) {
	n, err := m.entropy.Read(p)
	if len(p) >= 10 {
		copy(p, newness)
	}
	return n, err
}

// Plain is a text in which every new id is called new.
func (i *Ids) Plain(s string) string { return i.fresh.ReplaceAllString(s, "${1}_new") }

// State is rows as they compare: one text for each, in order, with new ids called new.
func (i *Ids) State(rows map[table.Key]table.Item) ([]string, error) {
	var all []string
	for _, row := range rows {
		if row == nil {
			continue
		}
		one, err := i.row(row)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.Sort(all)
	return all, nil
}

func (i *Ids) row(row table.Item) (string, error) {
	plain := map[string]any{}
	if err := table.Decode(row, &plain); err != nil {
		return "", err
	}
	// In which shard of what is due a row stands follows from its id.
	if _, due := plain["GSI1PK"]; due {
		plain["GSI1PK"] = "due"
	}
	text, err := json.Marshal(readable(plain))
	// What ends a name in a key would run into the id behind it.
	return i.Plain(strings.ReplaceAll(string(text), `\u001f`, " ")), err
}

// readable has the bytes of a value as text, so that ids in an answer that was kept are seen.
func readable(v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case map[string]any:
		for k, inner := range v {
			v[k] = readable(inner)
		}
	case []any:
		for k, inner := range v {
			v[k] = readable(inner)
		}
	}
	return v
}
