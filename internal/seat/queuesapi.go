package seat

import (
	"context"
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
		Queues []user.Queue `json:"queues" maxItems:"50" nullable:"false" doc:"All queues that the user answers; an empty list takes them out of all."`
	}
}

type queuesOutput struct {
	Queues  []user.Queue `json:"queues" nullable:"false" doc:"The queues that the user answers now, by type and name."`
	Results []resultWire `json:"results" nullable:"false" doc:"Of the derived seats that ended with the last queue."`
}

// parse reads what was sent: names without white space around them, and no queue twice.
func (in *queuesInput) parse() (id.User, []user.Queue, error) {
	u, ok := id.Parse[id.User](in.UserID)
	if !ok {
		return "", nil, fault.Missing()
	}
	var queues []user.Queue
	var wrong []httpapi.Value
	for i, q := range in.Body.Queues {
		at := "body.queues[" + strconv.Itoa(i) + "]"
		sent := strings.TrimSpace(q.Name)
		q.Name = text.CleanName(sent)
		switch {
		case strings.ContainsFunc(sent, unicode.IsControl):
			wrong = append(wrong, httpapi.At(at+".name", "control_characters"))
		case q.Name == "":
			wrong = append(wrong, httpapi.At(at+".name", "required"))
		case slices.ContainsFunc(queues, q.Same):
			wrong = append(wrong, httpapi.At(at, "queue_twice", fault.Text("queue", q.Name)))
		}
		queues = append(queues, q)
	}
	if len(wrong) > 0 {
		return "", nil, httpapi.Invalid(wrong...)
	}
	return u, queues, nil
}

func (h *API) queues(ctx context.Context, c account.Call, in *queuesInput) (*queuesOutput, error) {
	u, queues, err := in.parse()
	if err != nil {
		return nil, err
	}
	w, out := h.wording(ctx, c), &queuesOutput{}
	_, err = h.store.Answer(ctx, h.changing(c), u, queues, func(d Done) (_ []table.Op, err error) {
		if out.Results, err = w.show(d.Outcomes); err != nil {
			return nil, err
		}
		if d.refusal() != nil {
			return nil, w.refused(d.Outcomes, out.Results)
		}
		out.Queues = append([]user.Queue{}, d.Held.Queues...)
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
