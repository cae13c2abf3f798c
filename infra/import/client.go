package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// maxAnswer is more than API Gateway lets through, so only an answer that is not Seatkeeper's is cut off.
const maxAnswer = 16 << 20

// client sends pieces to one Seatkeeper.
type client struct {
	http  *http.Client
	base  *url.URL
	token string
	lang  text.Lang
	query url.Values
	// firstWait is the mean of the first wait before a repeat, doubled with each; patience is how long one piece may be
	// repeated in all.
	firstWait, patience time.Duration
}

// finding is what the API says of one row, in the line numbers of the piece that was sent.
type finding struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// answer is what became of one piece: counts of rows, and what was found.
type answer struct {
	Created    int       `json:"created"`
	Changed    int       `json:"changed"`
	Unchanged  int       `json:"unchanged"`
	Skipped    int       `json:"skipped"`
	Rejected   int       `json:"rejected"`
	Rejections []finding `json:"rejections"`
	Warnings   []finding `json:"warnings"`
}

// problem is the API's refusal of a whole call.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

func (p problem) Error() string {
	said := p.Detail
	if said == "" {
		said = p.Title
	}
	if said == "" {
		said = http.StatusText(p.Status)
	}
	if p.Code == "" {
		return fmt.Sprintf("%s (%d)", said, p.Status)
	}
	return fmt.Sprintf("%s (%d %s)", said, p.Status, p.Code)
}

// signIn asks the local stack for the operator's token.
func (c *client) signIn(ctx context.Context) error {
	u := c.base.JoinPath("dev", "token")
	u.RawQuery = url.Values{"persona": {"operator"}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("ask for a token: %w", err)
	}
	body, err := c.do(req)
	if err != nil {
		return fmt.Errorf("ask %s for the operator's token (set SEATKEEPER_TOKEN to use another): %w", u.Host, err)
	}
	c.token = strings.TrimSpace(string(body))
	return nil
}

// send posts one piece. Where the API is too busy (429, 503) it is sent again, no sooner than the API asks and spread at
// random, so that several commands do not come back together. waiting is told of each wait.
func (c *client) send(ctx context.Context, piece []byte, waiting func(time.Duration)) (answer, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.Multiplier, waits.MaxInterval = c.firstWait, 2, 20*time.Second
	waits.RandomizationFactor = 1 // full jitter: from no wait at all to twice the interval
	var p problem
	a, err := backoff.Retry(ctx, func() (answer, error) {
		a, err := c.post(ctx, piece)
		if err != nil && !(errors.As(err, &p) && busy(p.Status)) {
			return a, backoff.Permanent(err)
		}
		return a, err
	}, backoff.WithBackOff(waits), backoff.WithMaxElapsedTime(c.patience), backoff.WithNotify(func(_ error, d time.Duration) { waiting(d) }))
	if errors.As(err, &p) {
		return a, p // without when to come back: nobody will
	}
	return a, err
}

func (c *client) post(ctx context.Context, piece []byte) (answer, error) {
	u := c.base.JoinPath("v1", "crm", "imports")
	u.RawQuery = c.query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(piece))
	if err != nil {
		return answer{}, fmt.Errorf("send a piece: %w", err)
	}
	// API Gateway hands text on as text, which breaks other encodings; as octets it stays what it is.
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Accept-Language", string(c.lang))
	req.Header.Set("Authorization", "Bearer "+c.token)
	body, err := c.do(req)
	if err != nil {
		return answer{}, err
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return answer{}, fmt.Errorf("read the answer of %s: %w", u.Host, err)
	}
	return a, nil
}

// do gives the body of a good answer. Any other is a problem, together with a backoff.RetryAfterError where the API says
// when to come back.
func (c *client) do(req *http.Request) ([]byte, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("nothing answers as it should (is Seatkeeper running there?): %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", req.URL.Host, err)
	}
	if resp.StatusCode == http.StatusOK {
		return body, nil
	}
	var p problem
	if json.Unmarshal(body, &p) != nil {
		p = problem{} // a gateway's own page: the status says all that is known
	}
	p.Status = resp.StatusCode
	after, said := retryAfter(resp.Header.Get("Retry-After"), time.Now())
	if !busy(p.Status) || !said {
		return nil, p
	}
	return nil, errors.Join(p, &backoff.RetryAfterError{Duration: after + rand.N(after+c.firstWait)})
}

// busy tells the statuses after which a repeat may do better.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// retryAfter reads the header's two forms, seconds and an instant.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(header); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}
