package eventbridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus/eventbridge"
)

// sent is an entry as it arrives.
type sent struct {
	EventBusName, Source, DetailType, Detail string
	Time                                     float64
}

// service behaves as EventBridge does: it holds the limits of a request, takes entries one by one, and keeps those that it
// took.
type service struct {
	mu       sync.Mutex
	requests [][]sent
	taken    []string
	// whole, where it answers a code, has the request refused; fails does it for one entry, which was sent n times before.
	whole func(request int, entries []sent) string
	fails func(e sent, n int) string
	seen  map[string]int
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var in struct{ Entries []sent }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		panic(err)
	}
	s.requests = append(s.requests, in.Entries)
	bytes := 0
	for _, e := range in.Entries {
		bytes += 14 + len(e.Source) + len(e.DetailType) + len(e.Detail)
	}
	code := ""
	if s.whole != nil {
		code = s.whole(len(s.requests), in.Entries)
	}
	if len(in.Entries) > 10 || bytes >= 256*1024 {
		code = "ValidationException"
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if code != "" {
		w.WriteHeader(map[bool]int{true: http.StatusInternalServerError, false: http.StatusBadRequest}[code == "InternalException"])
		fmt.Fprintf(w, `{"__type": %q, "message": "no"}`, code)
		return
	}
	type result struct{ EventId, ErrorCode, ErrorMessage *string }
	out := struct {
		FailedEntryCount int
		Entries          []result
	}{}
	for _, e := range in.Entries {
		n := s.seen[e.Detail]
		s.seen[e.Detail]++
		if s.fails != nil {
			if code := s.fails(e, n); code != "" {
				out.FailedEntryCount++
				out.Entries = append(out.Entries, result{ErrorCode: aws.String(code), ErrorMessage: aws.String("no")})
				continue
			}
		}
		s.taken = append(s.taken, e.Detail)
		out.Entries = append(out.Entries, result{EventId: aws.String("an-id-of-its-own")})
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		panic(err)
	}
}

// open starts a service and gives the bus on it.
func open(t *testing.T, s *service) *eventbridge.EventBridge {
	t.Helper()
	s.seen = map[string]int{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return eventbridge.New(sdk.New(sdk.Options{
		Region: "eu-west-3", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), Retryer: aws.NopRetryer{},
	}), "the-bus")
}

var t0 = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// entries are n of them, each with so many bytes of detail.
func entries(n, bytes int) []bus.Entry {
	all := make([]bus.Entry, n)
	for i := range all {
		id := fmt.Sprintf("evt_%03d", i)
		detail := fmt.Sprintf(`{"id":%q,"fill":""}`, id)
		detail = strings.Replace(detail, `""}`, `"`+strings.Repeat("x", max(0, bytes-len(detail)))+`"}`, 1)
		all[i] = bus.Entry{ID: id, Type: "SeatAssigned", At: t0, Detail: json.RawMessage(detail)}
	}
	return all
}

