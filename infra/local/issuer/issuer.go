// Package issuer is the OIDC issuer of the local stack: it signs tokens for the demo's personas and publishes the key
// that the real authorizer verifies them with. To a browser it offers them by a page, see SignIn. It asks nobody for a password, so it is served on the loopback alone and
// no deployed function knows it. Who the personas are is for package demo.
package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Life is how long a token serves, by the machine's clock: a working day. /dev/clock moves the rules' time and not this
// one, or a step into next year would sign everybody out.
const Life = 12 * time.Hour

// Issuer signs tokens.
type Issuer struct {
	address  string
	audience string
	signer   jose.Signer
	public   jose.JSONWebKeySet
}

// Person is whom a token speaks of.
type Person struct {
	Subject string
	Name    string
	Email   string // taken for verified
}

// Open makes the issuer of an address (its `iss`) for an audience. Its key is kept in file, and made where there is
// none, so that tokens outlive a restart.
func Open(file, address, audience string) (*Issuer, error) {
	key, err := load(file)
	if errors.Is(err, os.ErrNotExist) {
		key, err = create(file)
	}
	if err != nil {
		return nil, fmt.Errorf("signing key of the local issuer: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("signing key of the local issuer: %w", err)
	}
	return &Issuer{address: address, audience: audience, signer: signer, public: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}}}, nil
}

func load(file string) (jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	raw, err := os.ReadFile(file)
	if err != nil {
		return key, err
	}
	if err := key.UnmarshalJSON(raw); err != nil || key.IsPublic() || !key.Valid() {
		return key, fmt.Errorf("%s holds no private key: remove it, and a new one is made", file)
	}
	return key, nil
}

// create makes a key and keeps it by a rename, so that no start finds half of one.
func create(file string) (jose.JSONWebKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	var name [8]byte
	_, _ = rand.Read(name[:]) // never fails
	key := jose.JSONWebKey{Key: private, KeyID: base64.RawURLEncoding.EncodeToString(name[:]), Algorithm: string(jose.ES256), Use: "sig"}
	raw, err := key.MarshalJSON()
	if err != nil {
		return key, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return key, err
	}
	fresh := file + ".new"
	if err := os.WriteFile(fresh, raw, 0o600); err != nil {
		return key, err
	}
	return key, os.Rename(fresh, file)
}

// Token signs who somebody is, for Life from now on.
func (i *Issuer) Token(p Person, now time.Time) (string, error) { return i.sign(p, "", now) }

// sign repeats the nonce of the request for the token, where there was one.
func (i *Issuer) sign(p Person, nonce string, now time.Time) (string, error) {
	claims := struct {
		jwt.Claims
		Nonce    string `json:"nonce,omitempty"`
		Name     string `json:"name"`
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}{
		Claims: jwt.Claims{
			Issuer: i.address, Subject: p.Subject, Audience: jwt.Audience{i.audience},
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(Life)),
		},
		Nonce: nonce, Name: p.Name, Email: p.Email, Verified: true,
	}
	token, err := jwt.Signed(i.signer).Claims(claims).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token for %s: %w", p.Subject, err)
	}
	return token, nil
}

// Discovery serves the issuer's description.
func (i *Issuer) Discovery() http.Handler {
	return document(map[string]any{
		"issuer": i.address, "jwks_uri": i.address + "/jwks", "response_types_supported": []string{"code"},
		"authorization_endpoint": i.address + "/authorize", "token_endpoint": i.address + "/token", "end_session_endpoint": i.address + "/sign-out",
		"grant_types_supported": []string{"authorization_code", "refresh_token"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none"}, "scopes_supported": []string{"openid", "email", "profile"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{string(jose.ES256)},
		"claims_supported": []string{"sub", "name", "email", "email_verified"},
	})
}

// Keys serves the public key, and nothing else.
func (i *Issuer) Keys() http.Handler { return document(i.public) }

func document(v any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v) // both documents always marshal
	})
}
