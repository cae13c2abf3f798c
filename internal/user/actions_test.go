package user_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// What a caller may do with a person is what the API does not refuse them, and nothing else (FEATURES.md, Rights).
func TestActionsAreWhatIsNotRefused(t *testing.T) {
	o := newOffice(t)
	left := func(granted string) (string, access.Subject) {
		path, who := o.hire("Ada", granted)
		o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
		return path, who
	}
	people := map[string]func() (string, access.Subject){
		"invited": func() (string, access.Subject) { return o.hire("Ada", `,"roles":["view"]`) },
		"signed in": func() (string, access.Subject) {
			path, who := o.hire("Ada", "")
			o.want(http.StatusOK, "", who, "GET", "/me", "")
			return path, who
		},
		"of more rights": func() (string, access.Subject) { return o.hire("Ada", `,"roles":["administrator"]`) },
		"super":          func() (string, access.Subject) { return o.hire("Ada", `,"roles":["super_administrator"]`) },
		"left":           func() (string, access.Subject) { return left("") },
		"super who left": func() (string, access.Subject) { return left(`,"roles":["super_administrator"]`) },
	}
	_, super := o.hire("Suzanne", `,"roles":["super_administrator"]`)
	_, manager := o.hire("Ugo", `,"roles":["manage_users"]`)
	_, viewer := o.hire("Violette", `,"roles":["view"]`)
	for name, want := range map[string]struct {
		as      access.Subject
		actions map[string]string
	}{
		"user manager": {manager, map[string]string{
			"invited": "edit invite queues deactivate", "signed in": "edit queues deactivate", "of more rights": "edit invite queues", "super": "edit invite queues", "left": "edit reactivate", "super who left": "edit",
		}},
		"super": {super, map[string]string{
			"invited": "edit invite queues deactivate", "signed in": "edit queues deactivate", "of more rights": "edit invite queues deactivate", "super": "edit invite queues deactivate",
			"left": "edit reactivate erase", "super who left": "edit reactivate erase",
		}},
		"operator": {o.operator, map[string]string{
			"invited": "edit invite queues deactivate", "signed in": "edit queues deactivate", "of more rights": "edit invite queues deactivate", "super": "edit invite queues deactivate",
			"left": "edit reactivate erase", "super who left": "edit reactivate erase",
		}},
		"viewer": {viewer, map[string]string{"invited": "", "signed in": "", "of more rights": "", "super": "", "left": "", "super who left": ""}},
	} {
		for person, make := range people {
			t.Run(name+", "+person, func(t *testing.T) {
				path, who := make()
				got := o.actions(want.as, path)
				if all := strings.Join(got, " "); all != want.actions[person] {
					t.Errorf("may %q, want %q", all, want.actions[person])
				}
				o.holds(want.as, path, who, got)
			})
		}
	}
}

// Who is the last super administrator cannot be deactivated, and nothing is done with who was erased.
func TestTheLastSuperAdministratorAndWhoIsErasedHaveNoSuchActions(t *testing.T) {
	o := newOffice(t)
	path, super := o.hire("Suzanne", `,"roles":["super_administrator"]`)
	if got := o.actions(super, path); !slices.Equal(got, []string{"edit", "queues"}) {
		t.Errorf("the last one may %v with herself", got)
	}
	gone, _, ada := o.leaver()
	o.want(http.StatusAccepted, "", super, "POST", gone+"/erasure", fmt.Sprintf(`{"email":%q}`, ada.Email))
	if got := o.actions(super, gone); len(got) > 0 {
		t.Errorf("of who was erased there is %v", got)
	}
}

// actions are those that a caller is told of a person.
func (o *office) actions(as access.Subject, path string) []string {
	o.t.Helper()
	var all []string
	list, ok := o.want(http.StatusOK, "", as, "GET", path, "").document["actions"].([]any)
	if !ok {
		o.t.Error("no actions are told")
	}
	for _, v := range list {
		all = append(all, v.(string))
	}
	return all
}

// holds tries all actions: those that a caller may not are refused, and those that they may are done.
func (o *office) holds(as access.Subject, path string, who access.Subject, may []string) {
	o.t.Helper()
	try := func(action string) answer {
		patch := func(body string) answer { return o.call("users", as, "PATCH", o.inside(path), body, "if-match", "*") }
		switch action {
		case "edit":
			return patch(`{"extension":"42"}`)
		case "deactivate":
			return patch(`{"state":"deactivated"}`)
		case "reactivate":
			return patch(`{"state":"active"}`)
		case "queues":
			return o.call("seats", as, "PATCH", o.inside(path+"/queues"), `{"add":[{"type":"call","name":"Front desk"}]}`)
		case "invite":
			return o.call("users", as, "POST", o.inside(path+"/invitation"), "")
		default:
			return o.call("users", as, "POST", o.inside(path+"/erasure"), fmt.Sprintf(`{"email":%q}`, who.Email))
		}
	}
	state := o.want(http.StatusOK, "", o.operator, "GET", path, "").word("state")
	for _, action := range []string{"edit", "invite", "queues", "deactivate", "reactivate", "erase"} {
		if action == "deactivate" && state == "deactivated" || action == "reactivate" && state == "active" {
			continue // they are that already, and nothing is refused nor done
		}
		a := try(action)
		if may := slices.Contains(may, action); may != (a.StatusCode < 300) {
			o.t.Errorf("%s, which is told to be %t, is answered by %d %s", action, may, a.StatusCode, a.word("code"))
		}
		if a.StatusCode < 300 && action != "erase" {
			o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"state":%q}`, state))
		}
	}
}

// Who is deactivated is in no queue, by the answer that says so and by the next read; they come back to none.
func TestWhoIsDeactivatedIsShownInNoQueue(t *testing.T) {
	o := newOffice(t)
	path, _ := o.hire("Ada", "")
	if a := o.call("seats", o.operator, "PATCH", o.inside(path+"/queues"), `{"add":[{"type":"call","name":"Front desk"}]}`); a.StatusCode != http.StatusOK {
		t.Fatal(a)
	}
	if said := o.want(http.StatusOK, "", o.operator, "GET", path, "").document["queues"]; said == nil {
		t.Fatal("they are in no queue")
	}
	for _, state := range []string{"deactivated", "active"} {
		changed := o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"state":%q}`, state))
		for name, a := range map[string]answer{"the answer": changed, "a read": o.want(http.StatusOK, "", o.operator, "GET", path, "")} {
			if said := a.document["queues"]; said != nil {
				t.Errorf("%s: %s shows %v", state, name, said)
			}
		}
	}
}
