package portal_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/portal"
)

func built(t *testing.T) http.Handler {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"index.html": "<!doctype html>", "seat.svg": "<svg/>", "assets/index-1.js": "1"} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return portal.Handler(folder, portal.Config{Issuer: "http://localhost:8080/dev/oidc", ClientID: "c", TokenEndpoint: "/dev/oidc/token"})
}

func get(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestEveryAddressOfThePortalIsItsOnePageAndAFileIsAFile(t *testing.T) {
	h := built(t)
	for _, test := range []struct {
		path, body, cache string
		status            int
	}{
		{"/", "<!doctype html>", portal.Fresh, 200},
		{"/index.html", "<!doctype html>", portal.Fresh, 200},
		{"/accounts/acc_1/contracts", "<!doctype html>", portal.Fresh, 200},
		{"/accounts/acc_1/products/a.b", "<!doctype html>", portal.Fresh, 200}, // a dot further down makes no file
		{"/signed-in", "<!doctype html>", portal.Fresh, 200},
		{"/seat.svg", "<svg/>", portal.Fresh, 200},
		{"/assets/index-1.js", "1", portal.Immutable, 200},
		{"/assets/index-0.js", "404 page not found\n", portal.Fresh, 404}, // a page in a script's place would break the reader's page
		{"/assets/", "404 page not found\n", portal.Fresh, 404},
		{"/assets/../index.html", "<!doctype html>", portal.Fresh, 200},
		{"/assets/../../portal_test.go", "404 page not found\n", portal.Fresh, 404},
		{"/none.txt", "404 page not found\n", portal.Fresh, 404},
	} {
		w := get(h, "GET", test.path)
		if w.Code != test.status || w.Body.String() != test.body || w.Header().Get("Cache-Control") != test.cache {
			t.Errorf("%s: %d %q, cache %q", test.path, w.Code, w.Body, w.Header().Get("Cache-Control"))
		}
		for _, header := range portal.Headers() {
			if got := w.Header().Get(header.Name); got != header.Value {
				t.Errorf("%s: %s is %q", test.path, header.Name, got)
			}
		}
	}
	if w := get(h, "POST", "/"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// As CloudFront: text of a kilobyte and more, for whom it is of use. A file that changes is compressed anew.
func TestWhatIsLargeIsCompressedForWhoeverTakesIt(t *testing.T) {
	folder := t.TempDir()
	build := func(name string, content string, at time.Time) {
		file := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644), os.Chtimes(file, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	h := portal.Handler(folder, portal.Config{})
	read := func(name, accepts string) (encoding, content string) {
		r := httptest.NewRequest("GET", "/assets/"+name, nil)
		r.Header.Set("Accept-Encoding", accepts)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		body := io.Reader(w.Body)
		if encoding = w.Header().Get("Content-Encoding"); encoding == "gzip" {
			unpacked, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = unpacked
		}
		text, err := io.ReadAll(body)
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %v", name, w.Code, err)
		}
		return encoding, string(text)
	}
	first, second := strings.Repeat("const a = 1\n", 200), strings.Repeat("const b = 2\n", 200)
	build("assets/a.js", first, time.Unix(1_000_000, 0))
	build("assets/small.js", "const a = 1\n", time.Unix(1_000_000, 0))
	build("assets/picture.png", first, time.Unix(1_000_000, 0))
	for _, test := range []struct{ name, accepts, encoding, content string }{
		{"a.js", "gzip, deflate, br", "gzip", first},
		{"a.js", "gzip", "gzip", first}, // from what was compressed before
		{"a.js", "identity", "", first},
		{"small.js", "gzip", "", "const a = 1\n"},
		{"picture.png", "gzip", "", first},
	} {
		if encoding, content := read(test.name, test.accepts); encoding != test.encoding || content != test.content {
			t.Errorf("%s for %s: %q, %d characters", test.name, test.accepts, encoding, len(content))
		}
	}
	build("assets/a.js", second, time.Unix(2_000_000, 0))
	if _, content := read("a.js", "gzip"); content != second {
		t.Error("the file of another build is served")
	}
}

func TestTheConfigurationSaysWhereToSignIn(t *testing.T) {
	w := get(built(t), "GET", "/config.json")
	var said map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said["tokenEndpoint"] != "/dev/oidc/token" || said["clientId"] != "c" || w.Header().Get("Cache-Control") != portal.Fresh {
		t.Errorf("%s %v (%v)", w.Body, w.Header(), err)
	}
}

func TestAPortalThatIsNotBuiltSaysHow(t *testing.T) {
	if w := get(portal.Handler(t.TempDir(), portal.Config{}), "GET", "/"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
