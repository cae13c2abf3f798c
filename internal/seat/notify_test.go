package seat_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const portal = "https://portal.example/"

// log is the lines of a log, by many at once.
type log struct {
	mu sync.Mutex
	strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(b)
}

// floor is an account whose seats are changed over HTTP, with mail.
type floor struct {
	*world
	office *apitest.Office
	admin  access.Subject
	post   *post
	warned *log
	faults *table.Faults // of what the operations on seats do
	name   string        // of the account, which speaks French
}

func newFloor(t *testing.T) *floor {
	t.Helper()
	o := apitest.New(t)
	f := &floor{office: o, post: &post{}, warned: &log{}, faults: table.NewFaults(1)}
	client, name := enginetest.Open(t)
	products := catalog.NewStore(o.Table, o.IDs)
	seats := seat.NewStore(o.Table, o.IDs, products)
	f.world = &world{
		t: t, account: o.Account, table: o.Table, ids: o.IDs, catalog: products, seats: seats, users: user.NewStore(o.Table, o.IDs, seats.Follow),
		contracts: contract.NewStore(o.Table, o.IDs), centers: costcenter.NewStore(o.Table, o.IDs), now: o.Now,
	}
	notifier := seat.NewNotifier(f.post, portal, slog.New(slog.NewTextHandler(f.warned, nil)))
	seat.Register(o.API, seat.NewStore(table.New(client, name, f.faults), o.IDs, products), o.Accounts, notifier)
	f.admin = o.Member(o.Account, access.UserManager)
	a, err := o.Accounts.Get(t.Context(), o.Account)
	f.must(err)
	f.name = a.Name
	return f
}

// product is one that the catalog knows by a name in each language, on a line with 60 seats that calls it otherwise.
func (f *floor) product(en, fr string) (code string, on id.Contract) {
	f.t.Helper()
	code = "product-" + rand.Text()
	p := catalog.Product{ID: code, Name: catalog.Name{English: en, French: fr}}
	f.must(first(f.catalog.Put(f.t.Context(), f.now, activity.Author{Kind: access.Operator}, p, func(catalog.Product) error { return nil })))
	return code, f.line(code, 60, "2028-01-01")
}

// reader is somebody with an address of their own, who reads a language; empty: the account's.
func (f *floor) reader(name, language string) user.User {
	f.t.Helper()
	ch := user.Change{Account: f.account, Caller: access.Caller{Kind: access.Operator}, Now: f.now}
	d := user.Details{Name: name, Email: strings.ToLower(rand.Text()) + "@example.com", Language: language}
	u, err := f.users.Add(f.t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil })
	f.must(err)
	return u
}

func (f *floor) path(format string, args ...any) string {
	return "/v1/accounts/" + string(f.account) + fmt.Sprintf(format, args...)
}

// put asks for seats of a line, and for mail about them; more is further members of the body.
func (f *floor) put(status int, code string, on id.Contract, product, more string, users []id.User, headers ...string) apitest.Answer {
	f.t.Helper()
	ids, err := json.Marshal(users)
	f.must(err)
	return f.office.Want(status, code, f.admin, "POST", f.path("/contracts/%s/lines/%s/seats", on, product), fmt.Sprintf(`{"userIds":%s,"notify":true%s}`, ids, more), headers...)
}

// arrived empties the post and gives what was in it by address; nobody is told twice.
func (f *floor) arrived() map[string]mail.Message {
	f.t.Helper()
	f.post.mu.Lock()
	defer f.post.mu.Unlock()
	all := map[string]mail.Message{}
	for _, m := range f.post.taken {
		if _, twice := all[m.To.Email]; twice {
			f.t.Errorf("%s was told twice", m.To.Name)
		}
		all[m.To.Email] = m
	}
	f.post.taken = nil
	return all
}

// nobody holds the post to be empty.
func (f *floor) nobody(when string) {
	f.t.Helper()
	if got := f.arrived(); len(got) > 0 {
		f.t.Errorf("%s: %d were told: %v", when, len(got), got)
	}
}

