package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// api stands in for Seatkeeper: it reads pieces with the real limits and the real reader, rejects expiry dates that
// cannot be read, and remembers the rows it took, so that a repeat finds them unchanged.
type api struct {
	t        *testing.T
	lang     text.Lang // the answers' language that is expected of the command
	dryRun   string
	asOf     string
	taken    map[string]bool
	pieces   int
	personas []string
	// before may answer in the API's place; it is told which call this is, from 1.
	before func(call int, w http.ResponseWriter) (done bool)
	calls  int
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/dev/token" {
		a.personas = append(a.personas, r.URL.Query().Get("persona"))
		fmt.Fprintln(w, "local-token")
		return
	}
	want := map[string]string{"Content-Type": "application/octet-stream", "Accept-Language": string(a.lang), "Authorization": "Bearer local-token"}
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			a.t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	query := url.Values{"kind": {"contracts"}, "dryRun": {a.dryRun}}
	if a.asOf != "" {
		query.Set("asOf", a.asOf)
	}
	if diff := cmp.Diff(query, r.URL.Query()); diff != "" || r.Method != http.MethodPost || r.URL.Path != "/v1/crm/imports" {
		a.t.Errorf("%s %s: %s", r.Method, r.URL, diff)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	a.calls++
	if a.before != nil && a.before(a.calls, w) {
		return
	}
	a.answer(w, body)
}

func (a *api) answer(w http.ResponseWriter, body []byte) {
	columns, _, err := intake.Contracts.Columns()
	if err != nil {
		a.t.Fatal(err)
	}
	s, err := sheet.Parse(body, columns, intake.MaxRows)
	if err != nil || len(body) > intake.MaxBytes {
		a.t.Errorf("a piece of %d bytes: %v", len(body), err)
		return
	}
	a.pieces++
	var out answer
	for _, p := range s.Problems {
		out.reject(p)
	}
	for _, r := range s.Rows {
		if _, err := r.Date("expiryDate"); err != nil {
			out.reject(err.(sheet.Problem))
			continue
		}
		key := r.Text("contractId") + "/" + r.Text("productCode")
		switch {
		case a.taken[key]:
			out.Unchanged++
		default:
			out.Created++
			if a.dryRun == "false" {
				a.taken[key] = true
			}
		}
		if r.Text("seats") == "0" {
			out.Warnings = append(out.Warnings, finding{Line: r.Line, Column: "seats", Code: "full", Detail: "No seat."})
		}
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		a.t.Error(err)
	}
}

func (a *answer) reject(p sheet.Problem) {
	a.Rejected++
	a.Rejections = append(a.Rejections, finding{Line: p.Line, Column: p.Column, Code: p.Code, Detail: p.Say(text.French)})
}

// imported runs the command against the API.
func imported(ctx context.Context, t *testing.T, a *api, locale string, args ...string) (exit int, out, diagnostics string) {
	t.Helper()
	t.Setenv("SEATKEEPER_TOKEN", "")
	a.t = t
	if a.taken == nil {
		a.taken = map[string]bool{}
	}
	if a.dryRun == "" {
		a.dryRun = "false"
	}
	server := httptest.NewServer(a)
	defer server.Close()
	var o, d bytes.Buffer
	exit = run(ctx, append([]string{"--kind", "contracts", "--url", server.URL}, args...), locale, &o, &d)
	return exit, o.String(), d.String()
}

const title = "ID du compte;Nom du compte;ID du contrat;Nom du contrat;Date de fin du contrat;Systèmes achetés;Code produit;Nombre de sièges\n"

