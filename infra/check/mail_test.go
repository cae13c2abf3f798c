package check

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

var ofSES = regexp.MustCompile(`\bses:[A-Z*]`) // an action, or all

// A function that mails builds the mailer, has its variables and the right to SES; no other has any of the three, so that
// its start costs nothing more and its role can do nothing more.
func TestFunctionsThatMailAndNoOthersHaveWhatMailNeeds(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Resources map[string]struct {
			Properties ast.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	readTemplate(t, &read)
	var granted []string
	for id, resource := range read.Resources {
		said := ""
		if resource.Properties != nil {
			said = resource.Properties.String()
		}
		if !ofSES.MatchString(said) {
			continue
		}
		if id != "SendMail" || !strings.Contains(said, "Action: [ses:SendEmail, ses:SendRawEmail]") || !strings.Contains(said, ":identity/${Identity}") || strings.Count(said, "Effect:") != 1 || !strings.Contains(said, `Condition: {StringEquals: {"ses:FromAddress": !Ref MailFrom}}`) {
			t.Errorf("%s allows more than to send by the one identity and address:\n%s", id, said)
		}
		_, list, _ := strings.Cut(said, "Roles: [")
		list, _, _ = strings.Cut(list, "]")
		for name := range strings.SplitSeq(list, ",") {
			granted = append(granted, strings.TrimSpace(strings.ReplaceAll(name, "!Ref", "")))
		}
	}
	mailing := 0
	for _, f := range deployed(t).Functions() {
		text, err := os.ReadFile(filepath.Join(root, f.CodeDir, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		builds := strings.Contains(string(text), "(ses.Deployed)")
		if builds {
			mailing++
		}
		for _, variable := range []string{"MAIL_FROM", "MAIL_SERVER", "PORTAL_URL"} {
			if slices.Contains(f.Environment, variable) != builds {
				t.Errorf("%s builds a mailer: %t, and has %s: %t", f.ID, builds, variable, !builds)
			}
		}
		role := strings.TrimSuffix(f.ID, "Function") + "Role"
		if slices.Contains(granted, role) != builds {
			t.Errorf("%s builds a mailer: %t, and %s may send: %t", f.ID, builds, role, !builds)
		}
	}
	if mailing == 0 || len(granted) != mailing {
		t.Errorf("%d functions mail, and the roles that may are %v", mailing, granted)
	}
}
