package user_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
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

// somewhere makes another account and has who signs in be a member of it.
func (o *office) somewhere(who access.Subject) id.Account {
	o.t.Helper()
	ids := id.NewMaker(rand.Reader)
	a := id.New[id.Account](ids, o.now)
	ops, err := account.CreateOps(account.Account{ID: a, Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: o.now})
	if err == nil {
		err = o.table.Write(o.t.Context(), ops...)
	}
	if err == nil {
		ch := user.Change{Account: a, Caller: operator, Now: o.now, By: activity.Author{Kind: access.Operator}}
		_, err = o.users.Add(o.t.Context(), ch, user.Details{Name: "Ada", Email: who.Email}, keepNothing)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	o.member(who, a)
	return a
}

// member holds a subject to be a member of an account.
func (o *office) member(who access.Subject, a id.Account) {
	o.t.Helper()
	loaded, err := o.accounts.Load(o.t.Context(), who, a, httpapi.Source{}, o.now)
	if err != nil || loaded.Caller.Kind != access.Member {
		o.t.Errorf("in %s they are %q (%v), want a member", a, loaded.Caller.Kind, err)
	}
}

// However many accounts somebody is at home in, the one that erases them lets go of them, and the others do not; whoever has
// no other place is nobody known any more, and may be invited anew.
func TestWhoIsErasedInOneAccountStaysInAllOthers(t *testing.T) {
	o := newOffice(t)
	_, who := o.hire("Ada", "")
	all := []id.Account{o.account}
	o.member(who, o.account)
	for range 3 {
		all = append(all, o.somewhere(who))
	}
	slices.Sort(all)
	for n, a := range slices.Backward(all) { // the last first: its membership stands behind all others
		o.account = a
		person, err := o.users.Find(t.Context(), a, who.Email)
		if err != nil {
			t.Fatal(err)
		}
		path := "/users/" + string(person.ID)
		o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
		o.want(http.StatusAccepted, "", o.operator, "POST", path+"/erasure", fmt.Sprintf(`{"email":%q}`, who.Email))
		if left, err := o.table.Get(t.Context(), table.Membership(who, a)); err != nil || left != nil {
			t.Errorf("of %d accounts, one that erased them keeps their membership: %v (%v)", n+1, left, err)
		}
		for _, other := range all[:n] {
			o.member(who, other)
		}
		if own, err := o.table.Get(t.Context(), table.Self(who)); err != nil || (own != nil) != (n > 0) {
			t.Errorf("with %d accounts left, what they set for themselves is %v (%v)", n, own, err)
		}
	}
	if _, err := o.users.Add(t.Context(), o.as(operator), user.Details{Name: "Ada", Email: who.Email}, keepNothing); err != nil {
		t.Fatal(err)
	}
	o.member(who, o.account)
}

// asked is a request for seats that a member of this name settled, and what a reader sees of it.
func (o *office) asked(to request.State, by id.User, name string) id.Request {
	o.t.Helper()
	ids := id.NewMaker(rand.Reader)
	store := request.NewStore(o.table, ids, nil)
	ch := request.Change{Account: o.account, Caller: access.Caller{Kind: access.Member, User: by, Roles: []access.Role{access.LicenceManager}}, Now: o.now}
	ch.By = activity.Author{Kind: access.Member, ID: string(by), Name: name}
	r, err := store.Send(o.t.Context(), ch, request.Request{
		Kind: request.MoreSeats, To: request.Administrators, Author: request.Author{User: id.New[id.User](ids, o.now)}, Items: []request.Item{{Product: "phone", Quantity: 2}},
	}, func(request.Request) ([]table.Op, error) { return nil, nil })
	if err == nil {
		_, err = store.Settle(o.t.Context(), ch, r.ID, to, "")
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return r.ID
}

func (o *office) request(r id.Request) (found answer, by string) {
	o.t.Helper()
	found = o.call("checkout", o.operator, "GET", o.inside("/requests/"+string(r)), "")
	said, _ := found.document["answer"].(map[string]any)
	by, _ = said["by"].(string)
	return found, by
}

// keep writes a row as others' packages do.
func (o *office) keep(key table.Key, v any) {
	o.t.Helper()
	item, err := table.Encode(v)
	if err == nil {
		err = o.table.Write(o.t.Context(), table.Put(key, item, table.Absent()))
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// erased erases somebody who left, and forgets them.
func (o *office) erased(path string, who access.Subject) {
	o.t.Helper()
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	o.want(http.StatusAccepted, "", o.operator, "POST", path+"/erasure", fmt.Sprintf(`{"email":%q}`, who.Email))
	if err := o.forget(o.t.Context(), id.User(strings.TrimPrefix(path, "/users/"))); err != nil {
		o.t.Fatal(err)
	}
}

// Who answered a request is forgotten by who they are, not by what they are called: under a former name too, and nobody else
// of that name with them.
func TestWhoAnsweredIsForgottenByIDAndNamesakesStay(t *testing.T) {
	o := newOffice(t)
	path, who := o.hire("Ada Homonym", "")
	other, _ := o.hire("Ada Homonym", "")
	ada, namesake := id.User(strings.TrimPrefix(path, "/users/")), id.User(strings.TrimPrefix(other, "/users/"))
	former, theirs := o.asked(request.Declined, ada, "Ada Maiden"), o.asked(request.Declined, namesake, "Ada Homonym")
	o.erased(path, who)
	if a, by := o.request(former); by != "Deleted user "+string(ada[len(ada)-4:]) {
		t.Errorf("under a former name they are %q: %s", by, a.Body)
	}
	if a, by := o.request(theirs); by != "Ada Homonym" {
		t.Errorf("the namesake is %q: %s", by, a.Body)
	}
}

// An order forgets who bought; the parties to it stay as they are on its invoice, for as long as the law says.
func TestAnOrderKeepsItsPartiesAndForgetsItsBuyer(t *testing.T) {
	o := newOffice(t)
	path, who := o.hire("Ada", "")
	ids := id.NewMaker(rand.Reader)
	key := table.Order(o.account, id.New[id.Order](ids, o.now))
	party := order.Party{LegalName: "Ada & Co", Email: who.Email}
	o.keep(key, order.Order{Buyer: order.Buyer{ID: id.User(strings.TrimPrefix(path, "/users/")), Name: "Ada"}, BillTo: party, Seller: party, Rev: 1})
	o.erased(path, who)
	item, err := o.table.Get(t.Context(), key)
	var left order.Order
	if err := errors.Join(err, table.Decode(item, &left)); err != nil {
		t.Fatal(err)
	}
	if left.BillTo != party || left.Seller != party || left.Buyer.Name != "" || left.Buyer.ID == "" {
		t.Errorf("of the order is left %+v", left)
	}
}

// While somebody who left has requests in their cart, others may answer these; once they are erased the rest waits for
// others again, and what was answered stays so.
func TestTheCartOfWhoIsErasedGivesItsRequestsBack(t *testing.T) {
	o := newOffice(t)
	path, who := o.hire("Ada", "")
	managers, manager := o.hire("Manager", `,"roles":["manage_licences"]`)
	ada := id.User(strings.TrimPrefix(path, "/users/"))
	left, answered := o.asked(request.InCart, ada, "Ada"), o.asked(request.InCart, ada, "Ada")
	cart := order.Cart{Items: []order.Item{{Product: "phone", Quantity: 4}}, Requests: map[id.Request][]string{left: {"phone"}, answered: {"phone"}}, Rev: 1}
	o.keep(table.Cart(o.account, ada), cart)
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	if a := o.call("checkout", manager, "POST", o.inside("/requests/"+string(answered)+"/answer"), `{"state":"declined"}`); a.StatusCode != http.StatusOK {
		t.Errorf("in the cart of somebody who left: %s", a.Body)
	}
	o.erased(path, who)
	for r, want := range map[id.Request]string{left: "open", answered: "declined"} {
		if a, _ := o.request(r); a.word("state") != want {
			t.Errorf("the request is %s, want %s", a.word("state"), want)
		}
	}
	if row, err := o.table.Get(t.Context(), table.Cart(o.account, ada)); err != nil || row != nil {
		t.Errorf("the cart is %v (%v)", row, err)
	}
	if _, by := o.request(answered); by != "Manager" {
		t.Errorf("%q declined", by)
	}
	o.erased(managers, manager)
	if _, by := o.request(answered); !strings.HasPrefix(by, "Deleted user ") {
		t.Errorf("who was erased as well, %q declined", by)
	}
}
