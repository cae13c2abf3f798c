package ses_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail/ses"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

var (
	t0 = time.Date(2027, 3, 1, 9, 30, 0, 123_000_000, time.UTC)
	us = mail.Address{Name: "Seatkeeper", Email: "no-reply@seatkeeper.example"}
)

// invitation is a message in French to somebody with accents.
func invitation(to string) mail.Message {
	return mail.Message{To: mail.Address{Name: "Zoë Müller", Email: to}, Lang: text.French, Subject: "Rejoignez Ateliers Noël", Text: "Éloïse vous a donné accès.", HTML: "<p>Éloïse vous a donné accès.</p>", ID: "usr_1-inv"}
}

// kept sends by a folder and reads what lies there.
func kept(t *testing.T, m mail.Message) string {
	t.Helper()
	folder := t.TempDir()
	mailer, err := mail.NewFile(folder, us)
	if err == nil {
		err = mailer.Send(context.Background(), m, t0)
	}
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds %v (%v)", files, err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// endpoint answers as the endpoint of SES does: it keeps what it took, and has a rate, a pause and readers that it rejects.
type endpoint struct {
	mu       sync.Mutex
	taken    []sesRequest
	asked    int
	throttle int               // so many requests are over the rate
	answers  map[string]answer // by reader; without one the message is taken
	silent   bool              // it takes the request and never answers
}

type answer struct {
	status        int
	kind, message string
}

type sesRequest struct {
	Content     struct{ Raw struct{ Data []byte } }
	Destination struct{ ToAddresses []string }
	EmailTags   []struct{ Name, Value string }
}

func (s *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	body, err := io.ReadAll(r.Body)
	var in sesRequest
	if err != nil || json.Unmarshal(body, &in) != nil || r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" || len(in.Destination.ToAddresses) != 1 {
		refuse(w, answer{http.StatusBadRequest, "BadRequestException", "not a call of SendEmail"})
		return
	}
	if s.silent {
		<-r.Context().Done()
		return
	}
	if s.throttle > 0 {
		s.throttle--
		refuse(w, answer{http.StatusTooManyRequests, "TooManyRequestsException", "Maximum sending rate exceeded."})
		return
	}
	if a, found := s.answers[in.Destination.ToAddresses[0]]; found {
		refuse(w, a)
		return
	}
	s.taken = append(s.taken, in)
	_, _ = io.WriteString(w, `{"MessageId": "0102"}`)
}

func refuse(w http.ResponseWriter, a answer) {
	w.Header().Set("X-Amzn-ErrorType", a.kind)
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, `{"message": "`+a.message+`"}`)
}

// mailer is the SDK's own client on the endpoint; it repeats at once, twice.
func (s *endpoint) mailer(t *testing.T) *ses.Mailer {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := sesv2.New(sesv2.Options{
		Region: "eu-west-3", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 3
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	})
	mailer, err := ses.New(client, us)
	if err != nil {
		t.Fatal(err)
	}
	return mailer
}

func TestSESTakesTheMessageThatAFolderKeeps(t *testing.T) {
	s := &endpoint{}
	m := invitation("zoe@reader.example")
	if err := s.mailer(t).Send(context.Background(), m, t0); err != nil {
		t.Fatal(err)
	}
	if len(s.taken) != 1 || string(s.taken[0].Content.Raw.Data) != kept(t, m) {
		t.Fatalf("taken: %+v", s.taken)
	}
	if got := s.taken[0]; got.Destination.ToAddresses[0] != "zoe@reader.example" || len(got.EmailTags) != 1 || got.EmailTags[0].Name != "mail" || got.EmailTags[0].Value != m.ID {
		t.Errorf("taken for %v with %v", got.Destination, got.EmailTags)
	}
}

func TestSESThrottlingPassesOrIsTemporary(t *testing.T) {
	s := &endpoint{throttle: 2}
	mailer := s.mailer(t)
	if err := mailer.Send(context.Background(), invitation("zoe@reader.example"), t0); err != nil || len(s.taken) != 1 {
		t.Errorf("after two refusals: %v, %d taken", err, len(s.taken))
	}
	s.throttle = 3
	if err := mailer.Send(context.Background(), invitation("zoe@reader.example"), t0); !errors.Is(err, mail.ErrTemporary) || errors.Is(err, mail.ErrRefused) || len(s.taken) != 1 {
		t.Errorf("throttled on: %v, %d taken", err, len(s.taken))
	}
}

func TestSESAnswersAreToldApart(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		want   error // nil: ours
	}{
		"rejected":                 {answer{400, "MessageRejected", "Address is on the suppression list."}, mail.ErrRefused},
		"the sender is unverified": {answer{400, "MessageRejected", "Email address is not verified. The following identities failed the check in region EU-WEST-3: no-reply@seatkeeper.example"}, nil},
		"quota used up":            {answer{400, "LimitExceededException", "Daily message quota exceeded."}, mail.ErrTemporary},
		"SES is down":              {answer{503, "InternalServiceErrorException", ""}, mail.ErrTemporary},
		"sending is paused":        {answer{400, "SendingPausedException", ""}, nil},
		"the account is suspended": {answer{400, "AccountSuspendedException", ""}, nil},
		"no right to send":         {answer{403, "AccessDeniedException", ""}, nil},
		"a request that is none":   {answer{400, "BadRequestException", ""}, nil},
	} {
		s := &endpoint{answers: map[string]answer{"zoe@reader.example": test.answer}}
		mailer := s.mailer(t)
		err := mailer.Send(context.Background(), invitation("zoe@reader.example"), t0)
		checkKind(t, name, err, test.want)
		if err := mailer.Send(context.Background(), invitation("other@reader.example"), t0); err != nil || len(s.taken) != 1 {
			t.Errorf("%s: the next reader gets none: %v", name, err)
		}
	}
}

// checkKind holds an error to one kind alone.
func checkKind(t *testing.T, name string, err, want error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: sent", name)
	}
	for _, kind := range []error{mail.ErrRefused, mail.ErrTemporary} {
		if errors.Is(err, kind) != (want == kind) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

func TestSESIsNotAskedForAnAddressThatItCannotTake(t *testing.T) {
	s := &endpoint{}
	checkKind(t, "beyond ASCII", s.mailer(t).Send(context.Background(), invitation("zoé@reader.example"), t0), mail.ErrRefused)
	if s.asked != 0 {
		t.Errorf("asked %d times", s.asked)
	}
}

func TestSESThatDoesNotAnswerIsTemporary(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := (&endpoint{silent: true}).mailer(t).Send(ctx, invitation("zoe@reader.example"), t0)
	checkKind(t, "silence", err, mail.ErrTemporary)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "usr_1-inv") {
		t.Errorf("%v", err)
	}
}

// A log may repeat the code of an answer and no word of it: SES quotes addresses.
func TestWhatSESSaidIsLoggedByItsCodeAlone(t *testing.T) {
	reader := "zoe@reader.example"
	s := &endpoint{answers: map[string]answer{reader: {http.StatusBadRequest, "MessageRejected", "Email address is not verified: " + reader}}}
	err := s.mailer(t).Send(context.Background(), invitation(reader), t0)
	if got := mail.Reason(err); got != "ours: SES MessageRejected" {
		t.Errorf("%q (of %v)", got, err)
	}
}