// export is a file of n contracts of two lines each, in two physical lines each; those named expire on no day.
func export(t *testing.T, n int, noDay ...int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n" + title) // the header stands in line 2
	for i := range n {
		end := "28/02/2027"
		for _, wrong := range noDay {
			if wrong == i {
				end = "31/02/2027"
			}
		}
		for _, product := range []string{"base", "extra"} {
			fmt.Fprintf(&b, "a;=Été;c%d;\"two\nlines\";%s;3;%s;\n", i, end, product)
		}
	}
	b.WriteString("\nReport\n")
	name := filepath.Join(t.TempDir(), "contracts.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFileOfAnySizeIsSentInPiecesAndAnsweredInItsOwnLines(t *testing.T) {
	name := export(t, 400, 0, 399)
	a := &api{lang: text.French}
	exit, out, diagnostics := imported(t.Context(), t, a, "fr_FR.UTF-8", name)
	want := name + `: 800 of 800 rows
  created 796 · changed 0 · unchanged 0 · skipped 0 · rejected 4
  rejected:
    line 3 · Date de fin du contrat: Ce jour n’existe pas : « 31/02/2027 ».
    line 5 · Date de fin du contrat: Ce jour n’existe pas : « 31/02/2027 ».
    line 1599 · Date de fin du contrat: Ce jour n’existe pas : « 31/02/2027 ».
    line 1601 · Date de fin du contrat: Ce jour n’existe pas : « 31/02/2027 ».
`
	if diff := cmp.Diff(want, out); diff != "" || exit != rejected || diagnostics != "" {
		t.Errorf("exit %d, %q, %s", exit, diagnostics, diff)
	}
	if a.pieces != 4 || cmp.Diff([]string{"operator"}, a.personas) != "" {
		t.Errorf("%d pieces, signed in as %q", a.pieces, a.personas)
	}
}

func TestRunningAgainIsHarmless(t *testing.T) {
	name := export(t, 200)
	a := &api{lang: text.English}
	if exit, out, _ := imported(t.Context(), t, a, "C", name); exit != allTaken || !strings.Contains(out, "created 400 · changed 0 · unchanged 0") {
		t.Errorf("first: exit %d, %s", exit, out)
	}
	if exit, out, _ := imported(t.Context(), t, a, "", name); exit != allTaken || !strings.Contains(out, "created 0 · changed 0 · unchanged 400") {
		t.Errorf("second: exit %d, %s", exit, out)
	}
}

func TestDryRunAndInstantAreHandedOn(t *testing.T) {
	a := &api{lang: text.English, dryRun: "true", asOf: "2026-11-21T07:12:00Z"}
	exit, out, diagnostics := imported(t.Context(), t, a, "en_GB.UTF-8", "--dry-run", "--as-of", "2026-11-21T08:12:00+01:00", export(t, 1))
	if exit != allTaken || len(a.taken) != 0 || !strings.HasSuffix(out, "Dry run: nothing was written.\n") {
		t.Errorf("exit %d, %s, %s", exit, out, diagnostics)
	}
}

func TestRejectedRowsOfTheWholeFileAreWrittenToBeMendedAndSentAgain(t *testing.T) {
	name := export(t, 300, 1, 299)
	mended := filepath.Join(t.TempDir(), "rejected.csv")
	a := &api{lang: text.French}
	exit, out, diagnostics := imported(t.Context(), t, a, "fr_CA", "--rejected", mended, name)
	if exit != rejected || !strings.HasSuffix(out, "The rejected rows are in "+mended+".\n") {
		t.Fatalf("exit %d, %s, %s", exit, out, diagnostics)
	}
	body, err := os.ReadFile(mended)
	if err != nil {
		t.Fatal(err)
	}
	row := func(contract, product string, line int) string {
		return "a;'=Été;" + contract + ";\"two\nlines\";31/02/2027;3;" + product + ";;" + fmt.Sprint(line) + ";Date de fin du contrat;Ce jour n’existe pas : « 31/02/2027 ».\n"
	}
	want := "\ufeff" + strings.TrimSuffix(title, "\n") + ";Ligne;Colonne;Motif\n" +
		row("c1", "base", 7) + row("c1", "extra", 9) + row("c299", "base", 1199) + row("c299", "extra", 1201)
	if diff := cmp.Diff(want, string(body)); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(mended, bytes.ReplaceAll(body, []byte("31/02"), []byte("28/02")), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, out, _ = imported(t.Context(), t, a, "fr_CA", "--rejected", mended, mended)
	if exit != allTaken || len(a.taken) != 600 || !strings.HasSuffix(out, "No row was rejected, so "+mended+" was not written.\n") {
		t.Errorf("exit %d, %d taken, %s", exit, len(a.taken), out)
	}
}

func TestWarningsAreToldInTheFilesLinesAndCostNothing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "contracts.csv")
	if err := os.WriteFile(name, []byte(title+"a;b;c1;d;2027-02-28;3;base;1\n\na;b;c2;d;2027-02-28;3;base;0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, out, _ := imported(t.Context(), t, &api{lang: text.English}, "C.UTF-8", name)
	if exit != allTaken || !strings.HasSuffix(out, "  warnings:\n    line 4 · Nombre de sièges: No seat.\n") {
		t.Errorf("exit %d, %s", exit, out)
	}
}

func TestCountsOfAllPiecesAreAddedUp(t *testing.T) {
	f := &file{}
	one := answer{Created: 1, Changed: 2, Unchanged: 3, Skipped: 4, Rejected: 5}
	f.add(sheet.Piece{}, one)
	f.add(sheet.Piece{}, one)
	if diff := cmp.Diff(answer{Created: 2, Changed: 4, Unchanged: 6, Skipped: 8, Rejected: 10}, f.sum); diff != "" || f.sent != 2 {
		t.Errorf("%d pieces, %s", f.sent, diff)
	}
}

func TestBusyAPIIsAskedAgainNoSoonerThanItSays(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		a := &api{lang: text.English, before: func(call int, w http.ResponseWriter) bool {
			if call == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(status)
			}
			return call == 1
		}}
		began := time.Now()
		exit, out, diagnostics := imported(t.Context(), t, a, "en", export(t, 1))
		if exit != allTaken || a.calls != 2 || time.Since(began) < time.Second {
			t.Errorf("%d: exit %d after %d calls in %s, %s%s", status, exit, a.calls, time.Since(began), out, diagnostics)
		}
	}
}

