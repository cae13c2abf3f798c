package dev_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/platform/token"
)

const audience = "seatkeeper-local"

// local is the endpoints on a server of their own.
type local struct {
	dev.Endpoints
	address string
}

func start(t *testing.T) *local {
	t.Helper()
	l := &local{}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	signs, err := issuer.Open(filepath.Join(t.TempDir(), "issuer.json"), server.URL+dev.IssuerPath, audience)
	if err != nil {
		t.Fatal(err)
	}
	l.address = server.URL
	l.Endpoints = dev.Endpoints{
		Issuer: signs, Clock: &dev.Clock{}, Faults: table.NewFaults(1), Bus: bus.NewFaults(1),
		World: demo.World{Accounts: map[string]id.Account{demo.French: "acc_fr", demo.English: "acc_en", demo.Other: "acc_xx"}},
	}
	handler = l.Handler()
	return l
}

// send asks as curl would, with headers on top.
func (l *local) send(t *testing.T, method, path, body string, headers ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "localhost:8080"
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestATokenIsBareAndTheAuthorizerBelievesIt(t *testing.T) {
	l := start(t)
	authorize := token.New(l.address+dev.IssuerPath, audience, l.address+dev.IssuerPath+"/jwks", time.Now).Authorize(func(err error) { t.Log(err) })
	for _, p := range demo.Personas() {
		status, bare := l.send(t, "GET", "/dev/token?persona="+p.Name, "")
		answer, err := authorize(context.Background(), events.APIGatewayV2CustomAuthorizerV2Request{Headers: map[string]string{"authorization": "Bearer " + bare}})
		if status != http.StatusOK || err != nil || !answer.IsAuthorized {
			t.Errorf("token of %s: %d %q, %v", p.Name, status, bare, err)
			continue
		}
		want := map[string]any{"issuer": l.address + dev.IssuerPath, "subject": "persona|" + p.Name, "email": p.Name + "@demo.example"}
		if diff := cmp.Diff(want, answer.Context); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.Name, diff)
		}
	}
	if status, said := l.send(t, "GET", "/dev/token?persona=nobody", ""); status != http.StatusNotFound || !strings.Contains(said, "billing-manager") {
		t.Errorf("a persona that is none: %d %s", status, said)
	}
}

// Tokens run out by the machine's clock: moving the rules' clock signs nobody out.
func TestATokenIsGoodWhereverTheClockWasMoved(t *testing.T) {
	l := start(t)
	authorize := token.New(l.address+dev.IssuerPath, audience, l.address+dev.IssuerPath+"/jwks", time.Now).Authorize(func(err error) { t.Log(err) })
	for _, by := range []string{"17520h", "-17520h"} {
		l.send(t, "POST", "/dev/clock", `{"advance": "`+by+`"}`)
		_, bare := l.send(t, "GET", "/dev/token?persona=admin", "")
		answer, err := authorize(context.Background(), events.APIGatewayV2CustomAuthorizerV2Request{Headers: map[string]string{"authorization": "Bearer " + bare}})
		if err != nil || !answer.IsAuthorized {
			t.Errorf("moved by %s: refused (%v)", by, err)
		}
	}
}

func TestPersonasAreListedWithTheirAccounts(t *testing.T) {
	_, said := start(t).send(t, "GET", "/dev/personas", "")
	var list []struct {
		Name, Person, Email, Kind string
		Roles                     []string
		Accounts                  []struct{ ID, Name string }
	}
	if err := json.Unmarshal([]byte(said), &list); err != nil || len(list) != len(demo.Personas()) {
		t.Fatalf("%d personas (%v): %s", len(list), err, said)
	}
	admin := list[1]
	if admin.Name != "admin" || admin.Email != "admin@demo.example" || admin.Kind != "member" || len(admin.Accounts) != 2 ||
		admin.Accounts[0].ID != "acc_fr" || admin.Accounts[1].Name != "Demo Works Ltd" {
		t.Errorf("admin is %+v", admin)
	}
}

