package account_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/account"
)

// What somebody mutes is theirs, in all of their accounts: it is replaced as a whole, and stays where it is left out.
func TestSomebodyMutesMails(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.hire(inside(f.mine)+"/users", "Ada", ada.Email)
	f.want(http.StatusConflict, "not_signed_in_yet", somebody(""), "PATCH", "/v1/me", `{"muted":["usage80"]}`)
	for _, step := range []struct{ body, want string }{
		{"", "[]"},
		{`{"muted":["systems_over","usage80","usage80"]}`, "[systems_over usage80]"},
		{`{"language":"fr"}`, "[systems_over usage80]"},
		{`{"muted":["contract_expired"]}`, "[contract_expired]"},
		{`{"muted":[]}`, "[]"},
	} {
		if step.body != "" {
			if got := f.want(http.StatusOK, "", ada, "PATCH", "/v1/me", step.body); fmt.Sprint(got.document["muted"]) != step.want {
				t.Errorf("%s: answered %s, want %s", step.body, got.Body, step.want)
			}
		}
		if got := f.get(ada, "/v1/me"); fmt.Sprint(got.document["muted"]) != step.want {
			t.Errorf("after %s: %v, want %s", step.body, got.document["muted"], step.want)
		}
	}
	f.want(http.StatusUnprocessableEntity, "invalid_request", ada, "PATCH", "/v1/me", `{"muted":["usage90"]}`)
}

// The API names every kind of mail that there is.
func TestEveryKindOfMailCanBeMuted(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.hire(inside(f.mine)+"/users", "Ada", ada.Email)
	f.get(ada, "/v1/me")
	words := []string{}
	for _, kind := range account.AlertMails {
		words = append(words, string(kind))
	}
	slices.Sort(words)
	got := f.want(http.StatusOK, "", ada, "PATCH", "/v1/me", `{"muted":["`+strings.Join(words, `","`)+`"]}`)
	if fmt.Sprint(got.document["muted"]) != fmt.Sprint(words) {
		t.Errorf("muted %v, want %v", got.document["muted"], words)
	}
}
