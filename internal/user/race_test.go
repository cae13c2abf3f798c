package user_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// during makes a change of somebody that waits at a call, after skip others of its kind, and does something else meanwhile.
func (w *world) during(u user.User, call string, skip int, change func(*user.User), meanwhile func()) error {
	w.t.Helper()
	return enginetest.Meanwhile(w.t, call, skip, func(client *dynamodb.Client, name string) error {
		slow := *w
		db, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
		slow.users = user.NewStore(db, ids, seat.NewStore(db, ids, catalog.NewStore(db, ids)).Follow)
		return slow.set(operator, u, change)
	}, meanwhile)
}

// Deactivating counts at the next call, also where the person signs in for the first time while it is decided.
func TestAChangeDuringTheFirstSignInReachesTheMembership(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*user.User)
		kind   access.Kind
	}{
		"deactivated":                 {func(u *user.User) { u.State = user.Deactivated }, access.Stranger},
		"given another address":       {func(u *user.User) { u.Email = fresh() }, access.Member},
		"given another role":          {func(u *user.User) { u.Roles = []access.Role{access.UserManager} }, access.Member},
		"deactivated and renamed":     {func(u *user.User) { u.Name, u.State = "Gone", user.Deactivated }, access.Stranger},
		"given a role and an address": {func(u *user.User) { u.Email, u.Roles = fresh(), []access.Role{access.UserManager} }, access.Member},
	} {
		w := newWorld(t)
		ada := w.add("Ada", access.Viewer)
		who := subject(ada)
		after := ada
		row.change(&after)
		if err := w.during(ada, "get", 1, func(u *user.User) { u.Details, u.State = after.Details, after.State }, func() { w.signIn(who) }); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c := w.signIn(who); c.Kind != row.kind || row.kind == access.Member && may(c, access.ManageUsers) != (len(after.Roles) > 0 && after.Roles[0] == access.UserManager) {
			t.Errorf("%s while she signed in she is a %q who may %v", name, c.Kind, c.Holds())
		}
		for _, email := range []string{ada.Email, after.Email} {
			if left, err := w.table.Get(t.Context(), table.Invitation(email, w.account, ada.ID)); err != nil || left != nil {
				t.Errorf("%s: an invitation is left: %v (%v)", name, left, err)
			}
		}
	}
}

