package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

type boxed struct{ To, Subject, Language, Text, MailID string }

// box is what /dev/mail shows.
func (r *running) box(t *testing.T) (box []boxed) {
	t.Helper()
	_, said := r.ask("", "GET", "/dev/mail", "")
	if err := json.Unmarshal([]byte(said), &box); err != nil {
		t.Fatalf("in the box: %s (%v)", said, err)
	}
	return box
}

func addedIsMailed(t *testing.T, r *running) {
	_, english := r.accounts()
	email := fmt.Sprintf("zoe.%d@reader.example", time.Now().UnixNano())
	if status, said := r.ask("admin", "POST", "/v1/accounts/"+english+"/users", fmt.Sprintf(`{"name":"Zoë","email":%q}`, email), "Content-Type", "application/json"); status != http.StatusCreated {
		t.Fatalf("%d %s", status, said)
	}
	box := slices.DeleteFunc(r.box(t), func(m boxed) bool { return !strings.Contains(m.To, email) })
	if len(box) != 1 || box[0].Language != "en" || !strings.Contains(box[0].Text, r.base+"/") {
		t.Errorf("mailed: %+v", box)
	}
}

// The demo's contracts that expire are found by the sweep, which tells the bus by way of the stream, whose rules mail.
func alertsAreMailed(t *testing.T, r *running) {
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		if slices.ContainsFunc(r.box(t), func(m boxed) bool {
			return strings.Contains(m.To, "admin@demo.example") && m.Language == "en" && strings.Contains(m.Subject, " expires on ")
		}) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nobody was told that a contract expires: %+v", r.box(t))
		}
	}
}
