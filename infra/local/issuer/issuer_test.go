package issuer_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/internal/platform/token"
)

const audience = "seatkeeper-local"

var adele = issuer.Person{Subject: "persona|admin", Name: "Adèle Martin", Email: "admin@demo.example"}

// site serves the keys of an issuer that is made once the address is known, and asks the real authorizer about tokens.
type site struct {
	address string
	keys    http.Handler
}

func newSite(t *testing.T) *site {
	s := &site{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.keys.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	s.address = server.URL + "/dev/oidc"
	return s
}

func open(t *testing.T, file, address string) *issuer.Issuer {
	t.Helper()
	i, err := issuer.Open(file, address, audience)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func sign(t *testing.T, i *issuer.Issuer, at time.Time) string {
	t.Helper()
	signed, err := i.Token(adele, at)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (s *site) ask(t *testing.T, authorization string) events.APIGatewayV2CustomAuthorizerSimpleResponse {
	t.Helper()
	authorize := token.New(s.address, audience, s.address+"/jwks", time.Now).Authorize(func(err error) { t.Log(err) })
	answer, err := authorize(context.Background(), events.APIGatewayV2CustomAuthorizerV2Request{Headers: map[string]string{"authorization": authorization}})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestTheAuthorizerBelievesAToken(t *testing.T) {
	s := newSite(t)
	i := open(t, filepath.Join(t.TempDir(), "issuer.json"), s.address)
	s.keys = i.Keys()
	answer := s.ask(t, "Bearer "+sign(t, i, time.Now()))
	want := map[string]any{"issuer": s.address, "subject": "persona|admin", "email": "admin@demo.example"}
	if diff := cmp.Diff(want, answer.Context); !answer.IsAuthorized || diff != "" {
		t.Errorf("authorized %t, context (-want +got):\n%s", answer.IsAuthorized, diff)
	}
}

func TestTokensOutliveARestart(t *testing.T) {
	s, file := newSite(t), filepath.Join(t.TempDir(), "kept", "issuer.json")
	before := sign(t, open(t, file, s.address), time.Now())
	s.keys = open(t, file, s.address).Keys()
	if !s.ask(t, "Bearer "+before).IsAuthorized {
		t.Error("a token from before the restart is refused")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file is %v (%v), want it private", info.Mode(), err)
	}
}

func TestTheAuthorizerRefusesEveryOtherToken(t *testing.T) {
	s, folder, now := newSite(t), t.TempDir(), time.Now()
	i := open(t, filepath.Join(folder, "issuer.json"), s.address)
	s.keys = i.Keys()
	good := sign(t, i, now)
	part := strings.Split(good, ".")

	elsewhere, err := issuer.Open(filepath.Join(folder, "issuer.json"), s.address, "another-audience")
	if err != nil {
		t.Fatal(err)
	}
	published := httptest.NewRecorder()
	i.Keys().ServeHTTP(published, nil)
	confused, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: published.Body.Bytes()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(part[1])
	if err != nil {
		t.Fatal(err)
	}
	signed, err := confused.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	withPublicKey, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	for name, authorization := range map[string]string{
		"expired":                       "Bearer " + sign(t, i, now.Add(-issuer.Life-time.Minute)),
		"signed by a stranger":          "Bearer " + sign(t, open(t, filepath.Join(folder, "stranger.json"), s.address), now),
		"of another issuer":             "Bearer " + sign(t, open(t, filepath.Join(folder, "issuer.json"), "https://elsewhere.example"), now),
		"for another audience":          "Bearer " + sign(t, elsewhere, now),
		"alg none":                      "Bearer " + encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part[1] + ".",
		"alg none with the signature":   "Bearer " + encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part[1] + "." + part[2],
		"signed with the public key":    "Bearer " + withPublicKey,
		"with other claims":             "Bearer " + part[0] + "." + encode([]byte(strings.Replace(string(claims), "persona|admin", "persona|operator", 1))) + "." + part[2],
		"without its signature":         "Bearer " + part[0] + "." + part[1] + ".",
		"no token":                      "Bearer x",
		"of another scheme":             "Basic " + good,
		"bare":                          good,
		"two of them":                   "Bearer " + good + "," + good,
		"behind a control character \t": "Bearer \x00" + good,
	} {
		t.Run(name, func(t *testing.T) {
			if answer := s.ask(t, authorization); answer.IsAuthorized || answer.Context != nil {
				t.Errorf("authorized %t with %v", answer.IsAuthorized, answer.Context)
			}
		})
	}
	if !s.ask(t, "Bearer "+good).IsAuthorized {
		t.Error("and the good token as well")
	}
}

func TestTheDocumentsHoldNoSecret(t *testing.T) {
	i := open(t, filepath.Join(t.TempDir(), "issuer.json"), "http://localhost:8080/dev/oidc")
	read := func(h http.Handler) map[string]any {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		var v map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	key := read(i.Keys())["keys"].([]any)[0].(map[string]any)
	if key["d"] != nil || key["kid"] == "" || key["alg"] != "ES256" {
		t.Errorf("published key %v", key)
	}
	if d := read(i.Discovery()); d["issuer"] != "http://localhost:8080/dev/oidc" || d["jwks_uri"] != "http://localhost:8080/dev/oidc/jwks" {
		t.Errorf("discovery %v", d)
	}
}

func TestAKeyFileThatCannotBeReadIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "issuer.json")
	for _, text := range []string{"", "{}", `{"kty":"EC","crv":"P-256","x":"YTY8vxIIIx3CLwQS0zJmxFvdrMJnx-4pxSsU94lFugE","y":"y9RjXTEQ9ZQQeXMOCLw1cg_ftc6upoaIGtVsSf3dHhQ"}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := issuer.Open(file, "http://localhost:8080/dev/oidc", audience); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