func TestPatienceWithABusyAPIEnds(t *testing.T) {
	a := &api{t: t, lang: text.English, dryRun: "false", before: func(_ int, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"status":503,"code":"busy","detail":"Try again in a moment."}`)
		return true
	}}
	server := httptest.NewServer(a)
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{http: server.Client(), base: base, token: "local-token", lang: text.English, query: command{Kind: intake.Contracts}.query(),
		firstWait: time.Millisecond, patience: 3 * time.Second}
	waits := 0
	_, err = c.send(t.Context(), []byte(title), func(time.Duration) { waits++ })
	if err == nil || err.Error() != "Try again in a moment. (503 busy)" || a.calls != waits+1 || waits < 2 {
		t.Errorf("%v after %d calls and %d waits", err, a.calls, waits)
	}
}

func TestRefusalStopsTheCommandAndSaysHowFarItCame(t *testing.T) {
	name := export(t, 200)
	a := &api{lang: text.English, before: func(call int, w http.ResponseWriter) bool {
		if call == 2 {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"status":403,"code":"permission_missing","title":"No","detail":"Operators \u001b[2Jonly."}`)
		}
		return call == 2
	}}
	exit, out, diagnostics := imported(t.Context(), t, a, "en", name)
	want := "import: " + name + ": stopped at line 503, after 1 of 2 pieces: Operators  [2Jonly. (403 permission_missing)\n" +
		"What was sent before that line is in, and some of the piece that it begins may be. Running the same command again is harmless: rows that are in are found unchanged.\n"
	if diff := cmp.Diff(want, diagnostics); diff != "" || exit != failed || !strings.Contains(out, ": 250 of 400 rows\n  created 250 ") {
		t.Errorf("exit %d, %s, %s", exit, out, diff)
	}
}

func TestInterruptedCommandSaysThatRunningAgainIsHarmless(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	name := export(t, 200)
	a := &api{lang: text.English, before: func(call int, w http.ResponseWriter) bool {
		if call == 2 {
			interrupt()
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return call == 2
	}}
	exit, out, diagnostics := imported(ctx, t, a, "en", name)
	if exit != failed || !strings.Contains(diagnostics, "stopped at line 503, after 1 of 2 pieces: interrupted\n") ||
		!strings.Contains(diagnostics, "again is harmless") || !strings.Contains(out, ": 250 of 400 rows\n") {
		t.Errorf("exit %d, %s%s", exit, out, diagnostics)
	}
}

func TestNothingIsSentBeforeEverythingIsInOrder(t *testing.T) {
	noHeader := filepath.Join(t.TempDir(), "wrong.csv")
	if err := os.WriteFile(noHeader, []byte("ID du compte;Nom du compte\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := export(t, 1)
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"a column is missing in the second file", []string{good, noHeader}, "import: " + noHeader + ": Il manque au fichier : ID du contrat, "},
		{"rejected rows of two files", []string{"--rejected", "x.csv", good, good}, "--rejected takes the rows of one file"},
		{"no file", nil, "expected \"<file> ...\""},
		{"a file that is not there", []string{good + ".not"}, "no such file"},
		{"an unknown kind", []string{"--kind", "orders", good}, "--kind must be one of"},
		{"an instant that is none", []string{"--as-of", "yesterday", good}, "--as-of"},
		{"a token in the clear", []string{"--url", "http://seatkeeper.example.com", good}, "in the clear"},
		{"no token for an address elsewhere", []string{"--url", "https://seatkeeper.example.com", good}, "set SEATKEEPER_TOKEN"},
		{"an address that is none", []string{"--url", "seatkeeper", good}, "write an address"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &api{lang: text.French}
			exit, _, diagnostics := imported(t.Context(), t, a, "fr", test.args...)
			if exit != failed || a.calls != 0 || !strings.Contains(diagnostics, test.want) {
				t.Errorf("exit %d after %d calls, %s", exit, a.calls, diagnostics)
			}
		})
	}
}

func TestDeadAddressAndForeignAnswersFailClearly(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/dev/token" {
			fmt.Fprint(w, "<html>Welcome</html>")
			return
		}
		fmt.Fprint(w, "t")
	}))
	for want, args := range map[string][]string{
		"import: ask ":       {"--url", "http://127.0.0.1:1"},
		"read the answer of": {"--url", server.URL},
	} {
		var out, diagnostics bytes.Buffer
		t.Setenv("SEATKEEPER_TOKEN", "")
		exit := run(t.Context(), append([]string{"--kind", "contracts", export(t, 1)}, args...), "en", &out, &diagnostics)
		if exit != failed || !strings.Contains(diagnostics.String(), want) {
			t.Errorf("exit %d, %s", exit, diagnostics.String())
		}
	}
	server.Close()
}

func TestRetryAfterIsReadInBothItsForms(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 12, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"3": 3 * time.Second, "0": 0, "Sat, 21 Nov 2026 08:12:07 GMT": 7 * time.Second, "Sat, 21 Nov 2026 08:11:00 GMT": 0,
		"": -1, "soon": -1, "-3": -1,
	} {
		got, ok := retryAfter(header, now)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
