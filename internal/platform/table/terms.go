package table

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Prefix search: each word that a thing is found by has a small row, word, name, id, written in the transaction of the
// thing itself. A search is one Query of at most searchLimit rows, then the things are fetched and sorted in memory.
const (
	maxTerms    = 12
	searchLimit = 200
)

// Terms are the words that something with these texts is found by: folded, each once, at most twelve.
func Terms(texts ...string) []string {
	var words []string
	for _, t := range texts {
		for _, w := range text.Words(t) {
			if !slices.Contains(words, w) && len(words) < maxTerms {
				words = append(words, w)
			}
		}
	}
	return words
}

// TermOps changes the words that entity is found by from what was to what is; sortName orders equal words. The
// operations are guarded by the row of the entity in the same transaction.
func TermOps(partition, entity, wasName string, was []string, isName string, is []string) []Op {
	var ops []Op
	at := func(word, sortName string) Key { return Key{partition, word + end + name(sortName) + end + entity} }
	same := name(wasName) == name(isName)
	for _, w := range was {
		if !same || !slices.Contains(is, w) {
			ops = append(ops, Delete(at(w, wasName), nil, Guarded()))
		}
	}
	for _, w := range is {
		if !same || !slices.Contains(was, w) {
			ops = append(ops, Put(at(w, isName), Item{}, Guarded()))
		}
	}
	return ops
}

// Search finds the entities that have a word beginning with the longest word of what was asked: one call, 200 rows at
// most; truncated tells that there were more. The caller fetches them and holds each against all the words (Matches).
// Something asked without any letter or digit finds nothing.
func (t *Table) Search(ctx context.Context, partition, asked string) (entities []string, truncated bool, err error) {
	words := text.Words(asked)
	if len(words) == 0 {
		return nil, false, nil
	}
	longestWord := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	items, more, err := t.Query(ctx, Query{PK: partition, Prefix: longestWord, Limit: searchLimit})
	if err != nil {
		return nil, false, err
	}
	for _, item := range items {
		sk := attr(item, "SK")
		entity := sk[strings.LastIndex(sk, end)+1:]
		if !slices.Contains(entities, entity) {
			entities = append(entities, entity)
		}
	}
	return entities, more, nil
}

// Find is Search and the rows of what it found: 1 Query and 1 or 2 batches.
func (t *Table) Find(ctx context.Context, partition, asked string, key func(entity string) Key) (rows []Item, truncated bool, err error) {
	found, truncated, err := t.Search(ctx, partition, asked)
	if err != nil || len(found) == 0 {
		return nil, truncated, err
	}
	keys := make([]Key, len(found))
	for i, entity := range found {
		keys[i] = key(entity)
	}
	byKey, err := t.GetMany(ctx, keys...)
	return slices.Collect(maps.Values(byKey)), truncated, err
}

// Matches tells whether every word that was asked begins a word of the texts.
func Matches(asked string, texts ...string) bool {
	words := Terms(texts...)
	for _, a := range text.Words(asked) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return false
		}
	}
	return true
}
