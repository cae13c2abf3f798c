package user_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/activity"
)

// A set cannot be made empty or nameless by a change either.
func TestASetIsRefusedByAChangeAsByItsCreation(t *testing.T) {
	o := newOffice(t)
	path := "/permission-sets/" + o.want(http.StatusCreated, "", o.operator, "POST", "/permission-sets", `{"name":"Desk","permissions":["view"]}`).word("id")
	for body, want := range map[string]string{
		`{"permissions":[]}`: `"body.permissions","code":"too_few"`, `{"name":"  "}`: `"body.name","code":"required"`,
		`{"name":"\u200b"}`: `"body.name","code":"required"`, `{"name":""}`: `"body.name","code":"too_short"`,
	} {
		if refused := o.change(http.StatusUnprocessableEntity, "invalid_request", o.operator, path, body); !strings.Contains(refused.Body, want) {
			t.Errorf("%s is refused as %s", body, refused.Body)
		}
	}
}

// What nothing changes is not recorded; what is, says what happened.
func TestASetsRecordSaysWhatHappened(t *testing.T) {
	o := newOffice(t)
	made := o.want(http.StatusCreated, "", o.operator, "POST", "/permission-sets", `{"name":"Desk","permissions":["view","manage_users"]}`)
	path := "/permission-sets/" + made.word("id")
	for _, same := range []string{`{}`, `{"name":" Desk "}`, `{"permissions":["manage_users","view","view"]}`} {
		if got := o.change(http.StatusOK, "", o.operator, path, same); got.Headers["Etag"] != made.Headers["Etag"] || got.Body != made.Body {
			t.Errorf("%s gives %s with the ETag %s", same, got.Body, got.Headers["Etag"])
		}
	}
	o.change(http.StatusOK, "", o.operator, path, `{"name":"DESK"}`)
	o.want(http.StatusNoContent, "", o.operator, "DELETE", path, "", "if-match", "*")
	records, _, err := activity.NewStore(o.table).List(t.Context(), o.account, made.word("id"), o.now, o.now, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	var actions []activity.Action
	for _, r := range records {
		actions = append(actions, r.Action)
	}
	if want := []activity.Action{activity.PermissionSetDeleted, activity.PermissionSetChanged, activity.PermissionSetCreated}; !slices.Equal(actions, want) {
		t.Errorf("recorded are %v, want %v", actions, want)
	}
}

// What an answer shows can be changed without reading it again.
func TestAnAnswersETagServesTheNextChange(t *testing.T) {
	o := newOffice(t)
	set := `{"name":"Desk","permissions":["view"]}`
	made := o.want(http.StatusCreated, "", o.operator, "POST", "/permission-sets", set, "idempotency-key", "1")
	if again := o.want(http.StatusCreated, "", o.operator, "POST", "/permission-sets", set, "idempotency-key", "1"); again.Headers["Etag"] != made.Headers["Etag"] {
		t.Errorf("the repeat has the ETag %s, the first answer %s", again.Headers["Etag"], made.Headers["Etag"])
	}
	path := "/permission-sets/" + made.word("id")
	changed := o.want(http.StatusOK, "", o.operator, "PATCH", path, `{"name":"Front desk"}`, "if-match", made.Headers["Etag"])
	changed = o.want(http.StatusOK, "", o.operator, "PATCH", path, `{"permissions":["manage_users"]}`, "if-match", changed.Headers["Etag"])
	if got := o.want(http.StatusOK, "", o.operator, "GET", "/permission-sets", "").Headers["Etag"]; got != changed.Headers["Etag"] {
		t.Errorf("the list has the ETag %s, the last change %s", got, changed.Headers["Etag"])
	}
	o.want(http.StatusNoContent, "", o.operator, "DELETE", path, "", "if-match", changed.Headers["Etag"])

	person := o.want(http.StatusCreated, "", o.operator, "POST", "/users", `{"name":"Ada","email":"`+fresh()+`"}`, "idempotency-key", "2")
	o.want(http.StatusOK, "", o.operator, "PATCH", "/users/"+person.word("id"), `{"name":"Ada L."}`, "if-match", person.Headers["Etag"])
}

// Who lacks a right is told which in their language; a program is told by its code.
func TestALackingRightIsNamedInTheReadersLanguage(t *testing.T) {
	o := newOffice(t)
	_, manager := o.hire("Ugo", `,"roles":["manage_users"]`)
	for role, want := range map[string][3]string{
		"manage_billing":      {"manage_billing", "manage billing", "gérer la facturation"},
		"super_administrator": {"super_administrator", "super administrator", "super administrateur"},
	} {
		body := `{"name":"Bo","email":"` + fresh() + `","roles":["` + role + `"]}`
		for i, lang := range []string{"en", "fr"} {
			a := o.want(http.StatusForbidden, "right_lacking", manager, "POST", "/users", body, "accept-language", lang)
			if a.word("permission") != want[0] || a.word("permissionName") != want[i+1] || !strings.Contains(a.word("detail"), want[i+1]) {
				t.Errorf("in %s it is %s", lang, a.Body)
			}
		}
	}
}
