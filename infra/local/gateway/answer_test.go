package gateway

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func answering(r response) func(context.Context, request) (response, error) {
	return func(context.Context, request) (response, error) { return r, nil }
}

func TestAFunctionsAnswerIsPassedOn(t *testing.T) {
	w := ask(gatewayOf(t, answering(response{
		StatusCode: http.StatusCreated,
		Headers:    map[string]string{"Content-Type": "application/pdf", "ETag": `"1, 2"`, "Content-Length": "999", "Connection": "close", "Apigw-Requestid": "forged"},
		// Format 2.0 does not read these.
		MultiValueHeaders: map[string][]string{"X-Lost": {"1"}},
		Cookies:           []string{"a=1; Secure", "b=2"},
		Body:              "Y2Fm6Q==", IsBase64Encoded: true,
	}), open), "GET", "/v1/any", nil)
	if w.Code != http.StatusCreated || w.Body.String() != "caf\xe9" {
		t.Errorf("answer %d %q", w.Code, w.Body)
	}
	id := w.Header().Get("Apigw-Requestid")
	if id == "forged" {
		t.Error("the function gave the request another id")
	}
	want := http.Header{"Content-Type": {"application/pdf"}, "Etag": {`"1, 2"`}, "Set-Cookie": {"a=1; Secure", "b=2"}, "Apigw-Requestid": {id}}
	if diff := cmp.Diff(want, w.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestABodyWithoutATypeIsPlainText(t *testing.T) {
	w := ask(gatewayOf(t, answering(response{StatusCode: 200, Body: "<html>"}), open), "GET", "/v1/any", nil)
	if kind := w.Header().Get("Content-Type"); kind != "text/plain;charset=UTF-8" {
		t.Errorf("type %q", kind)
	}
}

func TestWhateverAFunctionDoesWrongIsOneAnswer(t *testing.T) {
	for name, function := range map[string]any{
		"an error":    func(context.Context, request) (response, error) { return response{}, errors.New("secret") },
		"a panic":     func(context.Context, request) (response, error) { panic("secret") },
		"no status":   answering(response{Body: "secret"}),
		"status 99":   answering(response{StatusCode: 99}),
		"status 101":  answering(response{StatusCode: 101}),
		"bad base64":  answering(response{StatusCode: 200, Body: "***", IsBase64Encoded: true}),
		"not JSON":    rawAnswer("secret"),
		"other JSON":  rawAnswer(`["secret"]`),
		"wrong types": rawAnswer(`{"statusCode": "200"}`),
	} {
		t.Run(name, func(t *testing.T) {
			g := gatewayOf(t, echo, open)
			if raw, ok := function.(rawAnswer); ok {
				for i := range g.routes {
					g.routes[i].function.handler = raw
				}
			} else {
				g = gatewayOf(t, function, open)
			}
			refuses(t, ask(g, "GET", "/v1/any", nil), http.StatusInternalServerError, "Internal Server Error")
		})
	}
}

// rawAnswer is a Lambda handler that answers these bytes.
type rawAnswer string

func (r rawAnswer) Invoke(context.Context, []byte) ([]byte, error) { return []byte(r), nil }

// stuck never answers, and tells whether it was asked to end.
type stuck struct{ ended chan struct{} }

func (s stuck) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	<-ctx.Done()
	close(s.ended)
	select {} // a function that does not listen
}

func TestAFunctionThatRunsOutOfTimeIsAnsweredFor(t *testing.T) {
	for _, test := range []struct {
		name              string
		timeout, patience time.Duration
		status            int
		message           string
	}{
		{"its own time is over", 20 * time.Millisecond, time.Hour, http.StatusInternalServerError, "Internal Server Error"},
		{"API Gateway's patience is over", 200 * time.Millisecond, 20 * time.Millisecond, http.StatusServiceUnavailable, "Service Unavailable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, slow := gatewayOf(t, echo, open), stuck{make(chan struct{})}
			for i := range g.routes {
				g.routes[i].function.handler, g.routes[i].function.timeout = slow, test.timeout
			}
			g.maxWait = test.patience
			refuses(t, ask(g, "GET", "/v1/open", nil), test.status, test.message)
			select {
			case <-slow.ended:
			case <-time.After(10 * time.Second):
				t.Error("the function's context did not end")
			}
		})
	}
}

func TestAFunctionGoesOnWhenItsClientHangsUp(t *testing.T) {
	began, hungUp, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	server := httptest.NewServer(gatewayOf(t, func(ctx context.Context, _ request) (response, error) {
		close(began)
		<-hungUp
		time.Sleep(50 * time.Millisecond) // for the server to notice
		ended <- ctx.Err()
		return response{StatusCode: 200}, nil
	}, open))
	defer server.Close()
	ctx, hangUp := context.WithCancel(t.Context())
	go func() { <-began; hangUp(); close(hungUp) }()
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/v1/open", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.DefaultClient.Do(r); err == nil {
		t.Fatal("the client did not hang up")
	}
	if err := <-ended; err != nil {
		t.Errorf("the function was ended: %v", err)
	}
}

// A path that cannot be decoded reaches nobody: Go's server refuses it as API Gateway does.
func TestAPathThatCannotBeDecodedIsABadRequest(t *testing.T) {
	server := httptest.NewServer(gatewayOf(t, func(context.Context, request) (response, error) {
		t.Error("the function was called")
		return response{StatusCode: 200}, nil
	}, open))
	defer server.Close()
	for _, path := range []string{"/v1/things/%zz", "/v1/things/%", "/v1/things/%2"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write([]byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