func idsOf(people ...user.User) []id.User {
	var all []id.User
	for _, u := range people {
		all = append(all, u.ID)
	}
	return all
}

// The optional e-mail to the user about the change (FEATURES.md, Seats): to each once, in their language.
func TestWhoGetsASeatIsToldInTheirLanguage(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe, bob, eve := f.reader("Zoé Petit", ""), f.reader("Bob Stone", "en"), f.reader("Ève Blanc", "fr")
	f.put(http.StatusOK, "", on, phone, "", idsOf(zoe, bob, eve))
	got := f.arrived()
	for _, want := range []struct {
		to   user.User
		lang text.Lang
		name string
	}{{zoe, text.French, "Téléphonie"}, {bob, text.English, "Telephony"}, {eve, text.French, "Téléphonie"}} {
		m := got[want.to.Email]
		if m.Lang != want.lang || m.To.Name != want.to.Name || m.Subject != text.Say(want.lang, "mail_seats_subject", f.name) {
			t.Errorf("%s got %+v", want.to.Name, m)
		}
		for _, said := range []string{
			text.Say(want.lang, "mail_seats_title", f.name), text.Say(want.lang, "mail_seats_body", f.name), text.Say(want.lang, "mail_seats_added", want.name),
			text.Say(want.lang, "mail_seats_action"), text.Say(want.lang, "mail_seats_footer", f.name), portal,
		} {
			if !strings.Contains(m.Text, said) || !strings.Contains(m.HTML, portal) || !strings.Contains(m.HTML, want.name) {
				t.Errorf("the mail to %s lacks %q: %s", want.to.Name, said, m.Text)
			}
		}
		if strings.Contains(m.Text, text.Say(want.lang, "mail_seats_removed", "")[:10]) {
			t.Errorf("%s is told of something removed: %s", want.to.Name, m.Text)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d were told", len(got))
	}
	f.put(http.StatusOK, "", on, phone, "", idsOf(zoe, bob))
	f.nobody("who has their seat already")
}

// The language that somebody chose for themselves goes before the one written down for them and the account's.
func TestWhoChoseALanguageIsToldInIt(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe, bob, eve := f.reader("Zoé Petit", ""), f.reader("Bob Stone", "en"), f.reader("Ève Blanc", "en")
	for u, chosen := range map[*user.User]string{&zoe: "en", &bob: "fr", &eve: ""} {
		who := access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: u.Email}
		f.must(first(f.office.Accounts.Load(t.Context(), who, f.account, httpapi.Source{}, f.now)))
		f.must(first(f.office.Accounts.SetOwn(t.Context(), who, account.Own{Language: chosen})))
	}
	f.put(http.StatusOK, "", on, phone, "", idsOf(zoe, bob, eve))
	got := f.arrived()
	for _, want := range []struct {
		to   user.User
		lang text.Lang
	}{{zoe, text.English}, {bob, text.French}, {eve, text.English}} {
		if m := got[want.to.Email]; m.Lang != want.lang || m.Subject != text.Say(want.lang, "mail_seats_subject", f.name) {
			t.Errorf("%s is told in %q: %q", want.to.Name, m.Lang, m.Subject)
		}
	}
}

