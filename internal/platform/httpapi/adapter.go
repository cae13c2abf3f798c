package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
)

// answerMargin is how long before Lambda ends the function a request gives up, so that it still answers 503.
const answerMargin = 300 * time.Millisecond

// adapt makes a Lambda handler of what serves requests. This file alone knows aws-lambda-go-api-proxy, and each oddity
// of it that is mended here has a test. unreadable tells serve that an event could not be made into a request; the
// request is then a blank one with the event's headers.
func adapt(serve func(w http.ResponseWriter, r *http.Request, unreadable error)) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerMargin))
			defer cancel()
		}
		// The proxy splits most headers at commas, also within quotes: they go around it.
		headers := event.Headers
		event, unreadable := readable(event)
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			takeHeaders(r, headers)
			r.RemoteAddr = net.JoinHostPort(event.RequestContext.HTTP.SourceIP, "0")
			whole := &wholeWriter{ResponseWriter: w}
			serve(whole, r, unreadable)
			whole.WriteHeader(http.StatusOK) // a handler that wrote nothing would be a 504
		})
		return httpadapter.NewV2(handler).ProxyWithContext(ctx, event)
	}
}

// readable gives the event in a form that the proxy can convert, or a blank one and why it could not be: the proxy makes
// a 504 of such an event, and logs its address.
func readable(event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPRequest, error) {
	event.Headers = nil
	if event.RawPath == "" {
		event.RawPath = event.RequestContext.HTTP.Path
	}
	// API Gateway decodes the path, so these are part of it and no longer delimiters.
	event.RawPath = strings.NewReplacer("?", "%3F", "#", "%23").Replace("/" + strings.TrimPrefix(event.RawPath, "/"))
	event.QueryStringParameters = nil // RawQueryString says all of it, repeated names too

	var unreadable error
	if event.IsBase64Encoded {
		var body []byte
		if body, unreadable = base64.StdEncoding.DecodeString(event.Body); unreadable != nil {
			unreadable = fmt.Errorf("body of the event: %w", unreadable)
		}
		event.Body, event.IsBase64Encoded = string(body), false
	}
	if unreadable == nil {
		address := "https://" + event.RequestContext.DomainName + event.RawPath + "?" + event.RawQueryString
		if _, err := http.NewRequest(event.RequestContext.HTTP.Method, address, nil); err != nil {
			unreadable = fmt.Errorf("address of the event: %w", err)
		}
	}
	if unreadable != nil {
		event.RawPath, event.RawQueryString, event.Body, event.RequestContext.DomainName = "/", "", "", ""
		event.RequestContext.HTTP.Method = http.MethodGet
	}
	return event, unreadable
}

// takeHeaders gives a request the event's headers, whole. The proxy's own are dropped in whatever case they come: they
// are one of its ways to hand on the request context, and any client can send them.
func takeHeaders(r *http.Request, headers map[string]string) {
	for name, value := range headers {
		if strings.HasPrefix(strings.ToLower(name), "x-golambdaproxy-") {
			continue
		}
		// Cookies of an API Gateway event stand beside its headers, where the proxy takes them from.
		if strings.EqualFold(name, "Cookie") && r.Header.Get("Cookie") != "" {
			continue
		}
		r.Header.Set(name, value)
	}
}

// wholeWriter takes the first status and ignores later ones, as net/http does and the proxy does not.
type wholeWriter struct {
	http.ResponseWriter
	wrote bool
}

func (w *wholeWriter) WriteHeader(status int) {
	if !w.wrote {
		w.wrote = true
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *wholeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(b)
}
