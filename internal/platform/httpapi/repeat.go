package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	keyHeader = "Idempotency-Key"
	// longestKey is the most characters of an Idempotency-Key.
	longestKey = 255
	// keptFor is how long a repeat is answered with the first answer.
	keptFor = 48 * time.Hour
)

// repeat is what makes a request safe to repeat: where its answer is kept, and a digest of what it asked for. The
// operation, and with it the method, is in the key.
type repeat struct {
	key  table.Key
	hash string
	// expired is the rev of a record that has run out and that DynamoDB has not deleted yet; 0 where there is none.
	expired int
	// kept is the answer as the handler's transaction keeps it, once it does.
	kept *answer
}

// record is a kept answer.
type record struct {
	Hash   string `dynamodbav:"hash"`
	Status int    `dynamodbav:"status"`
	ETag   string `dynamodbav:"etag,omitempty"`
	Lang   string `dynamodbav:"lang"`
	Body   []byte `dynamodbav:"body,omitempty"`
	Rev    int    `dynamodbav:"rev"`
	// TTL is the second from which the record counts no more. DynamoDB deletes it within days of that.
	TTL int64 `dynamodbav:"ttl"`
}

// recall reads the request's Idempotency-Key, and answers the request if it was answered before.
func (api *API[A]) recall(x *exchange[A], r *http.Request, body []byte) error {
	if x.op.Key == NoKey {
		return nil
	}
	sent := r.Header.Values(keyHeader)
	if len(sent) == 0 {
		if x.op.Key == KeyRequired {
			return fault.New(fault.PreconditionRequired, "idempotency_key_required")
		}
		return nil
	}
	key := sent[0]
	if !isKey(key) {
		return fault.New(fault.Malformed, "idempotency_key_invalid")
	}
	s := x.loaded.Caller.Subject
	x.repeat = &repeat{
		key:  table.Idempotency(x.account, hash(s.Issuer, s.ID), x.op.ID, hash(key)),
		hash: hash(r.URL.Path, r.URL.RawQuery, string(body)),
	}
	_, err := api.replay(r.Context(), x)
	return err
}

// isKey tells whether a header is an Idempotency-Key: 1 to 255 characters of ASCII that can be seen.
func isKey(s string) bool {
	return s != "" && len(s) <= longestKey && !strings.ContainsFunc(s, func(c rune) bool { return c < '!' || c > '~' })
}

// replay answers the exchange from the record of its key, if there is one: the same bytes for the same request, 422 for
// another one.
func (api *API[A]) replay(ctx context.Context, x *exchange[A]) (found bool, err error) {
	item, err := api.config.Table.Get(ctx, x.repeat.key)
	if err != nil || item == nil {
		return false, err
	}
	var kept record
	if err := table.Decode(item, &kept); err != nil {
		return false, err
	}
	if kept.TTL <= x.now.Unix() {
		x.repeat.expired = kept.Rev
		return false, nil
	}
	if kept.Hash != x.repeat.hash {
		return false, fault.New(fault.Invalid, "idempotency_key_reused")
	}
	x.answer = answer{status: kept.Status, etag: kept.ETag, lang: text.Lang(kept.Lang), body: kept.Body, replay: true}
	return true, nil
}

// keep turns an output into the answer that will be given, and the operation that keeps it.
func (x *exchange[A]) keep(out any) ([]table.Op, error) {
	a, err := x.answerOf(out)
	if err != nil {
		return nil, err
	}
	item, err := table.Encode(record{
		Hash: x.repeat.hash, Status: a.status, ETag: a.etag, Lang: string(a.lang), Body: a.body,
		Rev: x.repeat.expired + 1, TTL: x.now.Add(keptFor).Unix(),
	})
	if err != nil {
		return nil, err
	}
	x.repeat.kept = &a
	// An expired record is in the way until DynamoDB deletes it, and may be written over once: a twin loses.
	cond := table.Absent()
	if x.repeat.expired != 0 {
		cond = table.Rev(x.repeat.expired)
	}
	return []table.Op{table.Put(x.repeat.key, item, cond)}, nil
}

// succeed settles the exchange with an output. What was kept is what is sent.
func (x *exchange[A]) succeed(out any) error {
	if x.repeat != nil && x.repeat.kept != nil {
		x.answer = *x.repeat.kept
		return nil
	}
	a, err := x.answerOf(out)
	x.answer = a
	return err
}

func (x *exchange[A]) answerOf(out any) (answer, error) {
	a := answer{status: x.op.Success, lang: x.lang}
	if r, ok := out.(Revisioned); ok {
		a.etag = ETag(r.Revision())
	}
	if _, none := out.(*NoBody); none {
		return a, nil
	}
	if d, is := out.(*Document); is {
		return x.answerDocument(d, a), nil
	}
	if page, lists := out.(listing); lists && x.csv {
		return x.answerCSV(page, a)
	}
	body, err := encode(out)
	if err != nil {
		return answer{}, err
	}
	a.body = body
	return a, nil
}

// twinOr looks for an answer once more after a handler failed: a twin of the request may have won since, or the
// handler's own transaction took effect and its answer was lost. Without either the handler's error stands.
func (api *API[A]) twinOr(ctx context.Context, x *exchange[A], failed error) error {
	if x.repeat == nil {
		return failed
	}
	found, err := api.replay(ctx, x)
	switch {
	case found:
		return nil
	case fault.Is(err, "idempotency_key_reused"):
		return err
	default:
		return failed // a look-up that failed too says nothing new
	}
}

// hash is a digest of words that cannot be confused by moving a letter from one to the next.
func hash(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		sum := sha256.Sum256([]byte(w))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
