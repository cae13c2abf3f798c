package functions

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// sender is what readers see beside the address that mails come from.
const sender = "Seatkeeper"

// Mailing is Deployed for a function that also sends mail; bySES is ses.Deployed. The others are not even linked with
// SES, and need none of the variables.
func Mailing(bySES func(region string, as aws.CredentialsProvider, from mail.Address) (mail.Mailer, error)) Ground {
	g := Deployed()
	g.Mailer, g.Portal = mailer(bySES)
	return g
}

// mailer reads how mail leaves. An empty MAIL_FROM, unlike a missing one, is a deployment that sends none. MAIL_SERVER
// is empty for SES, an SMTP server's URL, or file:///folder, which is for one machine.
func mailer(bySES func(string, aws.CredentialsProvider, mail.Address) (mail.Mailer, error)) (m mail.Mailer, portal string) {
	var env Environment
	from, server := env.Given("MAIL_FROM"), env.Given("MAIL_SERVER")
	if from != "" {
		portal = env.Need("PORTAL_URL")
	}
	env.Check()
	if from == "" {
		return nil, ""
	}
	if u, err := url.Parse(portal); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		exit(fmt.Errorf("PORTAL_URL is %q: it must be the address of a page", portal))
	}
	var err error
	folder, toFolder := strings.CutPrefix(server, "file://")
	switch us := (mail.Address{Name: sender, Email: from}); {
	case toFolder:
		m, err = mail.NewFile(folder, us)
	case server != "":
		m, err = mail.NewSMTP(server, us, nil)
	default:
		as := identify(&env) // Deployed has checked that it is there
		m, err = bySES(as.region, as.credentials, us)
	}
	if err != nil {
		exit(fmt.Errorf("MAIL_FROM, MAIL_SERVER: %w", err))
	}
	return m, portal
}
