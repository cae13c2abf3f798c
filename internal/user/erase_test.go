package user_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// telling are the rows of the whole table that say one of some words, but for those that TTL deletes within days.
func (w *world) telling(words ...string) (found []string) {
	w.t.Helper()
	client, name := enginetest.Open(w.t)
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		for _, item := range page.Items {
			var row map[string]any
			if err := attributevalue.UnmarshalMap(item, &row); err != nil {
				w.t.Fatal(err)
			}
			said, err := json.Marshal(row)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, word := range words {
				if strings.Contains(strings.ToLower(string(said)), strings.ToLower(word)) {
					found = append(found, fmt.Sprint(row["PK"], " ", row["SK"], " says ", word))
				}
			}
		}
	}
	return found
}

// forget does what the event of an erasure has done.
func (o *office) forget(ctx context.Context, u id.User) error {
	o.t.Helper()
	acc, err := o.accounts.Get(o.t.Context(), o.account)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.users.Forget(ctx, acc, u, o.now)
}

// leaver is somebody who did much, was changed, and left: rows of theirs and of others name them.
func (o *office) leaver() (path, name string, who access.Subject) {
	o.t.Helper()
	name = "Inès-" + rand.Text()
	path, who = o.hire(name, `,"roles":["manage_licences"],"extension":"x`+rand.Text()+`"`)
	ask := o.call("checkout", who, "POST", o.inside("/requests"), `{"kind":"support","message":"Help"}`)
	if ask.StatusCode != http.StatusCreated {
		o.t.Fatal(ask.Body)
	}
	if a := o.call("checkout", o.operator, "POST", o.inside("/requests/"+ask.word("id")+"/answer"), `{"state":"answered"}`); a.StatusCode != http.StatusOK {
		o.t.Fatal(a.Body)
	}
	o.call("accounts", who, "PATCH", "/v1/me", `{"language":"en"}`)
	o.change(http.StatusOK, "", o.operator, path, `{"name":"`+name+` Noir"}`)
	o.now = o.now.AddDate(0, 1, 0) // in another month of activity
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	return path, name, who
}

