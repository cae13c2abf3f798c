package mail

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/textproto"
	"strings"

	"github.com/aws/smithy-go"
	gomail "github.com/wneessen/go-mail"
)

// Reason tells a log why a message did not leave. Servers quote addresses and names in what they say, so it repeats
// their codes and none of their words.
func Reason(err error) string {
	kind := "ours"
	switch {
	case errors.Is(err, ErrRefused):
		kind = ErrRefused.Error()
	case errors.Is(err, ErrTemporary):
		kind = ErrTemporary.Error()
	}
	if said := code(err); said != "" {
		return kind + ": " + said
	}
	return kind
}

func code(err error) string {
	var ses smithy.APIError
	var sending *gomail.SendError
	var answered *textproto.Error
	var network net.Error
	var file *fs.PathError
	switch {
	case errors.As(err, &ses):
		return "SES " + ses.ErrorCode()
	case errors.As(err, &sending):
		return strings.TrimSpace(fmt.Sprintf("SMTP %d %s", sending.ErrorCode(), sending.EnhancedStatusCode()))
	case errors.As(err, &answered):
		return fmt.Sprintf("SMTP %d", answered.Code)
	case errors.As(err, &file):
		return file.Op + ": " + file.Err.Error()
	case errors.As(err, &network):
		return network.Error() // of our own side: the server's host and what became of the line
	}
	return ""
}
