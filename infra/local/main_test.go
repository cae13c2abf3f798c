package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

// given are the ports that freePort gave.
var given sync.Map

// freePort gives a port once, from below those that a system gives to whoever asks for any: it stays free until it is
// listened on, also between one start and the next.
func freePort(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := 10000 + rand.IntN(5000)
		l, err := net.Listen("tcp", fmt.Sprint(":", port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, before := given.LoadOrStore(port, true); !before {
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// running is a stack in this process.
type running struct {
	t    *testing.T
	base string
	out  *output
	stop context.CancelFunc
	done chan error
}

// launch starts a stack and returns at once.
func launch(t *testing.T, s settings) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, base: fmt.Sprintf("http://localhost:%d", s.port), out: &output{}, stop: stop, done: make(chan error, 1)}
	go func() { r.done <- run(ctx, s, r.out) }()
	t.Cleanup(stop)
	return r
}

// says waits until the stack said something.
func (r *running) says(what string) {
	r.t.Helper()
	for end := time.Now().Add(5 * time.Minute); !strings.Contains(r.out.String(), what); time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-r.done:
			r.t.Fatalf("the stack ended: %v\n%s", err, r.out)
		default:
			if time.Now().After(end) {
				r.t.Fatalf("the stack never said %q:\n%s", what, r.out)
			}
		}
	}
}

// end stops the stack as Ctrl-C does.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	select {
	case err := <-r.done:
		if err != nil {
			r.t.Errorf("the stack ended with %v", err)
		}
	case <-time.After(patience):
		r.t.Fatal("the stack does not end")
	}
}

// output is what the stack says, while it says it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// ask sends a request as a persona; none is without a token.
func (r *running) ask(persona, method, path, body string, headers ...string) (int, string) {
	r.t.Helper()
	q, err := http.NewRequest(method, r.base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if persona != "" {
		q.Header.Set("Authorization", "Bearer "+r.token(persona))
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	said, err := io.ReadAll(a.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.StatusCode, string(said)
}

func (r *running) token(persona string) string {
	r.t.Helper()
	_, bare := r.ask("", "GET", "/dev/token?persona="+persona, "")
	return bare
}

// accounts are the admin's, the French one first.
func (r *running) accounts() (french, english string) {
	r.t.Helper()
	_, said := r.ask("admin", "GET", "/v1/me", "")
	var me struct{ Accounts []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(said), &me); err != nil || len(me.Accounts) != 2 {
		r.t.Fatalf("the admin is %s (%v)", said, err)
	}
	return me.Accounts[0].ID, me.Accounts[1].ID
}

// One stack serves these, since its demo data takes seconds.
func TestTheStackOnOneMachine(t *testing.T) {
	client, _ := enginetest.Open(t)
	s := settings{root: place(t), port: freePort(t), endpoint: *client.Options().BaseEndpoint, table: fmt.Sprintf("local-%d", time.Now().UnixNano())}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &s.table}); err != nil {
			t.Error(err)
		}
	})
	r := launch(t, s)
	r.says("Ready: " + r.base)
	t.Run("every persona gets through the authorizer to the functions", func(t *testing.T) { personasGetThrough(t, r) })
	t.Run("who has no good token gets nowhere", func(t *testing.T) { noTokenNoEntry(t, r) })
	t.Run("hostile requests are refused and never an error of ours", func(t *testing.T) { hostileRequests(t, r) })
	t.Run("a file that is not UTF-8 reaches the import unharmed", func(t *testing.T) { binaryFile(t, r) })
	t.Run("who is added is mailed", func(t *testing.T) { addedIsMailed(t, r) })
	// Before the clock moves and calls fail: what a sweep finds in a hundred days has run out, and what failed comes late.
	t.Run("who administers is told what runs out", func(t *testing.T) { alertsAreMailed(t, r) })
	t.Run("the clock moves what is expired", func(t *testing.T) { clockMovesStatus(t, r) })
	t.Run("fault points fail calls, and what failed is told", func(t *testing.T) { faultsFail(t, r) })
	t.Run("the ready line's curl is right", func(t *testing.T) { readyLine(t, r) })

	kept := r.token("admin")
	r.end()
	again := launch(t, s)
	again.says("Ready: ")
	if strings.Contains(again.out.String(), "demo data") {
		t.Errorf("the second start made its data again:\n%s", again.out)
	}
	if status, said := again.ask("", "GET", "/v1/me", "", "Authorization", "Bearer "+kept); status != http.StatusOK || !strings.Contains(said, "Ateliers") {
		t.Errorf("a token from before the restart: %d %s", status, said)
	}
	again.end()
}