// Who is erased is named nowhere any more; what they did stays, under a pseudonym (issue: a person's data erased on request).
func TestWhoIsErasedIsNamedNowhere(t *testing.T) {
	o := newOffice(t)
	path, name, who := o.leaver()
	u := id.User(strings.TrimPrefix(path, "/users/"))
	if len(o.telling(name)) < 5 {
		t.Fatalf("only %v name them: nothing to erase", o.telling(name))
	}
	erase := fmt.Sprintf(`{"email":%q}`, strings.ToUpper(who.Email))
	if a := o.want(http.StatusAccepted, "", o.operator, "POST", path+"/erasure", erase); a.word("state") != "erasing" {
		t.Errorf("answered %s", a.Body)
	}
	if err := o.forget(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if found := o.telling(name, who.Email, who.ID); len(found) > 0 {
		t.Errorf("still named: %s", strings.Join(found, "\n"))
	}
	code := string(u[len(u)-4:])
	for lang, want := range map[string]string{"en": "Deleted user " + code, "fr": "Utilisateur supprimé " + code} {
		a := o.want(http.StatusOK, "", o.operator, "GET", path, "", "accept-language", lang)
		if a.word("name") != want || a.word("email") != "" || a.word("state") != "erased" {
			t.Errorf("in %s they read %s, want %q", lang, a.Body, want)
		}
	}
	history := o.want(http.StatusOK, "", o.operator, "GET", "/activity?month=2026-11&pageSize=100", "")
	if mine := strings.Count(history.Body, string(u)); mine < 3 || !strings.Contains(history.Body, "Deleted user "+code) {
		t.Errorf("activity does not say who it was, by pseudonym: %s", history.Body)
	}
	var page struct {
		Items []struct {
			Author struct{ ID, IP, UserAgent string }
		}
	}
	if err := json.Unmarshal([]byte(history.Body), &page); err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Items {
		if r.Author.ID == string(u) && (r.Author.IP != "" || r.Author.UserAgent != "") {
			t.Errorf("a record says from where they called: %+v", r)
		}
	}
	if kept := len(slices.DeleteFunc(o.telling(string(u)), func(row string) bool { return !strings.Contains(row, "#ACT#") })); kept < 5 {
		t.Errorf("%d records of activity keep their id", kept)
	}
}

// Only a deactivated person is erased, by who repeats their address; nothing of them can be changed afterwards; a repeat is
// harmless.
func TestOnlyWhoLeftIsErasedAndOnlyOnPurpose(t *testing.T) {
	o := newOffice(t)
	_, boss := o.hire("Boss", `,"roles":["super_administrator"]`)
	_, admin := o.hire("Admin", `,"roles":["administrator"]`)
	path, who := o.hire("Ada", "")
	erase := fmt.Sprintf(`{"email":%q}`, who.Email)
	o.want(http.StatusConflict, "user_active", boss, "POST", path+"/erasure", erase)
	o.change(http.StatusOK, "", boss, path, `{"state":"deactivated"}`)
	o.want(http.StatusForbidden, "permission_missing", admin, "POST", path+"/erasure", erase)
	o.want(http.StatusUnprocessableEntity, "email_differs", boss, "POST", path+"/erasure", `{"email":"else@example.com"}`)
	o.want(http.StatusAccepted, "", boss, "POST", path+"/erasure", erase)
	o.want(http.StatusAccepted, "", boss, "POST", path+"/erasure", erase)
	o.change(http.StatusConflict, "user_erased", boss, path, `{"state":"active"}`)
	o.want(http.StatusConflict, "user_erased", boss, "POST", path+"/invitation", "")
	again := o.want(http.StatusCreated, "", boss, "POST", "/users", fmt.Sprintf(`{"name":"Ada","email":%q}`, who.Email))
	if again.word("id") == strings.TrimPrefix(path, "/users/") {
		t.Error("the address made the erased person again")
	}
	if me := o.call("accounts", who, "GET", o.inside("/me"), ""); !strings.Contains(me.Body, again.word("id")) {
		t.Errorf("signed in anew they are %s", me.Body)
	}
}

// What was begun goes on where it was: each try does a part, also where it ends anywhere.
func TestAnErasureThatRunsOutOfTimeGoesOn(t *testing.T) {
	o := newOffice(t)
	path, name, who := o.leaver()
	u := id.User(strings.TrimPrefix(path, "/users/"))
	o.want(http.StatusAccepted, "", o.operator, "POST", path+"/erasure", fmt.Sprintf(`{"email":%q}`, who.Email))
	client, tableName := enginetest.Open(t)
	tries := 0
	for ; tries < 200; tries++ {
		faults := table.NewFaults(uint64(tries))
		faults.Arm(table.Fault{Call: "write", Mode: table.FailAfter, P: 0.4})
		store := user.NewStore(table.New(client, tableName, faults), id.NewMaker(rand.Reader), nil)
		acc, err := o.accounts.Get(t.Context(), o.account)
		if err != nil {
			t.Fatal(err)
		}
		if err = store.Forget(t.Context(), acc, u, o.now); err == nil {
			break
		}
	}
	if tries == 0 || tries == 200 {
		t.Fatalf("%d tries: want some that end early, and an end", tries)
	}
	if found := o.telling(name, who.Email); len(found) > 0 {
		t.Errorf("still named: %v", found)
	}
}

// The rows of others keep what they say of others.
func TestErasingOneTakesNothingOfAnother(t *testing.T) {
	o := newOffice(t)
	path, who := o.hire("Ada Homonym", "")
	other, _ := o.hire("Ada Homonym", "")
	o.change(http.StatusOK, "", o.operator, other, `{"extension":"4242"}`)
	before := o.want(http.StatusOK, "", o.operator, "GET", "/activity?subjectId="+strings.TrimPrefix(other, "/users/"), "").Body
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	o.want(http.StatusAccepted, "", o.operator, "POST", path+"/erasure", fmt.Sprintf(`{"email":%q}`, who.Email))
	if err := o.forget(t.Context(), id.User(strings.TrimPrefix(path, "/users/"))); err != nil {
		t.Fatal(err)
	}
	if after := o.want(http.StatusOK, "", o.operator, "GET", "/activity?subjectId="+strings.TrimPrefix(other, "/users/"), "").Body; after != before {
		t.Errorf("activity of another person of that name:\n%s\nwas\n%s", after, before)
	}
	if a := o.want(http.StatusOK, "", o.operator, "GET", other, ""); a.word("name") != "Ada Homonym" {
		t.Errorf("the other person is %s", a.Body)
	}
}