// What was added and what was removed stand in one mail.
func TestAChangeOfManyProductsIsOneMail(t *testing.T) {
	f := newFloor(t)
	phone, _ := f.product("Telephony", "Téléphonie")
	fax, _ := f.product("Fax", "Télécopie")
	chat, _ := f.product("Chat", "Messagerie")
	bare := "bare-" + rand.Text() // the catalog has no name for it
	f.line(bare, 5, "2028-01-01")
	zoe := f.reader("Zoé Petit", "")
	seats := f.path("/users/%s/seats", zoe.ID)
	f.office.Want(http.StatusOK, "", f.admin, "POST", seats, fmt.Sprintf(`{"productId":%q,"notify":true}`, phone))
	if m := f.arrived()[zoe.Email]; !strings.Contains(m.Text, text.Say(text.French, "mail_seats_added", "Téléphonie")) {
		t.Errorf("of the next free seat she is told %s", m.Text)
	}
	f.office.Want(http.StatusOK, "", f.admin, "PATCH", seats, fmt.Sprintf(
		`{"add":[{"productId":%q},{"productId":%q},{"productId":%q},{"productId":"unheard"}],"remove":[%q],"notify":true}`, fax, chat, bare, phone))
	m := f.arrived()[zoe.Email]
	for _, said := range []string{
		text.Say(text.French, "mail_seats_added", "Télécopie, Messagerie, The "+bare), text.Say(text.French, "mail_seats_removed", "Téléphonie"),
	} {
		if !strings.Contains(m.Text, said) {
			t.Errorf("the mail lacks %q: %s", said, m.Text)
		}
	}
	f.office.Want(http.StatusOK, "", f.admin, "PATCH", seats, fmt.Sprintf(`{"remove":[%q]}`, fax))
	f.nobody("a change without notify")
}

func TestARepeatOfAChangeTellsNobodyAgain(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe := f.reader("Zoé Petit", "")
	seats := f.path("/users/%s/seats", zoe.ID)
	for n, ask := range []func(){
		func() { f.put(http.StatusOK, "", on, phone, "", idsOf(zoe), "idempotency-key", "1") },
		func() {
			f.office.Want(http.StatusOK, "", f.admin, "PATCH", seats, fmt.Sprintf(`{"remove":[%q],"notify":true}`, phone), "idempotency-key", "2")
		},
		func() {
			f.office.Want(http.StatusOK, "", f.admin, "POST", seats, fmt.Sprintf(`{"productId":%q,"notify":true}`, phone), "idempotency-key", "3")
		},
	} {
		ask()
		if got := f.arrived(); len(got) != 1 {
			t.Errorf("call %d: %d were told", n, len(got))
		}
		ask()
		f.nobody(fmt.Sprintf("call %d, repeated", n))
	}
}

func TestARefusedCallTellsNobody(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe, gone := f.reader("Zoé Petit", ""), f.reader("Hugo Brun", "")
	f.set(gone.ID, func(u *user.User) { u.State = user.Deactivated })
	f.put(http.StatusConflict, "user_deactivated", on, phone, "", idsOf(zoe, gone))
	f.nobody("nothing was done")
	f.put(http.StatusOK, "", on, phone, `,"partial":true`, idsOf(zoe, gone))
	if got := f.arrived(); len(got) != 1 || got[zoe.Email].Subject == "" {
		t.Errorf("told were %v", got)
	}
}

// The seat is there, whatever becomes of the mail; the log says that it failed, in one line, and not to whom.
func TestAFailingMailFailsNoSeat(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	for n, fails := range []error{mail.ErrTemporary, mail.ErrRefused, errors.New("the sender may not send")} {
		zoe, bob := f.reader("Zoé Petit", ""), f.reader("Bob Stone", "en")
		f.post.fails = fmt.Errorf("%w: no mailbox %s or %s", fails, zoe.Email, bob.Email)
		answer := f.put(http.StatusOK, "", on, phone, "", idsOf(zoe, bob))
		f.post.fails = nil
		if strings.Count(answer.Body, `"assigned"`) != 2 || len(f.holding(zoe.ID).Seats) != 1 {
			t.Errorf("%v: answered %s", fails, answer.Body)
		}
		said := f.warned.String()
		if strings.Count(said, "\n") != n+1 || !strings.Contains(said, "mails=2") || strings.Contains(said, zoe.Email) || strings.Contains(said, "Petit") || strings.Contains(said, "Stone") {
			t.Errorf("%v: the log says %q", fails, said)
		}
	}
	f.nobody("while mail failed")
	f.recount()
}

