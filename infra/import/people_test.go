package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A file of people is sent in pieces like any other, and what is warned of is told in the file's own lines.
func TestAFileOfPeopleIsSentInPiecesAndAnsweredInItsOwnLines(t *testing.T) {
	var kinds []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kinds = append(kinds, r.URL.Query().Get("kind"))
		fmt.Fprint(w, `{"created":1,"warnings":[{"line":3,"column":"language","detail":"Not offered."}]}`)
	}))
	defer server.Close()
	var out, diagnostics bytes.Buffer
	exit := run(t.Context(), []string{"--kind", "users", "--url", server.URL, "--token", "t", filepath.Join("..", "..", "internal", "intake", "testdata", "samples", "users-en.csv")}, "C", &out, &diagnostics)
	for _, want := range []string{"360 of 360 rows", "line 3 · Language: Not offered.", "line 253 · Language: Not offered."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
	if diff := cmp.Diff([]string{"users", "users"}, kinds); diff != "" || exit != allTaken {
		t.Errorf("exit %d, %s, %s", exit, diagnostics.String(), diff)
	}
}
