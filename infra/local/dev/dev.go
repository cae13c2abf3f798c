// Package dev owns what only the local stack answers, under /dev/: tokens and personas, the clock that the rules see,
// the fault points of table and bus, calls of functions and schedules by hand, and the issuer's documents. None of it asks who is calling, so it trusts the loopback,
// and guards against the one stranger there: a page of another site in the developer's browser.
package dev

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/infra/local/schedule"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// IssuerPath is where the issuer's documents are.
const IssuerPath = "/dev/oidc"

// ExportsPath is where the files of exports are.
const ExportsPath = "/dev/exports"

// Endpoints is what they stand on.
type Endpoints struct {
	Issuer *issuer.Issuer
	World  demo.World
	Clock  *Clock
	Faults *table.Faults
	Mail   Mailbox

	// What happens by itself: functions that nobody reaches over HTTP, the bus's fault points, the schedules. Without
	// Schedules there are none to run.
	Functions Functions
	Bus       *bus.Faults
	Schedules *schedule.Runner

	// Exports answers the links to files of exports.
	Exports http.Handler
}

// Handler serves /dev/…; everything else there is 404.
func (e *Endpoints) Handler() http.Handler {
	guarded := http.NewServeMux()
	guarded.HandleFunc("GET /dev/token", e.token)
	guarded.HandleFunc("GET /dev/personas", e.personas)
	guarded.HandleFunc("GET /dev/clock", e.showClock)
	guarded.HandleFunc("POST /dev/clock", e.moveClock)
	guarded.HandleFunc("GET /dev/faults", e.showFaults)
	guarded.HandleFunc("POST /dev/faults", e.armFaults)
	guarded.HandleFunc("DELETE /dev/faults", e.disarmFaults)
	e.Mail.mount(guarded)
	if e.Exports != nil {
		guarded.Handle("GET "+ExportsPath+"/", http.StripPrefix(ExportsPath+"/", e.Exports))
	}
	e.Functions.mount(guarded)
	if e.Schedules != nil {
		guarded.HandleFunc("POST /dev/schedules/{function}", e.schedules)
	}

	all := http.NewServeMux()
	all.Handle("/dev/", guard(guarded))
	signIn := issuer.NewSignIn(e.Issuer, choices())
	guarded.HandleFunc("GET "+IssuerPath+"/authorize", signIn.Authorize)
	guarded.HandleFunc("POST "+IssuerPath+"/authorize", signIn.Choose)
	guarded.HandleFunc("POST "+IssuerPath+"/token", signIn.Exchange)
	guarded.HandleFunc("GET "+IssuerPath+"/sign-out", signIn.SignOut)

	// Public by nature, and asked for under names of the machine that are not localhost (by containers).
	all.Handle("GET "+IssuerPath+"/jwks", e.Issuer.Keys())
	all.Handle("GET "+IssuerPath+"/.well-known/openid-configuration", e.Issuer.Discovery())
	return all
}

// guard refuses what another site's page can send here. Such a page cannot read an answer, as none allows it to, unless
// it has this machine answer under its own name: so the name must be the loopback's. And it must not change anything
// unread: so what is not a GET must come from a page of ours, or from no page.
func guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !loopback(r.Host) {
			http.Error(w, "/dev answers to localhost only", http.StatusForbidden)
			return
		}
		if err := sameOrigin.Check(r); err != nil {
			http.Error(w, "/dev answers to its own pages only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopback tells whether a Host header names this machine to itself.
func loopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = strings.Trim(hostPort, "[]")
	}
	return strings.EqualFold(host, "localhost") || host == "127.0.0.1" || host == "::1"
}

// token answers the bare token of a persona. It names a person and no account: rights are looked up on each request.
func (e *Endpoints) token(w http.ResponseWriter, r *http.Request) {
	all := demo.Personas()
	at := slices.IndexFunc(all, func(p demo.Persona) bool { return p.Name == r.URL.Query().Get("persona") })
	if at < 0 {
		var names []string
		for _, p := range all {
			names = append(names, p.Name)
		}
		http.Error(w, "say which: /dev/token?persona=admin, one of "+strings.Join(names, " "), http.StatusNotFound)
		return
	}
	// The machine's time, not the moved one: see issuer.Life.
	token, err := e.Issuer.Token(person(all[at]), time.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(token))
}

// person is a persona as a token speaks of them.
func person(p demo.Persona) issuer.Person {
	return issuer.Person{Subject: p.Subject("").ID, Name: p.Person, Email: p.Email()}
}

// choices are the personas as the issuer's page offers them, with the accounts that they have to do with.
func choices() []issuer.Choice {
	var out []issuer.Choice
	for _, p := range demo.Personas() {
		var accounts []string
		for _, key := range p.Accounts {
			accounts = append(accounts, demo.Name(key))
		}
		out = append(out, issuer.Choice{Person: person(p), Key: p.Name, Note: strings.Join(accounts, ", ")})
	}
	return out
}

type personaAnswer struct {
	Name     string          `json:"name"`
	Person   string          `json:"person"`
	Email    string          `json:"email"`
	Kind     demo.Kind       `json:"kind"`
	Roles    []access.Role   `json:"roles,omitempty"`
	Accounts []accountAnswer `json:"accounts"`
}

type accountAnswer struct {
	ID   id.Account `json:"id"`
	Name string     `json:"name"`
}

// personas lists whom one can sign in as, with the accounts where they have something to do.
func (e *Endpoints) personas(w http.ResponseWriter, _ *http.Request) {
	var out []personaAnswer
	for _, p := range demo.Personas() {
		shown := personaAnswer{Name: p.Name, Person: p.Person, Email: p.Email(), Kind: p.Kind, Roles: p.Roles}
		for _, key := range p.Accounts {
			shown.Accounts = append(shown.Accounts, accountAnswer{e.World.Accounts[key], demo.Name(key)})
		}
		out = append(out, shown)
	}
	answer(w, out)
}
