package issuer_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
)

const (
	verifier = "a-verifier-of-forty-three-characters-or-more-000"
	redirect = "http://localhost:8080/signed-in"
)

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is a good one for a code, changed by pairs of a name and a value; an empty value leaves it out.
func request(changes ...string) string {
	q := url.Values{
		"client_id": {audience}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {"s1"}, "nonce": {"n1"},
		"code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return "/dev/oidc/authorize?" + q.Encode()
}

func newSignIn(t *testing.T) *issuer.SignIn {
	return issuer.NewSignIn(open(t, filepath.Join(t.TempDir(), "issuer.json"), "http://localhost:8080/dev/oidc"),
		[]issuer.Choice{{Person: adele, Key: "admin", Note: "Ateliers <Démonstration>"}})
}

func authorize(s *issuer.SignIn, target string, cookies ...*http.Cookie) *http.Response {
	r := httptest.NewRequest("GET", target, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.Authorize(w, r)
	return w.Result()
}

func choose(s *issuer.SignIn, target, persona string) *http.Response {
	r := httptest.NewRequest("POST", target, strings.NewReader("persona="+persona))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Choose(w, r)
	return w.Result()
}

func exchange(s *issuer.SignIn, pairs ...string) (int, map[string]any) {
	form := url.Values{"client_id": {audience}, "grant_type": {"authorization_code"}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", "/dev/oidc/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Exchange(w, r)
	var said map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &said)
	return w.Code, said
}

// code takes the code out of where the browser is sent.
func code(t *testing.T, a *http.Response) string {
	t.Helper()
	to, err := a.Location()
	if err != nil || a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), redirect+"?") || to.Query().Get("state") != "s1" {
		t.Fatalf("%d, sent to %v (%v)", a.StatusCode, to, err)
	}
	return to.Query().Get("code")
}

func TestOneClickSignsInAndTheBrowserIsRemembered(t *testing.T) {
	s := newSignIn(t)
	page := authorize(s, request())
	if body := text(page); page.StatusCode != http.StatusOK || !strings.Contains(body, `value="admin"`) || !strings.Contains(body, "&lt;Démonstration&gt;") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatalf("the page: %d %v %s", page.StatusCode, page.Header, body)
	}
	chosen := choose(s, request(), "admin")
	status, said := exchange(s, "code", code(t, chosen))
	token, err := jwt.ParseSigned(said["id_token"].(string), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %v (%v)", status, said, err)
	}
	var claims map[string]any
	if err := token.UnsafeClaimsWithoutVerification(&claims); err != nil || claims["sub"] != adele.Subject || claims["nonce"] != "n1" || claims["aud"] != audience {
		t.Errorf("claims %v (%v)", claims, err)
	}

	again := authorize(s, request("prompt", "none"), chosen.Cookies()...)
	if code(t, again) == "" {
		t.Error("a browser that has chosen is asked again")
	}
	out := httptest.NewRecorder()
	s.SignOut(out, httptest.NewRequest("GET", "/dev/oidc/sign-out?post_logout_redirect_uri="+url.QueryEscape("http://localhost:8080/signed-out"), nil))
	if c := out.Result().Cookies(); out.Code != http.StatusSeeOther || len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("signing out: %d %v", out.Code, c)
	}
	if to, _ := authorize(s, request("prompt", "none")).Location(); to == nil || to.Query().Get("error") != "login_required" {
		t.Errorf("a browser that chose nobody, asked in silence, is sent to %v", to)
	}
}

func text(a *http.Response) string {
	said, err := io.ReadAll(a.Body)
	if err != nil {
		return err.Error()
	}
	return string(said)
}

func TestACodeServesOnceAndOnlyWhoAskedForIt(t *testing.T) {
	s := newSignIn(t)
	for name, changed := range map[string][]string{
		"another verifier": {"code_verifier", strings.Repeat("x", 43)},
		"no verifier":      {"code_verifier", ""},
		"another page":     {"redirect_uri", "http://localhost:8080/elsewhere"},
		"no such code":     {"code", "guessed"},
	} {
		pairs := append([]string{"code", code(t, choose(s, request(), "admin"))}, changed...)
		if status, said := exchange(s, pairs...); status != http.StatusBadRequest || said["error"] != "invalid_grant" {
			t.Errorf("%s: %d %v", name, status, said)
		}
		if status, _ := exchange(s, pairs[:2]...); name != "no such code" && status != http.StatusBadRequest {
			t.Errorf("%s: the code serves a second time", name)
		}
	}
	once := code(t, choose(s, request(), "admin"))
	if status, _ := exchange(s, "code", once); status != http.StatusOK {
		t.Errorf("the first time: %d", status)
	}
	if status, _ := exchange(s, "code", once); status != http.StatusBadRequest {
		t.Errorf("the second time: %d", status)
	}
	if status, said := exchange(s, "code", once, "client_id", "another"); status != http.StatusBadRequest || said["error"] != "invalid_client" {
		t.Errorf("another client: %d %v", status, said)
	}
}

func TestARefreshTokenServesOnce(t *testing.T) {
	s := newSignIn(t)
	_, first := exchange(s, "code", code(t, choose(s, request(), "admin")))
	refresh := first["refresh_token"].(string)
	status, second := exchange(s, "grant_type", "refresh_token", "refresh_token", refresh)
	if status != http.StatusOK || second["id_token"] == nil || second["refresh_token"] == refresh {
		t.Errorf("%d %v", status, second)
	}
	if status, _ := exchange(s, "grant_type", "refresh_token", "refresh_token", refresh); status != http.StatusBadRequest {
		t.Errorf("a second time: %d", status)
	}
	// A code is no refresh token.
	if status, _ := exchange(s, "grant_type", "refresh_token", "refresh_token", code(t, choose(s, request(), "admin"))); status != http.StatusBadRequest {
		t.Errorf("a code in its place: %d", status)
	}
}

// A code goes to a page of this machine alone, and never without a challenge; else nobody is sent anywhere.
func TestARequestThatCouldLeakACodeIsRefused(t *testing.T) {
	s := newSignIn(t)
	for _, changed := range [][]string{
		{"redirect_uri", "https://evil.example/signed-in"}, {"redirect_uri", "http://localhost.evil.example/"}, {"redirect_uri", "http://localhost@evil.example/"},
		{"redirect_uri", "//evil.example/"}, {"redirect_uri", "javascript:alert(1)"}, {"redirect_uri", ""}, {"redirect_uri", redirect + "#x"},
		{"client_id", "another"}, {"response_type", "token"}, {"code_challenge", ""}, {"code_challenge", "short"}, {"code_challenge_method", "plain"},
	} {
		for _, a := range []*http.Response{authorize(s, request(changed...)), choose(s, request(changed...), "admin")} {
			if a.StatusCode != http.StatusBadRequest || a.Header.Get("Location") != "" || len(a.Cookies()) > 0 {
				t.Errorf("%v: %d, sent to %q", changed, a.StatusCode, a.Header.Get("Location"))
			}
		}
	}
	if a := choose(s, request(), "nobody"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("nobody: %d", a.StatusCode)
	}
	out := httptest.NewRecorder()
	s.SignOut(out, httptest.NewRequest("GET", "/dev/oidc/sign-out?post_logout_redirect_uri=https://evil.example/", nil))
	if out.Code != http.StatusOK || out.Header().Get("Location") != "" {
		t.Errorf("signing out leads to %q", out.Header().Get("Location"))
	}
}
