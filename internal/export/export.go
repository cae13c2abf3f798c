// Package export owns the file of everything that an account has: who asked for it, how far it is, and what is in it. The
// file's place and its link are package files'. It does not own what the rows mean: they leave as they are kept.
package export

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
)

// State is how far an export is.
type State string

// The states. The last three are final.
const (
	Pending State = "pending" // nobody works on it yet
	Running State = "running"
	Ready   State = "ready"
	Failed  State = "failed"
	Expired State = "expired" // its file is deleted
)

const (
	// maxTries is how often it is tried to write the file. What failed so often lacks time or a right, and would again.
	maxTries = 3
	// patience is after how long an export that did not end is taken for failed, whatever became of who worked on it: longer
	// than all tries take with the pauses between them (ExportsQueue in template.yaml).
	patience = 2 * time.Hour
)

// Export is one.
type Export struct {
	ID        id.Export       `dynamodbav:"id"`
	State     State           `dynamodbav:"state"`
	By        activity.Author `dynamodbav:"by"`
	CreatedAt time.Time       `dynamodbav:"createdAt"`
	// Tries counts how often somebody began to write the file; Size is the file's, in bytes.
	Tries   int       `dynamodbav:"tries,omitempty"`
	Size    int64     `dynamodbav:"size,omitempty"`
	EndedAt time.Time `dynamodbav:"endedAt,omitempty"`
	Rev     int       `dynamodbav:"rev"`
}

// At is its state at a time, whatever is written down: what waited too long has failed, and a file's days run out.
func (e Export) At(now time.Time) State {
	switch {
	case e.underWay() && now.After(e.CreatedAt.Add(patience)):
		return Failed
	case e.State == Ready && !now.Before(e.ExpiresAt()):
		return Expired
	}
	return e.State
}

func (e Export) underWay() bool { return e.State == Pending || e.State == Running }

// ExpiresAt is when the file of one that is ready is deleted.
func (e Export) ExpiresAt() time.Time { return e.EndedAt.Add(files.Kept) }

// MayFollow says whether another export may begin after this one, the account's last: one at a time (export_under_way).
func (e Export) MayFollow(now time.Time) error {
	if s := e.At(now); s == Pending || s == Running {
		return fault.New(fault.Conflict, "export_under_way")
	}
	return nil
}

// file is where its file is kept.
func (e Export) file(a id.Account) string { return string(a) + "/" + string(e.ID) + ".zip" }

// Thing is the export as activity names it.
func (e Export) Thing() activity.Thing { return activity.Thing{Noun: "export", ID: string(e.ID)} }
