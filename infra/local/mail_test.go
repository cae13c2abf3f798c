package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func addedIsMailed(t *testing.T, r *running) {
	_, english := r.accounts()
	email := fmt.Sprintf("zoe.%d@reader.example", time.Now().UnixNano())
	if status, said := r.ask("admin", "POST", "/v1/accounts/"+english+"/users", fmt.Sprintf(`{"name":"Zoë","email":%q}`, email), "Content-Type", "application/json"); status != http.StatusCreated {
		t.Fatalf("%d %s", status, said)
	}
	_, said := r.ask("", "GET", "/dev/mail", "")
	var box []struct{ To, Language, Text string }
	if err := json.Unmarshal([]byte(said), &box); err != nil || len(box) != 1 {
		t.Fatalf("in the box: %s (%v)", said, err)
	}
	if m := box[0]; !strings.Contains(m.To, email) || m.Language != "en" || !strings.Contains(m.Text, r.base+"/") {
		t.Errorf("mailed: %+v", m)
	}
}