func TestAFailedReadOfAddressesFailsNoSeat(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe := f.reader("Zoé Petit", "")
	f.faults.Arm(table.Fault{Call: "get", Mode: table.FailBefore, P: 1, Skip: 1}) // the first read is what the seat is decided on
	f.put(http.StatusOK, "", on, phone, "", idsOf(zoe))
	f.faults.Arm()
	if said := f.warned.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "could not be read") || strings.Contains(said, zoe.Email) || strings.Contains(said, "Petit") {
		t.Errorf("the log says %q", said)
	}
	if len(f.holding(zoe.ID).Seats) != 1 {
		t.Error("the seat is not there")
	}
	f.nobody("whose address could not be read")
}

// Somebody may leave between their seat and the mail about it.
func TestWhoIsDeactivatedMeanwhileIsNotTold(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	zoe, bob := f.reader("Zoé Petit", ""), f.reader("Bob Stone", "en")
	o := apitest.New(t)
	o.Account = f.account
	admin := o.Member(f.account, access.UserManager)
	// The first read is what the seats are decided on, the second that of the addresses.
	err := enginetest.Meanwhile(t, "get", 1, func(client *dynamodb.Client, name string) error {
		seat.Register(o.API, seat.NewStore(table.New(client, name, nil), o.IDs, f.catalog), o.Accounts, seat.NewNotifier(f.post, portal, slog.New(slog.DiscardHandler)))
		a := o.Call(admin, http.MethodPost, f.path("/contracts/%s/lines/%s/seats", on, phone), fmt.Sprintf(`{"userIds":[%q,%q],"notify":true}`, zoe.ID, bob.ID))
		if a.StatusCode != http.StatusOK {
			return errors.New(a.Body)
		}
		return nil
	}, func() {
		if len(f.holding(zoe.ID).Seats) == 0 {
			t.Error("she has no seat yet")
		}
		f.set(zoe.ID, func(u *user.User) { u.State = user.Deactivated })
	})
	f.must(err)
	if got := f.arrived(); len(got) != 1 || got[bob.Email].Subject == "" {
		t.Errorf("told were %v", got)
	}
}

// A call may name many more people than it can mail while its caller waits.
func TestACallMailsFortyEightPeopleEightAtOnce(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	people := f.people(52)
	f.post.slow, f.post.full = 30*time.Millisecond, make(chan struct{})
	f.put(http.StatusOK, "", on, phone, `,"partial":true`, people)
	got := f.arrived()
	if len(got) != seat.MaxNotices || f.post.most != 8 {
		t.Fatalf("%d were told, %d at once", len(got), f.post.most)
	}
	var names []string
	for _, m := range got {
		names = append(names, m.To.Name)
	}
	slices.Sort(names)
	if diff := gocmp.Diff([]string{"Person 000", "Person 047"}, []string{names[0], names[len(names)-1]}); diff != "" {
		t.Errorf("told were the first and the last (-want +got):\n%s", diff)
	}
}

// A deployment without mail gives seats all the same, and reads no addresses.
func TestADeploymentWithoutMailGivesSeatsAllTheSame(t *testing.T) {
	f := newFloor(t)
	o := apitest.New(t)
	o.Account = f.account
	admin := o.Member(f.account, access.UserManager)
	faults := table.NewFaults(1)
	client, name := enginetest.Open(t)
	seat.Register(o.API, seat.NewStore(table.New(client, name, faults), o.IDs, f.catalog), o.Accounts, seat.NewNotifier(nil, "", nil))
	phone, on := f.product("Telephony", "Téléphonie")
	zoe := f.reader("Zoé Petit", "")
	faults.Arm(table.Fault{Call: "get", Mode: table.FailBefore, P: 1, Skip: 1})
	o.Want(http.StatusOK, "", admin, "POST", f.path("/contracts/%s/lines/%s/seats", on, phone), fmt.Sprintf(`{"userIds":[%q],"notify":true}`, zoe.ID))
	if left := faults.Armed(); len(left) != 1 || left[0].Skip != 0 {
		t.Errorf("the read that seats are decided on was not the first: %+v", left)
	}
}
