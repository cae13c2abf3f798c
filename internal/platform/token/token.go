// Package token says whose bearer token a request carries: it verifies signature, issuer, audience and expiry, and
// hands on the subject and the verified e-mail, nothing more. What the subject may do is not in a token.
package token

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// Verifier accepts the ID tokens of one issuer for one audience.
type Verifier struct {
	verifier *oidc.IDTokenVerifier
}

// patience is how long an issuer may take to hand over its keys; API Gateway waits ten seconds for the whole answer.
const patience = 5 * time.Second

// New accepts tokens of issuer that name audience and are signed (RS256 or ES256) with a key that keysURL publishes.
// The keys are fetched at the first token and kept; a key that is not known yet is looked for again.
func New(issuer, audience, keysURL string, now func() time.Time) *Verifier {
	ctx := oidc.ClientContext(context.Background(), &http.Client{Timeout: patience})
	keys := oidc.NewRemoteKeySet(ctx, keysURL)
	return &Verifier{oidc.NewVerifier(issuer, keys, &oidc.Config{
		ClientID: audience, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}, Now: now,
	})}
}

// Subject verifies a token. Whatever is wrong with it is an error; the caller of the API learns no more than that.
func (v *Verifier) Subject(ctx context.Context, bearer string) (access.Subject, error) {
	verified, err := v.verifier.Verify(ctx, bearer)
	if err != nil {
		return access.Subject{}, fmt.Errorf("verify token: %w", err)
	}
	var claims struct {
		Email string `json:"email"`
		// Cognito writes "true" for some federated people, everybody else true.
		Verified any `json:"email_verified"`
	}
	if err := verified.Claims(&claims); err != nil {
		return access.Subject{}, fmt.Errorf("read claims: %w", err)
	}
	s := access.Subject{Issuer: verified.Issuer, ID: verified.Subject}
	if s.ID == "" {
		return access.Subject{}, fmt.Errorf("read claims: no subject")
	}
	if claims.Verified == true || claims.Verified == "true" {
		s.Email = claims.Email
	}
	return s, nil
}

// Authorize is the Lambda authorizer (payload 2.0, simple answers). A refusal names no reason to the caller; the log
// has it.
func (v *Verifier) Authorize(log func(error)) func(context.Context, events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error) {
	return func(ctx context.Context, r events.APIGatewayV2CustomAuthorizerV2Request) (out events.APIGatewayV2CustomAuthorizerSimpleResponse, _ error) {
		bearer, ok := bearerOf(r.Headers)
		if !ok {
			return out, nil
		}
		s, err := v.Subject(ctx, bearer)
		if err != nil {
			log(err)
			return out, nil
		}
		out.IsAuthorized = true
		out.Context = map[string]any{"issuer": s.Issuer, "subject": s.ID}
		if s.Email != "" {
			out.Context["email"] = s.Email
		}
		return out, nil
	}
}

// bearerOf finds the token among headers whose names may be of any case: API Gateway's are lower, sam local's are not.
func bearerOf(headers map[string]string) (string, bool) {
	for name, value := range headers {
		if strings.EqualFold(name, "Authorization") {
			scheme, bearer, ok := strings.Cut(strings.TrimSpace(value), " ")
			return strings.TrimSpace(bearer), ok && strings.EqualFold(scheme, "Bearer")
		}
	}
	return "", false
}
