package user_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// office is a world as clients see it: an account behind the functions that people and permission sets are served by.
type office struct {
	*world
	operator  access.Subject
	functions map[string]*account.API
	post      *post
	warned    *strings.Builder // log lines from warnings on
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{world: newWorld(t), operator: access.Subject{Issuer: "https://issuer.example", ID: rand.Text()}, functions: map[string]*account.API{}, post: newPost(t), warned: &strings.Builder{}}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err == nil {
		err = o.accounts.Staff(t.Context(), o.operator, "Operator", "", o.now, activity.Author{Kind: access.Operator})
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range functions.HTTP() {
		o.functions[name] = open(functions.Ground{
			Table: o.table, Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: func() time.Time { return o.now },
			Log:    slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), o.warned), &slog.HandlerOptions{Level: slog.LevelWarn})),
			Mailer: o.post, Portal: portal,
		})
	}
	return o
}

// inside is a path within the account.
func (o *office) inside(path string) string { return "/v1/accounts/" + string(o.account) + path }

type answer struct {
	events.APIGatewayV2HTTPResponse
	document map[string]any
}

func (a answer) word(name string) string { s, _ := a.document[name].(string); return s }

// texts are the strings of a list, in the order of the alphabet.
func (a answer) texts(name string) []string {
	list, _ := a.document[name].([]any)
	all := []string{}
	for _, v := range list {
		s, _ := v.(string)
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// names are those of a page's items.
func (a answer) names() []string {
	list, _ := a.document["items"].([]any)
	all := []string{}
	for _, v := range list {
		item, _ := v.(map[string]any)
		name, _ := item["name"].(string)
		all = append(all, name)
	}
	return all
}

// call sends a request as API Gateway does; headers are given as name, value.
func (o *office) call(function string, as access.Subject, method, path, body string, headers ...string) answer {
	o.t.Helper()
	raw, query, _ := strings.Cut(path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: raw, RawQueryString: query, Body: body, Headers: map[string]string{"content-type": "application/json", "accept-language": "en"}}
	for pair := range slices.Chunk(headers, 2) {
		e.Headers[pair[0]] = pair[1]
	}
	e.RequestContext.DomainName = "api.example.com"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: raw, SourceIP: "192.0.2.7"}
	who := map[string]any{"issuer": as.Issuer, "subject": as.ID}
	if as.Email != "" {
		who["email"] = as.Email
	}
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: who}
	out, err := o.functions[function].Lambda()(o.t.Context(), e)
	if err != nil {
		o.t.Fatal(err)
	}
	a := answer{APIGatewayV2HTTPResponse: out}
	if strings.Contains(out.Headers["Content-Type"], "json") {
		if err := json.Unmarshal([]byte(out.Body), &a.document); err != nil {
			o.t.Fatal(err)
		}
	}
	return a
}

// want sends a request within the account and holds its answer to a status and, where it is a refusal, to a code.
func (o *office) want(status int, code string, as access.Subject, method, path, body string, headers ...string) answer {
	o.t.Helper()
	function := "accounts"
	if strings.HasPrefix(path, "/users") {
		function = "users"
	}
	a := o.call(function, as, method, o.inside(path), body, headers...)
	if a.StatusCode != status || a.word("code") != code {
		o.t.Errorf("%s %s %s: answered %d %s, want %d %s: %s", method, path, body, a.StatusCode, a.word("code"), status, code, a.Body)
	}
	return a
}

// hire adds a person and gives the path of theirs, and who they sign in as.
func (o *office) hire(name, granted string) (path string, who access.Subject) {
	o.t.Helper()
	who = access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: strings.ToLower(rand.Text()) + "@example.com"}
	a := o.want(http.StatusCreated, "", o.operator, "POST", "/users", fmt.Sprintf(`{"name":%q,"email":%q%s}`, name, who.Email, granted))
	return "/users/" + a.word("id"), who
}

// change patches what is at a path as it stands now.
func (o *office) change(status int, code string, as access.Subject, path, body string) answer {
	o.t.Helper()
	return o.want(status, code, as, "PATCH", path, body, "if-match", "*")
}

