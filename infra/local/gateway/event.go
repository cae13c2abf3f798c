package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// What names the API in an event. On AWS none of it comes from the client, so here the Host header does not either.
const (
	awsAccount = "000000000000"
	apiID      = "local"
	domain     = "localhost"
	stage      = "$default"

	eventVersion = "2.0"
	timeForm     = "02/Jan/2006:15:04:05 -0700"
)

// event is what a function gets, but for whose request it is.
func (x *exchange) event(to route, path string, parameters map[string]string, body []byte) events.APIGatewayV2HTTPRequest {
	text, encoded := bodyText(x.r.Header.Get("Content-Type"), body)
	return events.APIGatewayV2HTTPRequest{
		Version: eventVersion, RouteKey: to.key(), RawPath: path, RawQueryString: x.r.URL.RawQuery,
		Cookies: cookies(x.r), Headers: x.headers(len(body)), QueryStringParameters: query(x.r), PathParameters: parameters,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: to.key(), AccountID: awsAccount, Stage: stage, RequestID: x.id, APIID: apiID, DomainName: domain, DomainPrefix: domain,
			Time: x.at.UTC().Format(timeForm), TimeEpoch: x.at.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: x.r.Method, Path: path, Protocol: x.r.Proto, SourceIP: x.sourceIP(), UserAgent: x.r.UserAgent(),
			},
		},
		Body: text, IsBase64Encoded: encoded,
	}
}

// authorizerEvent is the same request as the authorizer sees it: all but the body.
func authorizerEvent(e events.APIGatewayV2HTTPRequest, identity string) events.APIGatewayV2CustomAuthorizerV2Request {
	http := e.RequestContext.HTTP
	return events.APIGatewayV2CustomAuthorizerV2Request{
		Version: eventVersion, Type: "REQUEST",
		RouteArn:       fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s", apiID, awsAccount, apiID, stage, http.Method, http.Path),
		IdentitySource: []string{identity}, RouteKey: e.RouteKey, RawPath: e.RawPath, RawQueryString: e.RawQueryString,
		Cookies: e.Cookies, Headers: e.Headers, QueryStringParameters: e.QueryStringParameters, RequestContext: e.RequestContext,
		PathParameters: e.PathParameters,
	}
}

// bodyText is a body as JSON can carry it. Only these types pass as text (measured on AWS by others: forms and bodies
// without a type do not), and text in another encoding than UTF-8 breaks on the way, here as there.
func bodyText(contentType string, body []byte) (text string, encoded bool) {
	if len(body) == 0 {
		return "", false
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		media = strings.TrimSpace(media)
	}
	switch {
	case strings.HasPrefix(media, "text/"), media == "application/json", media == "application/xml", media == "application/javascript":
		return string(body), false
	default:
		return base64.StdEncoding.EncodeToString(body), true
	}
}

// hop are the headers that speak of one connection and not of the request.
var hop = []string{"Connection", "Expect", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// headers are in lower case, each once, its values joined with commas; those that API Gateway writes itself are its own
// whatever the client sent, but for x-forwarded-for, which grows.
func (x *exchange) headers(bodySize int) map[string]string {
	out := map[string]string{"host": x.r.Host}
	for name, values := range x.r.Header {
		if name != "Cookie" && !slices.Contains(hop, name) {
			out[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	if _, named := out["content-length"]; named || bodySize > 0 {
		out["content-length"] = strconv.Itoa(bodySize)
	}
	_, port, _ := net.SplitHostPort(x.r.Host)
	out["x-amzn-trace-id"] = traceID(x.at.Unix())
	out["x-forwarded-for"] = strings.TrimPrefix(out["x-forwarded-for"]+", "+x.sourceIP(), ", ")
	out["x-forwarded-port"], out["x-forwarded-proto"] = port, "http"
	return out
}

func (x *exchange) sourceIP() string {
	host, _, err := net.SplitHostPort(x.r.RemoteAddr)
	if err != nil {
		return x.r.RemoteAddr
	}
	return host
}

func traceID(second int64) string {
	var random [12]byte
	_, _ = rand.Read(random[:]) // never fails
	return fmt.Sprintf("Root=1-%08x-%s", second, hex.EncodeToString(random[:]))
}

// cookies are taken out of the headers, one by one.
func cookies(r *http.Request) []string {
	var out []string
	for _, header := range r.Header.Values("Cookie") {
		for cookie := range strings.SplitSeq(header, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				out = append(out, cookie)
			}
		}
	}
	return out
}

// query is decoded, the values of one name joined with commas. The raw query beside it is as the client sent it.
func query(r *http.Request) map[string]string {
	values, _ := url.ParseQuery(r.URL.RawQuery) // what cannot be decoded stands in the raw query alone
	out := map[string]string{}
	for name, v := range values {
		out[name] = strings.Join(v, ",")
	}
	return out
}