// Somebody who moves to another subject while they are changed leaves no membership behind.
func TestAChangeDuringAMoveLeavesNoMembershipBehind(t *testing.T) {
	w := newWorld(t)
	ada := w.add("Ada", access.Viewer)
	was, is := subject(ada), access.Subject{Issuer: "https://issuer.example", ID: rand.Text()}
	w.signIn(was)
	err := w.during(ada, "get", 1, func(u *user.User) { u.Roles = []access.Role{access.UserManager} }, func() {
		m := account.Member{Account: w.account, User: ada.ID, Name: ada.Name, Email: ada.Email, Roles: ada.Roles}
		if err := w.accounts.Enrol(t.Context(), is, m, w.now, activity.Author{}); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := w.signIn(access.Subject{Issuer: was.Issuer, ID: was.ID}); c.Kind != access.Stranger {
		t.Errorf("the subject that she was is a %q", c.Kind)
	}
	if c := w.signIn(is); !may(c, access.ManageUsers) {
		t.Errorf("the subject that she is may %v", c.Holds())
	}
}

// The last super administrator stays, also of two who leave at the same moment (FEATURES.md, Rights): the second was decided
// while the first was still there.
func TestOfTheLastTwoSuperAdministratorsOneStays(t *testing.T) {
	w := newWorld(t)
	one, other := w.add("One", access.SuperAdministrator), w.add("Other", access.SuperAdministrator)
	leave := func(u *user.User) { u.State = user.Deactivated }
	err := w.during(one, "write", 0, leave, func() {
		if err := w.set(operator, other, leave); err != nil {
			t.Fatal(err)
		}
	})
	if !fault.Is(err, "last_super_administrator") {
		t.Errorf("answered %v, want a refusal since nobody else is left", err)
	}
}

// Taking a right away counts for the requests that are under way, too: none of them gives it back.
func TestWhoseRightsWereTakenGivesThemBackByNoRequestUnderWay(t *testing.T) {
	for name, taken := range map[string]func(*user.User){
		"deactivated": func(u *user.User) { u.State = user.Deactivated },
		"demoted":     func(u *user.User) { u.Roles = []access.Role{access.Viewer} },
	} {
		w := newWorld(t)
		boss, other := w.add("Boss", access.Administrator), w.add("Other", access.Viewer)
		before := w.signIn(subject(boss))
		if err := w.set(operator, boss, taken); err != nil {
			t.Fatal(err)
		}
		restore := func(u *user.User) { u.State, u.Roles = user.Active, []access.Role{access.Administrator} }
		if err := w.set(before, boss, restore); !fault.Is(err, "busy") {
			t.Errorf("%s, they restore themselves: %v", name, err)
		}
		if err := w.set(before, other, restore); !fault.Is(err, "busy") {
			t.Errorf("%s, they promote another: %v", name, err)
		}
		d := user.Details{Name: "Next", Email: fresh(), Roles: []access.Role{access.Administrator}}
		if _, err := w.users.Add(t.Context(), w.as(before), d, keepNothing); !fault.Is(err, "busy") {
			t.Errorf("%s, they add an administrator: %v", name, err)
		}
		for _, u := range []user.User{boss, other} {
			got, _, err := w.users.Get(t.Context(), w.account, u.ID)
			if err != nil || got.State == user.Active && len(got.Roles) == 1 && got.Roles[0] == access.Administrator {
				t.Errorf("%s, and yet %s is %+v (%v)", name, u.Name, got, err)
			}
		}
	}
}

// The same, where the rights came from a permission set.
func TestWhatASetNoLongerAllowsIsGrantedByNoRequestUnderWay(t *testing.T) {
	w := newWorld(t)
	set := account.PermissionSet{ID: id.New[id.PermissionSet](id.NewMaker(rand.Reader), w.now), Name: "Managers", Permissions: []access.Permission{access.View, access.ManageUsers}}
	w.setSet(operator, set)
	manager, err := w.users.Add(t.Context(), w.as(operator), user.Details{Name: "Bo", Email: fresh(), Sets: []id.PermissionSet{set.ID}}, keepNothing)
	if err != nil {
		t.Fatal(err)
	}
	other := w.add("Other")
	before := w.signIn(subject(manager))
	grant := func(u *user.User) { u.Roles = append(u.Roles, access.Viewer) }
	if err := w.set(before, other, grant); err != nil {
		t.Fatalf("while the set stands: %v", err)
	}
	less := set
	less.Permissions = []access.Permission{access.View}
	w.setSet(operator, less)
	if err := w.set(before, w.add("Another"), grant); !fault.Is(err, "busy") {
		t.Errorf("by a right of the set as it was: %v", err)
	}
}

// Nor does one under way change a set by which others have rights: whoever was deactivated, or has it from a set that
// changed since.
func TestWhoseRightsWereTakenChangesNoSetByARequestUnderWay(t *testing.T) {
	w := newWorld(t)
	set := account.PermissionSet{ID: id.New[id.PermissionSet](id.NewMaker(rand.Reader), w.now), Name: "Managers", Permissions: []access.Permission{access.View, access.ManageUsers}}
	w.setSet(operator, set)
	boss := w.add("Boss", access.Administrator)
	manager, err := w.users.Add(t.Context(), w.as(operator), user.Details{Name: "Bo", Email: fresh(), Sets: []id.PermissionSet{set.ID}}, keepNothing)
	if err != nil {
		t.Fatal(err)
	}
	byRole, bySet := w.signIn(subject(boss)), w.signIn(subject(manager))
	more := set
	more.Name = "Front desk"
	w.setSet(byRole, more)
	if err := w.set(operator, boss, func(u *user.User) { u.State = user.Deactivated }); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]access.Caller{"deactivated": byRole, "with a set as it was": bySet} {
		if err := w.tryToChangeSets(c, set, func(s account.PermissionSets) ([]account.PermissionSet, error) { return s.With(set) }); !fault.Is(err, "busy") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two requests that give one person the same address agree with each other.
func TestAPersonsOwnNewAddressIsNotTaken(t *testing.T) {
	w := newWorld(t)
	ada, email := w.add("Ada"), fresh()
	move := func(u *user.User) { u.Email = email }
	err := w.during(ada, "write", 0, move, func() {
		if err := w.set(operator, ada, move); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Errorf("the one that came second: %v", err)
	}
	if err := w.set(operator, w.add("Bo"), move); !fault.Is(err, "email_taken") {
		t.Errorf("another person's: %v, want email_taken", err)
	}
}

// losing is a way to DynamoDB on which the first answer to a write of one row is lost; the client asks again by itself.
type losing struct {
	dynamodb.HTTPClient
	lost int
}

func (l *losing) Do(r *http.Request) (*http.Response, error) {
	answer, err := l.HTTPClient.Do(r)
	if err == nil && l.lost == 0 && strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutItem") {
		l.lost++
		_ = answer.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return answer, err
}

// An invitation that was sent and recorded is answered so, also where the answer of the table was lost.
func TestAnInvitationWhoseRecordIsThereIsSent(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", "")
	o.arrived("added", ada.Email)
	client, name := enginetest.Open(t)
	way := &losing{HTTPClient: client.Options().HTTPClient}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o.functions["users"] = functions.HTTP()["users"](functions.Ground{
		Table: table.New(dynamodb.New(client.Options(), func(with *dynamodb.Options) { with.HTTPClient = way }), name, nil), Sealer: sealer, IDs: id.NewMaker(rand.Reader),
		Now: func() time.Time { return o.now }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Mailer: o.post, Portal: portal,
	})
	o.want(http.StatusNoContent, "", o.operator, "POST", path+"/invitation", "")
	o.arrived("sent again", ada.Email)
	if way.lost != 1 {
		t.Error("no answer was lost")
	}
}