func TestPeopleAreAddedListedAndFound(t *testing.T) {
	o := newOffice(t)
	_, viewer := o.hire("Violette", `,"roles":["view"]`)
	email := strings.ToLower(rand.Text()) + "@example.com"
	body := fmt.Sprintf(`{"name":" Zoé Đặng ","email":%q,"extension":"1042","locale":"en","roles":["view","view"]}`, email)
	added := o.want(http.StatusCreated, "", o.operator, "POST", "/users", body, "idempotency-key", "1")
	if added.word("name") != "Zoé Đặng" || added.word("state") != "active" || !slices.Equal(added.texts("roles"), []string{"view"}) {
		t.Errorf("added is %s", added.Body)
	}
	if again := o.want(http.StatusCreated, "", o.operator, "POST", "/users", body, "idempotency-key", "1"); again.Body != added.Body {
		t.Errorf("the repeat is answered %s, want %s", again.Body, added.Body)
	}
	o.hire("Ada", "")
	if got := o.want(http.StatusOK, "", viewer, "GET", "/users", ""); !slices.Equal(got.names(), []string{"Ada", "Violette", "Zoé Đặng"}) {
		t.Errorf("the list is %v", got.names())
	}
	first := o.want(http.StatusOK, "", viewer, "GET", "/users?pageSize=2", "")
	rest := o.want(http.StatusOK, "", viewer, "GET", "/users?pageSize=2&pageToken="+url.QueryEscape(first.word("nextPageToken")), "")
	if got := slices.Concat(first.names(), rest.names()); !slices.Equal(got, []string{"Ada", "Violette", "Zoé Đặng"}) || rest.word("nextPageToken") != "" {
		t.Errorf("the pages hold %v", got)
	}
	for asked, want := range map[string][]string{"dang zo": {"Zoé Đặng"}, "104": {"Zoé Đặng"}, email[:12]: {"Zoé Đặng"}, "nobody": {}} {
		if got := o.want(http.StatusOK, "", viewer, "GET", "/users?q="+url.QueryEscape(asked), ""); !slices.Equal(got.names(), want) {
			t.Errorf("%q finds %v, want %v", asked, got.names(), want)
		}
	}
	one := o.want(http.StatusOK, "", viewer, "GET", "/users/"+added.word("id"), "")
	if seats, ok := one.document["seats"].([]any); !ok || len(seats) != 0 || one.Headers["Etag"] != `"1"` {
		t.Errorf("her record is %s with the ETag %s", one.Body, one.Headers["Etag"])
	}
}

// Every listing is CSV too, a line a person under the names of the fields.
func TestPeopleAreGivenAsCSV(t *testing.T) {
	o := newOffice(t)
	o.hire("=Ada", "")
	_, viewer := o.hire("Violette", `,"roles":["view","manage_billing"],"extension":"7"`)
	got := o.want(http.StatusOK, "", viewer, "GET", "/users?pageSize=1", "", "accept", "text/csv")
	lines := strings.Split(got.Body, "\n")
	if lines[0] != "\ufeffid,name,email,extension,locale,roles,permissionSetIds,state" || len(lines) != 3 || !strings.Contains(lines[1], ",'=Ada,") {
		t.Errorf("the first page is %q", got.Body)
	}
	next, _, _ := strings.Cut(strings.TrimPrefix(got.Headers["Link"], "<"), ">")
	_, next, _ = strings.Cut(next, string(o.account))
	got = o.want(http.StatusOK, "", viewer, "GET", next, "", "accept", "text/csv")
	if !strings.Contains(got.Body, ",Violette,"+viewer.Email+",7,,view|manage_billing,,active") || got.Headers["Link"] != "" {
		t.Errorf("the last page is %q, linked to %q", got.Body, got.Headers["Link"])
	}
}

// A person is changed only as the caller saw them, and what is left out stays.
func TestAPersonIsChangedAsTheyWereSeen(t *testing.T) {
	o := newOffice(t)
	path, _ := o.hire("Ada", `,"extension":"7"`)
	tag := o.want(http.StatusOK, "", o.operator, "GET", path, "").Headers["Etag"]
	o.want(http.StatusPreconditionRequired, "if_match_required", o.operator, "PATCH", path, `{"name":"Ada L."}`)
	changed := o.want(http.StatusOK, "", o.operator, "PATCH", path, `{"name":"Ada L."}`, "if-match", tag)
	if changed.word("name") != "Ada L." || changed.word("extension") != "7" || changed.Headers["Etag"] == tag {
		t.Errorf("changed to %s with the ETag %s", changed.Body, changed.Headers["Etag"])
	}
	o.want(http.StatusPreconditionFailed, "stale", o.operator, "PATCH", path, `{"name":"Ada Lovelace"}`, "if-match", tag)
	o.want(http.StatusOK, "", o.operator, "PATCH", path, `{"extension":"8"}`, "if-match", changed.Headers["Etag"])
	if got := o.want(http.StatusOK, "", o.operator, "GET", path, ""); got.word("name") != "Ada L." || got.word("extension") != "8" {
		t.Errorf("she is %s", got.Body)
	}
}

