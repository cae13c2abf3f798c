package activity_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// Listed newest first, by subject, paged (FEATURES.md, Activity), over the ends of months and through quiet ones.
func TestActivityIsListedNewestFirstOverMonthsAndBySubject(t *testing.T) {
	client, name := enginetest.Open(t)
	db, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
	account := id.New[id.Account](ids, time.Now())
	first := time.Date(2025, 11, 30, 23, 59, 59, 0, time.UTC)
	var all, ofOne []string
	for i, at := range []time.Time{
		first, first.Add(2 * time.Second), first.AddDate(0, 1, 0), // then seven quiet months
		first.AddDate(0, 9, 0), first.AddDate(0, 9, 0), first.AddDate(0, 9, 1),
	} {
		thing := activity.Thing{Noun: "contract", ID: []string{"ctr_1", "ctr_2"}[i%2]}
		r := activity.New(ids, at, account, activity.Author{Name: "Ada"}, activity.ContractChanged, thing)
		op, err := r.Op()
		if err == nil {
			err = db.Write(t.Context(), op)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append([]string{string(r.ID)}, all...)
		if thing.ID == "ctr_1" {
			ofOne = append([]string{string(r.ID)}, ofOne...)
		}
	}
	store := activity.NewStore(db)
	for subject, want := range map[string][]string{"": all, "ctr_1": ofOne, "ctr_3": nil} {
		for _, size := range []int{1, 2, 50} {
			var got []string
			var from *activity.Position
			for range 20 {
				ctx, meter := table.WithMeter(t.Context())
				page, next, err := store.List(ctx, account, subject, first, first.AddDate(1, 0, 0), from, size)
				if err != nil || len(page) > size || meter.Calls() > 3 {
					t.Fatalf("%d records with %d calls (%v), want at most %d with 3", len(page), meter.Calls(), err, size)
				}
				for _, r := range page {
					got = append(got, string(r.ID))
				}
				if from = next; from == nil {
					break
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || from != nil {
				t.Errorf("subject %q by %d: %s and next %v", subject, size, diff, from)
			}
		}
	}
}

func TestARecordHoldsOnlyWhatChanged(t *testing.T) {
	r := activity.Record{}
	activity.Changed(&r, "name", "a", "a")
	if r.Before != nil || r.After != nil {
		t.Errorf("nothing changed, and the record says %v, %v", r.Before, r.After)
	}
	activity.Changed(&r, "name", "a", "b")
	if diff := cmp.Diff(activity.Values{"name": "a"}, r.Before) + cmp.Diff(activity.Values{"name": "b"}, r.After); diff != "" {
		t.Error(diff)
	}
}