func TestTheClockMovesTheTimeThatTheRulesSee(t *testing.T) {
	l := start(t)
	near := func(want time.Time) {
		t.Helper()
		if off := l.Clock.Now().Sub(want); off < -time.Second || off > time.Minute {
			t.Errorf("the clock is %s off", off)
		}
	}
	near(time.Now())
	l.send(t, "POST", "/dev/clock", `{"now": "2027-01-01T00:00:00Z"}`)
	newYear := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	near(newYear)
	l.send(t, "POST", "/dev/clock", `{"advance": "36h"}`)
	near(newYear.Add(36 * time.Hour))
	if _, said := l.send(t, "GET", "/dev/clock", ""); !strings.Contains(said, "2027-01-02T12:00:") {
		t.Errorf("shown as %s", said)
	}
	for _, wrong := range []string{``, `{}`, `[]`, `{"now": "tomorrow"}`, `{"advance": "1 day"}`, `{"advance": "1h", "reset": true}`, `{"faster": 2}`, `{"now": "2027-01-01T00:00:00Z", "advance": "1h"}`} {
		if status, _ := l.send(t, "POST", "/dev/clock", wrong); status != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	near(newYear.Add(36 * time.Hour))
	l.send(t, "POST", "/dev/clock", `{"reset": true}`)
	near(time.Now())
}

func TestFaultsAreArmedShownAndDisarmed(t *testing.T) {
	l := start(t)
	status, _ := l.send(t, "POST", "/dev/faults", `[{"call": "write", "mode": "conflict", "p": 0.3}, {"mode": "slow", "delay": "200ms", "times": 5, "skip": 1}]`)
	want := []table.Fault{{Call: "write", Mode: table.Conflict, P: 0.3}, {Mode: table.Slow, P: 1, Delay: 200 * time.Millisecond, Times: 5, Skip: 1}}
	if diff := cmp.Diff(want, l.Faults.Armed()); status != http.StatusOK || diff != "" {
		t.Errorf("%d, armed (-want +got):\n%s", status, diff)
	}
	_, shown := l.send(t, "GET", "/dev/faults", "")
	if _, again := l.send(t, "POST", "/dev/faults", shown); again != shown {
		t.Errorf("what is shown is taken for %s", again)
	}
	for _, wrong := range []string{``, `{}`, `[{}]`, `[{"mode": "explode"}]`, `[{"mode": "conflict", "call": "delete"}]`, `[{"mode": "conflict", "p": 2}]`, `[{"mode": "conflict", "p": -1}]`,
		`[{"mode": "slow"}]`, `[{"mode": "slow", "delay": "soon"}]`, `[{"mode": "conflict", "delay": "1s"}]`, `[{"mode": "conflict", "often": true}]`, `[{"mode": "conflict", "skip": -1}]`} {
		if status, _ := l.send(t, "POST", "/dev/faults", wrong); status != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	if diff := cmp.Diff(want, l.Faults.Armed()); diff != "" {
		t.Errorf("after wrong ones (-want +got):\n%s", diff)
	}
	if status, shown := l.send(t, "DELETE", "/dev/faults", ""); status != http.StatusOK || shown != "[]" || len(l.Faults.Armed()) != 0 {
		t.Errorf("disarmed: %d %s", status, shown)
	}
}

// A page of another site in the developer's browser can send requests here; it must move nothing and read nothing.
func TestAPageOfAnotherSiteIsRefused(t *testing.T) {
	l := start(t)
	for name, test := range map[string]struct {
		method, path, body string
		headers            []string
	}{
		"reads a token under a name of its own":   {"GET", "/dev/token?persona=operator", "", []string{"Host", "evil.example:8080"}},
		"reads the personas":                      {"GET", "/dev/personas", "", []string{"Host", "localhost.evil.example"}},
		"moves the clock":                         {"POST", "/dev/clock", `{"advance": "1h"}`, []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"}},
		"moves it from another port":              {"POST", "/dev/clock", `{"advance": "1h"}`, []string{"Sec-Fetch-Site", "same-site"}},
		"moves it from an old browser":            {"POST", "/dev/clock", `{"advance": "1h"}`, []string{"Origin", "https://evil.example"}},
		"moves it from a file":                    {"POST", "/dev/clock", `{"advance": "1h"}`, []string{"Origin", "null"}},
		"arms faults":                             {"POST", "/dev/faults", `[{"mode": "conflict"}]`, []string{"Sec-Fetch-Site", "cross-site"}},
		"disarms them under a name of its own":    {"DELETE", "/dev/faults", "", []string{"Host", "evil.example"}},
		"moves the clock under a name of its own": {"POST", "/dev/clock", `{"advance": "1h"}`, []string{"Host", "evil.example:8080", "Origin", "http://evil.example:8080"}},
	} {
		if status, said := l.send(t, test.method, test.path, test.body, test.headers...); status != http.StatusForbidden {
			t.Errorf("it %s: %d %s", name, status, said)
		}
	}
	if l.Clock.Moved() != 0 || len(l.Faults.Armed()) != 0 {
		t.Errorf("clock moved by %s, faults %v", l.Clock.Moved(), l.Faults.Armed())
	}
	for _, headers := range [][]string{
		nil, {"Host", "127.0.0.1:8080"}, {"Host", "[::1]:8080"}, {"Host", "LOCALHOST"}, {"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"Origin", "http://localhost:8080"},
	} {
		if status, said := l.send(t, "POST", "/dev/clock", `{"reset": true}`, headers...); status != http.StatusOK {
			t.Errorf("with %v our own page is refused: %d %s", headers, status, said)
		}
	}
}

// Containers ask for the keys under another name of the machine.
func TestTheIssuersDocumentsAnswerToAnyName(t *testing.T) {
	l := start(t)
	for _, path := range []string{"/dev/oidc/jwks", "/dev/oidc/.well-known/openid-configuration"} {
		if status, _ := l.send(t, "GET", path, "", "Host", "host.docker.internal:8080"); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestNothingElseIsUnderDev(t *testing.T) {
	l := start(t)
	for path, want := range map[string]int{"/dev/": 404, "/dev/oidc": 404, "/dev/oidc/": 404, "/dev/oidc/userinfo": 404, "/dev/oidc/token": 405} {
		if status, _ := l.send(t, "GET", path, ""); status != want {
			t.Errorf("GET %s: %d", path, status)
		}
	}
	if status, _ := l.send(t, "POST", "/dev/token?persona=admin", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("POST /dev/token: %d", status)
	}
}