func TestAPersonIsRefusedWithTheReason(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", "")
	_, manager := o.hire("Ugo", `,"roles":["manage_users"]`)
	_, viewer := o.hire("Violette", `,"roles":["view"]`)
	add := func(email, more string) string { return fmt.Sprintf(`{"name":"Bo","email":%q%s}`, email, more) }
	o.want(http.StatusConflict, "email_taken", manager, "POST", "/users", add(strings.ToUpper(ada.Email), ""))
	o.change(http.StatusConflict, "email_taken", manager, path, fmt.Sprintf(`{"email":%q}`, viewer.Email))
	for _, email := range []string{"bo", "Bo <bo@example.com>", "bo@example", "bo@example.com ", "bo@[192.0.2.1]", "bo@ex_ample.com", ""} {
		refused := o.want(http.StatusUnprocessableEntity, "invalid_request", manager, "POST", "/users", add(email, ""))
		if !strings.Contains(refused.Body, `{"location":"body.email","code":"not_an_email","detail":"must be an e-mail address"}`) {
			t.Errorf("%q is refused as %s", email, refused.Body)
		}
	}
	if refused := o.want(http.StatusUnprocessableEntity, "invalid_request", manager, "POST", "/users", `{}`); strings.Count(refused.Body, `"required"`) != 2 {
		t.Errorf("neither name nor address is refused as %s", refused.Body)
	}
	o.change(http.StatusUnprocessableEntity, "invalid_request", manager, path, `{"name":" "}`)
	o.change(http.StatusUnprocessableEntity, "invalid_request", manager, path, `{"roles":["emperor"]}`)
	refused := o.want(http.StatusForbidden, "right_lacking", manager, "POST", "/users", add("bo@example.com", `,"roles":["administrator"]`))
	if refused.word("permission") == "" {
		t.Errorf("the right that lacks is not named: %s", refused.Body)
	}
	o.change(http.StatusForbidden, "right_lacking", manager, path, `{"roles":["manage_billing"]}`)
	o.want(http.StatusForbidden, "permission_missing", viewer, "POST", "/users", add("bo@example.com", ""))
}

