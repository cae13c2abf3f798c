package files

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Signer makes presigned links to a bucket of Amazon S3 with the signing code that every function has in it already: the
// client of S3 would add 3 MB to a function that only hands out links.
type Signer struct {
	Region, Bucket string
	As             aws.CredentialsProvider
}

// Link is Links'. A link also ends with the credentials that signed it, which are a function's own.
func (s Signer) Link(ctx context.Context, name string, now time.Time) (string, error) {
	as, err := s.As.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", name, err)
	}
	query := url.Values{"X-Amz-Expires": {strconv.Itoa(int(LinkLife / time.Second))}, "response-content-disposition": {"attachment"}}
	address := url.URL{Scheme: "https", Host: s.Bucket + ".s3." + s.Region + ".amazonaws.com", Path: "/" + name, RawQuery: query.Encode()}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", name, err)
	}
	link, _, err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).PresignHTTP(ctx, as, r, "UNSIGNED-PAYLOAD", "s3", s.Region, now)
	if err != nil {
		return "", fmt.Errorf("link to %s: %w", name, err)
	}
	return link, nil
}
