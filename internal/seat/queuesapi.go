package seat

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

type queuesInput struct {
	UserID string `path:"userId" maxLength:"64"`
	Body   struct {
		Add       []user.Queue `json:"add,omitempty" maxItems:"50" nullable:"false" doc:"Queues that the user becomes a member of."`
		Remove    []user.Queue `json:"remove,omitempty" maxItems:"50" nullable:"false" doc:"Queues that they leave, before any is added."`
		RemoveAll bool         `json:"removeAll,omitempty" doc:"They leave all queues that they are in at that moment, before any is added."`
	}
}

type queuesOutput struct {
	Queues  []user.Queue `json:"queues" nullable:"false" doc:"The queues that the user is in now, by type and name."`
	Results []resultWire `json:"results" nullable:"false" doc:"Of the derived seats that ended with the last queue."`
}

// parse reads what was sent: names without white space around them, and no queue twice in a list.
func (in *queuesInput) parse() (m Membership, err error) {
	var ok bool
	if m.User, ok = id.Parse[id.User](in.UserID); !ok {
		return m, fault.Missing()
	}
	var add, remove []httpapi.Value
	m.Join, add = parseQueues("body.add", in.Body.Add)
	m.Leave, remove = parseQueues("body.remove", in.Body.Remove)
	m.LeaveAll = in.Body.RemoveAll
	if wrong := append(add, remove...); len(wrong) > 0 {
		return m, httpapi.Invalid(wrong...)
	}
	if len(m.Join)+len(m.Leave) == 0 && !m.LeaveAll {
		return m, httpapi.Invalid(httpapi.At("body", "no_queue_named"))
	}
	return m, nil
}

func parseQueues(at string, sent []user.Queue) (queues []user.Queue, wrong []httpapi.Value) {
	for i, q := range sent {
		at := at + "[" + strconv.Itoa(i) + "]"
		raw := strings.TrimSpace(q.Name)
		q.Name = text.CleanName(raw)
		switch {
		case strings.ContainsFunc(raw, unicode.IsControl):
			wrong = append(wrong, httpapi.At(at+".name", "control_characters"))
		case q.Name == "":
			wrong = append(wrong, httpapi.At(at+".name", "required"))
		case slices.ContainsFunc(queues, q.Same):
			wrong = append(wrong, httpapi.At(at, "queue_twice", fault.Text("queue", q.Name)))
		}
		queues = append(queues, q)
	}
	return queues, wrong
}

func (h *API) queues(ctx context.Context, c account.Call, in *queuesInput) (*queuesOutput, error) {
	m, err := in.parse()
	if err != nil {
		return nil, err
	}
	w, out := h.wording(ctx, c), &queuesOutput{}
	_, refusal, err := h.store.ChangeQueues(ctx, h.changing(c), m, func(d Done) (_ []table.Op, err error) {
		if out.Results, err = w.show(d.Outcomes); err != nil {
			return nil, err
		}
		out.Queues = append([]user.Queue{}, d.Held.Queues...)
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		f, err := w.fault(refusal)
		return nil, errors.Join(err, f)
	}
	return out, nil
}