// publish holds a Publish to the entries that it is to have refused, and the service to have taken all others once.
func publish(t *testing.T, s *service, all []bus.Entry, refused ...int) map[int]error {
	t.Helper()
	got, err := open(t, s).Publish(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	var want, indexes []int
	var taken []string
	want = append(want, refused...)
	for i := range all {
		if got[i] != nil {
			indexes = append(indexes, i)
		}
		if !slices.Contains(refused, i) {
			taken = append(taken, string(all[i].Detail))
		}
	}
	if diff := cmp.Diff(want, indexes); diff != "" {
		t.Errorf("refused (-want +got):\n%s\n%v", diff, got)
	}
	slices.Sort(s.taken)
	if !slices.Equal(taken, s.taken) {
		t.Errorf("the bus took %d entries, want %d, each once", len(s.taken), len(taken))
	}
	return got
}

// sizes are how many entries each request had.
func (s *service) sizes() (all []int) {
	for _, r := range s.requests {
		all = append(all, len(r))
	}
	return all
}

func TestRequestsAreCutAtTenEntries(t *testing.T) {
	s := &service{}
	publish(t, s, entries(23, 0))
	if diff := cmp.Diff([]int{10, 10, 3}, s.sizes()); diff != "" {
		t.Errorf("entries of each request (-want +got):\n%s", diff)
	}
	want := sent{EventBusName: "the-bus", Source: "seatkeeper", DetailType: "SeatAssigned", Detail: `{"id":"evt_000","fill":""}`, Time: float64(t0.Unix())}
	if diff := cmp.Diff(want, s.requests[0][0]); diff != "" {
		t.Errorf("an entry (-want +got):\n%s", diff)
	}
	s = &service{}
	if publish(t, s, nil); len(s.requests) != 0 {
		t.Errorf("%d requests for nothing", len(s.requests))
	}
}

func TestRequestsAreCutBelow256KB(t *testing.T) {
	const overhead = 14 + len("seatkeeper") + len("SeatAssigned")
	s := &service{}
	publish(t, s, entries(4, 128*1024-overhead)) // two of them are 256 KB exactly, which is too much
	if diff := cmp.Diff([]int{1, 1, 1, 1}, s.sizes()); diff != "" {
		t.Errorf("entries of each request (-want +got):\n%s", diff)
	}
	s = &service{}
	publish(t, s, entries(4, 128*1024-overhead-1))
	if diff := cmp.Diff([]int{2, 2}, s.sizes()); diff != "" {
		t.Errorf("entries of each request (-want +got):\n%s", diff)
	}
}

func TestAnEntryThatCanNeverBeSentIsRefusedAlone(t *testing.T) {
	const overhead = 14 + len("seatkeeper") + len("SeatAssigned")
	all := entries(3, 0)
	all[1] = entries(1, 256*1024-overhead)[0]
	s := &service{}
	if got := publish(t, s, all, 1); !errors.Is(got[1], eventbridge.ErrTooLarge) {
		t.Errorf("refused for %v, want its size", got[1])
	}
	all[1] = entries(1, 256*1024-overhead-1)[0]
	publish(t, &service{}, all)
}

func TestOnlyEntriesThatFailedAreSentAgain(t *testing.T) {
	s := &service{fails: func(e sent, n int) string {
		switch {
		case strings.Contains(e.Detail, "evt_003") && n < 2:
			return "ThrottlingException"
		case strings.Contains(e.Detail, "evt_011") && n < 1:
			return "InternalFailure"
		}
		return ""
	}}
	publish(t, s, entries(12, 0))
	if diff := cmp.Diff([]int{10, 2, 2, 1}, s.sizes()); diff != "" {
		t.Errorf("entries of each request (-want +got):\n%s", diff)
	}
}

func TestAnEntryThatIsRefusedForGoodIsNotSentAgain(t *testing.T) {
	s := &service{fails: func(e sent, n int) string {
		if strings.Contains(e.Detail, "evt_001") {
			return "MalformedDetail"
		}
		return ""
	}}
	got := publish(t, s, entries(3, 0), 1)
	if len(s.requests) != 1 || !strings.Contains(got[1].Error(), "MalformedDetail") || !strings.Contains(got[1].Error(), "evt_001") {
		t.Errorf("%d requests, %v", len(s.requests), got[1])
	}
}

func TestARequestThatIsThrottledOrBreaksIsMadeAgain(t *testing.T) {
	for _, code := range []string{"ThrottlingException", "InternalException"} {
		t.Run(code, func(t *testing.T) {
			s := &service{whole: func(request int, _ []sent) string {
				if request <= 2 {
					return code
				}
				return ""
			}}
			publish(t, s, entries(3, 0))
			if diff := cmp.Diff([]int{3, 3, 3}, s.sizes()); diff != "" {
				t.Errorf("entries of each request (-want +got):\n%s", diff)
			}
		})
	}
}

// Of a request that is refused as a whole one entry may be to blame, and the others are not to suffer for it.
func TestARefusedRequestIsTakenApart(t *testing.T) {
	s := &service{whole: func(_ int, all []sent) string {
		if slices.ContainsFunc(all, func(e sent) bool { return strings.Contains(e.Detail, "evt_002") }) {
			return "ValidationException"
		}
		return ""
	}}
	publish(t, s, entries(5, 0), 2)
	if diff := cmp.Diff([]int{5, 1, 1, 1, 1, 1}, s.sizes()); diff != "" {
		t.Errorf("entries of each request (-want +got):\n%s", diff)
	}
}

func TestSendingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := &service{fails: func(e sent, tries int) string {
		if strings.Contains(e.Detail, "evt_000") {
			if tries == 1 {
				cancel() // while it is tried again
			}
			return "ThrottlingException"
		}
		return ""
	}}
	b := open(t, s)
	began := time.Now()
	got, err := b.Publish(ctx, entries(2, 0))
	if err != nil || len(got) != 1 || !strings.Contains(got[0].Error(), "evt_000") {
		t.Errorf("refused %v (%v), want the first alone", got, err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
	if len(s.requests) < 2 {
		t.Errorf("%d requests: it was not tried again", len(s.requests))
	}
}

func TestWithoutAnAnswerEverythingIsRefused(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	b := eventbridge.New(sdk.New(sdk.Options{
		Region: "eu-west-3", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), Retryer: aws.NopRetryer{},
	}), "the-bus")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if got, err := b.Publish(ctx, entries(2, 0)); err != nil || len(got) != 2 {
		t.Errorf("refused %v (%v), want both", got, err)
	}
}
