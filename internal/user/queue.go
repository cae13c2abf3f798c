package user

import (
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxQueues is how many queues a person may be in: more is no one's work, and their holding stays one small row.
const MaxQueues = 50

// QueueType is the kind of work that a queue hands out.
type QueueType string

// The types of queues (FEATURES.md, Seats).
const (
	CallQueue     QueueType = "call"
	InboxQueue    QueueType = "inbox"
	OutboundQueue QueueType = "outbound"
)

// Queue is a queue of a contact center that a person is a member of (FEATURES.md, Seats).
type Queue struct {
	Type QueueType `dynamodbav:"type" json:"type" enum:"call,inbox,outbound"`
	Name string    `dynamodbav:"name" json:"name" minLength:"1" maxLength:"100"`
}

// Same tells whether two are one queue: of one type, and of one name without regard to case or accents.
func (q Queue) Same(other Queue) bool {
	return q.Type == other.Type && text.Fold(q.Name) == text.Fold(other.Name)
}

// SortQueues puts queues into the one order in which they are kept, by type and name: a list that is said in another
// order is the same list.
func SortQueues(queues []Queue) {
	slices.SortFunc(queues, func(a, b Queue) int {
		for _, order := range []int{strings.Compare(string(a.Type), string(b.Type)), strings.Compare(text.Fold(a.Name), text.Fold(b.Name))} {
			if order != 0 {
				return order
			}
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// NoteQueues notes in a record which queues somebody was in and is in now: the names, under queues.<type>, of each type
// of which they changed.
func NoteQueues(r *activity.Record, before, after []Queue) {
	for _, of := range []QueueType{CallQueue, InboxQueue, OutboundQueue} {
		if was, is := names(before, of), names(after, of); !slices.Equal(was, is) {
			activity.Set(r, "queues."+string(of), was, is)
		}
	}
}

// names are those of the queues of one type.
func names(queues []Queue, of QueueType) []string {
	all := []string{}
	for _, q := range queues {
		if q.Type == of {
			all = append(all, q.Name)
		}
	}
	return all
}