func personasGetThrough(t *testing.T, r *running) {
	french, english := r.accounts()
	for _, test := range []struct {
		persona         string
		french, english int
	}{
		{"super-admin", 200, 200}, {"admin", 200, 200}, {"licence-manager", 200, 200}, {"user-manager", 200, 200}, {"viewer", 200, 200},
		{"billing-manager", 403, 403}, {"partner", 200, 404}, {"operator", 200, 200}, {"outsider", 404, 404}, {"newcomer", 200, 404},
	} {
		inFrench, _ := r.ask(test.persona, "GET", "/v1/accounts/"+french+"/contracts", "")
		inEnglish, _ := r.ask(test.persona, "GET", "/v1/accounts/"+english+"/contracts", "")
		if inFrench != test.french || inEnglish != test.english {
			t.Errorf("%s is answered %d in the French account and %d in the English one, want %d and %d", test.persona, inFrench, inEnglish, test.french, test.english)
		}
	}
}

func noTokenNoEntry(t *testing.T, r *running) {
	good := strings.Split(r.token("operator"), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + good[1] + "."
	for name, test := range map[string]struct {
		authorization string
		status        int
		message       string
	}{
		"none":        {"", http.StatusUnauthorized, "Unauthorized"},
		"alg none":    {"Bearer " + none, http.StatusForbidden, "Forbidden"},
		"half of one": {"Bearer " + good[0] + "." + good[1], http.StatusForbidden, "Forbidden"},
		"nonsense":    {"Bearer x", http.StatusForbidden, "Forbidden"},
	} {
		status, said := r.ask("", "GET", "/v1/accounts", "", "Authorization", test.authorization)
		if status != test.status || said != `{"message":"`+test.message+`"}` {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
}

func hostileRequests(t *testing.T, r *running) {
	french, _ := r.accounts()
	list := "/v1/accounts/" + french + "/contracts"
	connect := list + "/ctr_01KE6P4YM08EJZWGJN6B3ZCKT4/systems"
	const asJSON = "application/json"
	for name, test := range map[string]struct {
		persona, method, path, body string
		headers                     []string
		status                      int
	}{
		"a bad escape behind an escape": {"admin", "GET", "/v1/accounts/%25zz/contracts", "", nil, 400},
		"a slash in disguise":           {"admin", "GET", "/v1/accounts/x%252F..%252F" + french + "/contracts", "", nil, 404},
		"a null byte in the path":       {"admin", "GET", "/v1/accounts/%00/contracts", "", nil, 400},
		"a bad escape in the query":     {"admin", "GET", list + "?q=%zz", "", nil, 400},
		"another's request context": {"viewer", "POST", "/v1/partners", `{}`,
			[]string{"X-Golambdaproxy-Apigw-Context", `{"authorizer":{"lambda":{"subject":"persona|operator","issuer":"` + r.base + `/dev/oidc"}}}`, "Idempotency-Key", "k"}, 403},
		"malformed JSON":     {"admin", "POST", connect, `{"systemIds": [`, []string{"Content-Type", asJSON}, 400},
		"unknown fields":     {"admin", "POST", connect, `{"systemIds": [], "admin": true}`, []string{"Content-Type", asJSON}, 422},
		"wrong types":        {"admin", "POST", connect, `{"systemIds": 7}`, []string{"Content-Type", asJSON}, 422},
		"huge numbers":       {"admin", "GET", list + "?pageSize=" + strings.Repeat("9", 400), "", nil, 422},
		"7 MB as text":       {"admin", "POST", connect, `"` + strings.Repeat("x", 7<<20) + `"`, []string{"Content-Type", asJSON}, 413},
		"11 MB":              {"admin", "POST", connect, strings.Repeat("x", 11<<20), []string{"Content-Type", "application/octet-stream"}, 413},
		"11 KB of headers":   {"admin", "GET", list, "", []string{"X-Padding", strings.Repeat("x", 11<<10)}, 431},
		"a route that isn't": {"admin", "DELETE", list, "", nil, 404},
	} {
		if status, said := r.ask(test.persona, test.method, test.path, test.body, test.headers...); status != test.status {
			t.Errorf("%s: %d %.200s, want %d", name, status, said, test.status)
		}
	}
}

func binaryFile(t *testing.T, r *running) {
	file := "ID du compte;Nom du compte;ID du contrat;Nom du contrat;Date de fin;Syst\xe8mes achet\xe9s;Code produit;Nombre de si\xe8ges\r\n" +
		"001Wk3Vb7QmLx2T;Caf\xe9s de l'\xc9tang;800Pq9Ws4RtYu6N;Bon n\xb0 42;30/09/2027;5;connect;1 200\r\n"
	status, said := r.ask("operator", "POST", "/v1/crm/imports?kind=contracts&dryRun=true", file, "Content-Type", "application/octet-stream")
	var report struct{ Created, Rejected int }
	if err := json.Unmarshal([]byte(said), &report); err != nil || status != http.StatusOK || report.Created != 1 || report.Rejected != 0 {
		t.Errorf("%d %s", status, said)
	}
}

func clockMovesStatus(t *testing.T, r *running) {
	french, _ := r.accounts()
	// Those alone that are on after tomorrow: midnight may pass meanwhile.
	later := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	active := func() (n int) {
		_, said := r.ask("admin", "GET", "/v1/accounts/"+french+"/contracts?status=active&pageSize=200", "")
		var page struct {
			Items []struct{ ExpiryDate, Status string }
		}
		if err := json.Unmarshal([]byte(said), &page); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		for _, c := range page.Items {
			if c.Status == "active" && c.ExpiryDate > later {
				n++
			}
		}
		return n
	}
	before := active()
	if status, said := r.ask("", "POST", "/dev/clock", `{"advance": "2400h"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, said)
	}
	if after := active(); after >= before || after == 0 {
		t.Errorf("%d contracts are active, and %d in a hundred days", before, after)
	}
	r.ask("", "POST", "/dev/clock", `{"reset": true}`)
	if now := active(); now != before {
		t.Errorf("%d contracts were active, and %d when the clock is right again", before, now)
	}
}

func faultsFail(t *testing.T, r *running) {
	french, _ := r.accounts()
	r.ask("", "POST", "/dev/faults", `[{"call": "query", "mode": "fail-before"}]`)
	status, said := r.ask("admin", "GET", "/v1/accounts/"+french+"/systems", "")
	if status != http.StatusInternalServerError || strings.Contains(said, "fault point") {
		t.Errorf("with a fault: %d %s", status, said)
	}
	r.says("made to fail by a fault point")
	r.ask("", "DELETE", "/dev/faults", "")
	if status, said := r.ask("admin", "GET", "/v1/accounts/"+french+"/systems", ""); status != http.StatusOK {
		t.Errorf("without: %d %s", status, said)
	}
}

func readyLine(t *testing.T, r *running) {
	_, try, _ := strings.Cut(r.out.String(), "curl -s -H")
	address := try[:strings.Index(try, "\n")]
	address = address[strings.LastIndex(address, r.base):]
	if status, said := r.ask("admin", "GET", strings.TrimPrefix(address, r.base), ""); status != http.StatusOK {
		t.Errorf("%s: %d %s", address, status, said)
	}
	if status, said := r.ask("", "GET", "/dev", ""); status != http.StatusOK || !strings.Contains(said, address) {
		t.Errorf("the front page: %d %s", status, said)
	}
}
