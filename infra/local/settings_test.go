package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// Containers reach the machine by another address than the loopback: there are public keys there, and no tokens.
func TestContainersSeeThePublicKeysAlone(t *testing.T) {
	signs, err := issuer.Open(filepath.Join(t.TempDir(), "issuer.json"), "http://localhost:8080/dev/oidc", audience)
	if err != nil {
		t.Fatal(err)
	}
	keys := (&stack{dev: &dev.Endpoints{Issuer: signs}}).keys()
	for path, want := range map[string]int{"/dev/oidc/jwks": 200, "/dev/token?persona=operator": 404, "/dev/clock": 404, "/dev/personas": 404, "/v1/me": 404, "/": 404} {
		w := httptest.NewRecorder()
		keys.ServeHTTP(w, httptest.NewRequest("GET", "http://host.docker.internal:8080"+path, nil))
		if w.Code != want {
			t.Errorf("GET %s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestATakenPortIsNamedBeforeAnythingStarts(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		taken, err := net.Listen("tcp", address)
		if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
			continue // without IPv6 nothing can be in the way there
		}
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		port := taken.Addr().(*net.TCPAddr).Port
		err = run(t.Context(), settings{root: t.TempDir(), port: port}, io.Discard)
		if want := fmt.Sprintf("port %d is taken by another program: end that program, or set PORT to a free port", port); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAnEngineThatDoesNotAnswerIsNamed(t *testing.T) {
	err := run(t.Context(), settings{root: place(t), port: freePort(t), endpoint: fmt.Sprintf("http://127.0.0.1:%d", freePort(t)), table: tableName}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "does not answer: start it, or unset DYNAMODB_ENDPOINT") {
		t.Error(err)
	}
}

func TestSettingsThatMakeNoSenseAreNamed(t *testing.T) {
	for _, name := range []string{"PORT", "ENGINE_PORT"} {
		for _, value := range []string{"x", "0", "-1", "65536", "80 80"} {
			_, err := readSettings(func(asked string) string {
				if asked == name {
					return value
				}
				return ""
			})
			if err == nil || !strings.Contains(err.Error(), name+" is ") {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
}

// `sam local` serves the same table, to the same people, with the same page tokens.
func TestSAMIsConfiguredForThisStack(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "samconfig.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"PageTokenKey=` + pageTokenKey + `"`, `"Audience=` + audience + `"`, `"Issuer=http://localhost:8080/dev/oidc"`,
		`"JwksUrl=http://host.docker.internal:8080/dev/oidc/jwks"`, `"DynamodbEndpoint=http://host.docker.internal:8000"`,
		`"MailServer=file:///tmp/mail"`, `"PortalUrl=http://localhost:8080"`,
	} {
		if strings.Count(string(text), want) != 2 {
			t.Errorf("samconfig.toml does not say %s for both of invoke and start-api", want)
		}
	}
}