// A deactivated person's token is refused at the next call (FEATURES.md, Rights); reactivated they are who they were.
func TestADeactivatedPersonIsAStrangerAtTheNextCall(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", `,"roles":["manage_users"]`)
	for range 2 {
		o.want(http.StatusOK, "", ada, "GET", "/users", "")
		if got := o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`); got.word("state") != "deactivated" {
			t.Errorf("deactivated she is %s", got.Body)
		}
		o.want(http.StatusNotFound, "not_found", ada, "GET", "/users", "")
		o.want(http.StatusNotFound, "not_found", ada, "GET", "/me", "")
		o.change(http.StatusOK, "", o.operator, path, `{"state":"active"}`)
	}
	never, bo := o.hire("Bo", "")
	o.change(http.StatusOK, "", o.operator, never, `{"state":"deactivated"}`)
	o.want(http.StatusNotFound, "not_found", bo, "GET", "/me", "") // nor does a first sign-in let him in
	o.change(http.StatusOK, "", o.operator, never, `{"state":"active"}`)
	o.want(http.StatusOK, "", bo, "GET", "/me", "")
}

func TestTheLastSuperAdministratorIsNeitherDemotedNorDeactivated(t *testing.T) {
	o := newOffice(t)
	path, super := o.hire("Suzanne", `,"roles":["super_administrator"]`)
	for _, who := range []access.Subject{o.operator, super} {
		o.change(http.StatusConflict, "last_super_administrator", who, path, `{"state":"deactivated"}`)
		o.change(http.StatusConflict, "last_super_administrator", who, path, `{"roles":["administrator"]}`)
	}
	o.hire("Simon", `,"roles":["super_administrator"]`)
	o.change(http.StatusOK, "", super, path, `{"roles":["administrator"]}`)
	o.change(http.StatusForbidden, "right_lacking", super, path, `{"roles":["super_administrator"]}`)
}

// What somebody may do is what they were granted and nothing else, in every operation that there is.
func TestEachGrantAllowsExactlyWhatItSays(t *testing.T) {
	o := newOffice(t)
	set := o.want(http.StatusCreated, "", o.operator, "POST", "/permission-sets", `{"name":"Buyers","permissions":["manage_licences","manage_users"]}`).word("id")
	for _, row := range []struct {
		granted string
		want    []string
	}{
		{`,"roles":["manage_billing"]`, []string{"manage_billing"}},
		{`,"permissionSetIds":["` + set + `"]`, []string{"manage_licences", "manage_users"}},
		{`,"permissionSetIds":["` + set + `"],"roles":["manage_billing"]`, []string{"manage_billing", "manage_licences", "manage_users"}},
		{"", []string{}},
	} {
		path, who := o.hire("Ada", row.granted)
		o.mayExactly(who, row.want...)
		o.change(http.StatusOK, "", o.operator, path, `{"roles":[],"permissionSetIds":[]}`)
		o.mayExactly(who)
	}
}

// mayExactly holds what somebody may do, as they are told and as each operation answers, to a list in the order of the
// alphabet, with the right to send requests that comes with two of them. A request without a body is let in or not as one with a body is.
func (o *office) mayExactly(who access.Subject, want ...string) {
	o.t.Helper()
	if slices.Contains(want, "view") || slices.Contains(want, "manage_billing") {
		want = slices.Sorted(slices.Values(append(want, "send_requests", "view_orders")))
	}
	if d := cmp.Diff(append([]string{}, want...), o.want(http.StatusOK, "", who, "GET", "/me", "").texts("permissions")); d != "" {
		o.t.Errorf("permissions (-want +got):\n%s", d)
	}
	asked := 0
	others := strings.NewReplacer("{contractId}", "ctr_01JD0000000000000000000000", "{systemId}", "sys_01JD0000000000000000000000",
		"{userId}", "usr_01JD0000000000000000000000", "{permissionSetId}", "set_01JD0000000000000000000000", "{crmId}", "800L2cEpVZzAQlx", "{accountId}", string(o.account))
	for _, name := range slices.Sorted(maps.Keys(o.functions)) {
		for _, op := range o.functions[name].Operations() {
			if op.Needs == access.SignedIn {
				continue
			}
			asked++
			a := o.call(name, who, op.Method, others.Replace(op.Path), "")
			if refused := a.StatusCode == http.StatusForbidden; refused == slices.Contains(want, string(op.Needs)) || a.StatusCode >= http.StatusInternalServerError {
				o.t.Errorf("%s, which needs %s, is answered %d %s to somebody with %v", op.ID, op.Needs, a.StatusCode, a.word("code"), want)
			}
		}
	}
	if asked == 0 {
		o.t.Error("no operation was asked")
	}
}

// A set is created, changed and deleted as it was seen, and each counts for its members at their next call.
func TestAPermissionSetIsWhatItsMembersMayDo(t *testing.T) {
	o := newOffice(t)
	_, manager := o.hire("Ugo", `,"roles":["manage_users"]`)
	o.want(http.StatusForbidden, "right_lacking", manager, "POST", "/permission-sets", `{"name":"Payers","permissions":["manage_billing"]}`)
	o.want(http.StatusUnprocessableEntity, "invalid_request", manager, "POST", "/permission-sets", `{"name":" ","permissions":["view"]}`)
	set := o.want(http.StatusCreated, "", manager, "POST", "/permission-sets", `{"name":"Desk","permissions":["view","manage_users","view"]}`)
	o.want(http.StatusConflict, "permission_set_name_taken", manager, "POST", "/permission-sets", `{"name":"DESK","permissions":["view"]}`)
	path, one := "/permission-sets/"+set.word("id"), set.word("id")
	_, ada := o.hire("Ada", `,"permissionSetIds":["`+one+`"]`)
	o.mayExactly(ada, "manage_users", "view")

	tag := o.want(http.StatusOK, "", ada, "GET", "/permission-sets", "").Headers["Etag"]
	o.want(http.StatusPreconditionRequired, "if_match_required", manager, "PATCH", path, `{"permissions":["view"]}`)
	o.want(http.StatusOK, "", manager, "PATCH", path, `{"permissions":["view"]}`, "if-match", tag)
	o.mayExactly(ada, "view")
	o.want(http.StatusPreconditionFailed, "stale", manager, "PATCH", path, `{"permissions":["manage_users"]}`, "if-match", tag)
	o.want(http.StatusPreconditionFailed, "stale", manager, "DELETE", path, "", "if-match", tag)
	o.change(http.StatusOK, "", o.operator, path, `{"permissions":["manage_billing"]}`)
	o.mayExactly(ada, "manage_billing")
	// Who lacks a permission of the set neither changes nor deletes nor gives it.
	o.change(http.StatusForbidden, "right_lacking", manager, path, `{"permissions":["view"]}`)
	o.want(http.StatusForbidden, "right_lacking", manager, "DELETE", path, "", "if-match", "*")
	o.want(http.StatusForbidden, "right_lacking", manager, "POST", "/users", `{"name":"Bo","email":"bo@example.com","permissionSetIds":["`+one+`"]}`)
	o.want(http.StatusNoContent, "", o.operator, "DELETE", path, "", "if-match", "*")
	o.mayExactly(ada)
	o.want(http.StatusNotFound, "not_found", o.operator, "DELETE", path, "", "if-match", "*")
}

// Ids, page tokens and sets of another account are of no use in one's own.
func TestWhatIsOfAnotherAccountIsNotThere(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	theirs, _ := other.hire("Ada", "")
	other.hire("Bo", "")
	set := other.want(http.StatusCreated, "", other.operator, "POST", "/permission-sets", `{"name":"Desk","permissions":["view"]}`).word("id")
	token := other.want(http.StatusOK, "", other.operator, "GET", "/users?pageSize=1", "").word("nextPageToken")
	path, super := o.hire("Suzanne", `,"roles":["super_administrator"]`)
	for _, who := range []access.Subject{super, o.operator} {
		o.want(http.StatusNotFound, "not_found", who, "GET", theirs, "")
		o.change(http.StatusNotFound, "not_found", who, theirs, `{"name":"Mine"}`)
		o.change(http.StatusNotFound, "not_found", who, "/permission-sets/"+set, `{"name":"Mine"}`)
		o.change(http.StatusUnprocessableEntity, "permission_set_unknown", who, path, `{"permissionSetIds":["`+set+`"]}`)
	}
	// The token is also another caller's, so the same operator asks with it.
	o.want(http.StatusBadRequest, "page_token_invalid", other.operator, "GET", "/users?pageSize=1&pageToken="+url.QueryEscape(token), "")
}

// People choose their own language; it comes before what an administrator wrote down, in all of their accounts.
func TestPeopleChooseTheirOwnLanguage(t *testing.T) {
	o := newOffice(t)
	_, ada := o.hire("Ada", `,"locale":"fr"`)
	o.want(http.StatusOK, "", ada, "GET", "/me", "")
	if a := o.call("accounts", ada, "PATCH", "/v1/me", `{"language":"en","timeZone":"Pacific/Auckland"}`); a.StatusCode != http.StatusOK || a.word("timeZone") != "Pacific/Auckland" {
		t.Errorf("her choice is answered %d %s", a.StatusCode, a.Body)
	}
	if got := o.want(http.StatusOK, "", ada, "GET", "/me", "").word("language"); got != "en" {
		t.Errorf("her language is %q", got)
	}
	if me := o.call("accounts", ada, "GET", "/v1/me", ""); me.word("language") != "en" || me.word("timeZone") != "Pacific/Auckland" {
		t.Errorf("outside of accounts she is %s", me.Body)
	}
	if a := o.call("accounts", ada, "PATCH", "/v1/me", `{"timeZone":"Mars/Olympus"}`); a.word("code") != "time_zone_unknown" {
		t.Errorf("no time zone is answered %d %s", a.StatusCode, a.Body)
	}
	stranger := access.Subject{Issuer: "https://issuer.example", ID: rand.Text()}
	if a := o.call("accounts", stranger, "PATCH", "/v1/me", `{"language":"en"}`); a.StatusCode != http.StatusConflict || a.word("code") != "not_signed_in_yet" {
		t.Errorf("somebody of no account is answered %d %s", a.StatusCode, a.Body)
	}
}
