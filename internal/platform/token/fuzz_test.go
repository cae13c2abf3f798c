package token

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// Whatever stands in the header: who is let in is whom the issuer signed, and the authorizer never fails.
func FuzzBearer(f *testing.F) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	sign := func(claims map[string]any) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(claims)
		if err != nil {
			f.Fatal(err)
		}
		signed, err := signer.Sign(text)
		if err != nil {
			f.Fatal(err)
		}
		compact, err := signed.CompactSerialize()
		if err != nil {
			f.Fatal(err)
		}
		return compact
	}
	good := map[string]any{"iss": "https://issuer.example", "aud": "us", "sub": "ada", "exp": now.Add(time.Hour).Unix(), "email": "ada@example.com", "email_verified": true}
	with := func(name string, value any) string {
		claims := map[string]any{}
		for k, v := range good {
			claims[k] = v
		}
		claims[name] = value
		return sign(claims)
	}
	v := &Verifier{oidc.NewVerifier("https://issuer.example", &oidc.StaticKeySet{PublicKeys: []crypto.PublicKey{key.Public()}}, &oidc.Config{
		ClientID: "us", SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}, Now: func() time.Time { return now },
	})}
	signed := sign(good)
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + strings.TrimLeft(signed, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
	for _, seed := range []string{
		"Bearer " + signed, "bearer  " + signed, signed, "Basic " + signed, "Bearer", "Bearer " + none, "Bearer " + signed + "." + signed, "Bearer a.b.c",
		"Bearer " + with("aud", "others"), "Bearer " + with("iss", "https://others.example"), "Bearer " + with("exp", 0), "Bearer " + with("sub", ""), "Bearer " + with("email_verified", "no"),
	} {
		f.Add(seed)
	}
	authorize := v.Authorize(func(error) {})
	let := func(t testing.TB, header string) bool {
		out, err := authorize(context.Background(), events.APIGatewayV2CustomAuthorizerV2Request{Headers: map[string]string{"authorization": header}})
		if err != nil {
			t.Fatalf("%q: %v", header, err)
		}
		if !out.IsAuthorized && out.Context != nil || out.IsAuthorized && out.Context["subject"] != "ada" {
			t.Fatalf("%q lets in %v", header, out)
		}
		return out.IsAuthorized
	}
	if !let(f, "Bearer "+signed) {
		f.Fatal("whom the issuer signed is not let in, so nothing is tried")
	}
	f.Fuzz(func(t *testing.T, header string) {
		if let(t, header) && !strings.HasPrefix(strings.ToLower(strings.TrimSpace(header)), "bearer ") {
			t.Fatalf("%q is let in, and says no scheme", header)
		}
	})
}
