package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// codeLife is how long a code waits to be exchanged.
	codeLife = time.Minute
	// cookie names the person that this browser signed in as.
	cookie = "seatkeeper-persona"
	// mostCodes bounds what a loop of a page can leave behind.
	mostCodes = 1000
)

// Choice is one whom the page offers to sign in as.
type Choice struct {
	Person
	Key  string // in the form and the cookie
	Note string // what they may do, where
}

// SignIn is the issuer's pages for a browser: the authorization code flow with PKCE (RFC 6749, 7636) for the portal, its
// one public client. Whoever is named is believed. The browser's session is a cookie with a name in it, no secret: it
// gives nothing that /dev/token does not give to everybody on this machine.
type SignIn struct {
	issuer  *Issuer
	choices []Choice

	mu      sync.Mutex
	codes   map[string]grant
	renewal map[string]grant // by refresh token
}

// grant is what a code or a refresh token stands for.
type grant struct {
	person    Person
	challenge string
	redirect  string
	nonce     string
	until     time.Time
}

// NewSignIn offers people to choose from.
func NewSignIn(i *Issuer, choices []Choice) *SignIn {
	return &SignIn{issuer: i, choices: choices, codes: map[string]grant{}, renewal: map[string]grant{}}
}

// wanted is what the portal asks for, once it was checked.
type wanted struct {
	redirect  *url.URL
	state     string
	nonce     string
	challenge string
}

// parse checks a request for a code. Only a page of this machine may be sent one, and only with a challenge, so that
// nobody who sees the code on its way can use it.
func (s *SignIn) parse(q url.Values) (wanted, string) {
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != s.issuer.audience:
		return wanted{}, "client_id is not " + s.issuer.audience
	case err != nil || !here(redirect):
		return wanted{}, "redirect_uri is no page of this machine"
	case q.Get("response_type") != "code":
		return wanted{}, "response_type is not code"
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		return wanted{}, "a code_challenge by S256 is needed"
	}
	return wanted{redirect, q.Get("state"), q.Get("nonce"), q.Get("code_challenge")}, ""
}

// here tells whether an address is of this machine to itself. Its port may be that of a development server.
func here(address *url.URL) bool {
	host := address.Hostname()
	ip := net.ParseIP(host)
	return address.Scheme == "http" && address.User == nil && address.Fragment == "" && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// Authorize shows whom one can be, or goes straight back for a browser that has chosen before.
func (s *SignIn) Authorize(w http.ResponseWriter, r *http.Request) {
	want, wrong := s.parse(r.URL.Query())
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	if kept, err := r.Cookie(cookie); err == nil && r.URL.Query().Get("prompt") != "login" {
		if p, found := s.choice(kept.Value); found {
			s.send(w, r, want, p)
			return
		}
	}
	if r.URL.Query().Get("prompt") == "none" {
		back(w, r, want, url.Values{"error": {"login_required"}})
		return
	}
	s.page(w, r)
}

// Choose takes the person that was clicked on; the request for a code is still in the address.
func (s *SignIn) Choose(w http.ResponseWriter, r *http.Request) {
	want, wrong := s.parse(r.URL.Query())
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	p, found := s.choice(r.PostFormValue("persona"))
	if !found {
		http.Error(w, "there is no such persona", http.StatusBadRequest)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: r.PostFormValue("persona"), Path: "/dev/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	s.send(w, r, want, p)
}

func (s *SignIn) choice(key string) (Person, bool) {
	at := slices.IndexFunc(s.choices, func(c Choice) bool { return c.Key == key })
	if at < 0 {
		return Person{}, false
	}
	return s.choices[at].Person, true
}

// send goes back to the portal with a code.
func (s *SignIn) send(w http.ResponseWriter, r *http.Request, want wanted, p Person) {
	code := secret()
	s.mu.Lock()
	if len(s.codes) >= mostCodes {
		clear(s.codes)
	}
	s.codes[code] = grant{p, want.challenge, want.redirect.String(), want.nonce, time.Now().Add(codeLife)}
	s.mu.Unlock()
	back(w, r, want, url.Values{"code": {code}})
}

func back(w http.ResponseWriter, r *http.Request, want wanted, said url.Values) {
	to := *want.redirect
	q := to.Query()
	for name, values := range said {
		q[name] = values
	}
	q.Set("state", want.state)
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Exchange answers a code, or a refresh token, with tokens. Either serves once.
func (s *SignIn) Exchange(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("client_id") != s.issuer.audience {
		refuse(w, "invalid_client")
		return
	}
	var g grant
	var ok bool
	switch f := r.PostForm; f.Get("grant_type") {
	case "authorization_code":
		g, ok = s.take(s.codes, f.Get("code"))
		ok = ok && g.redirect == f.Get("redirect_uri") && proves(f.Get("code_verifier"), g.challenge)
	case "refresh_token":
		g, ok = s.take(s.renewal, f.Get("refresh_token"))
	default:
		refuse(w, "unsupported_grant_type")
		return
	}
	if !ok {
		refuse(w, "invalid_grant")
		return
	}
	s.grant(w, g)
}

// take gives what was promised, and makes it serve no second time, whatever comes of the first.
func (s *SignIn) take(from map[string]grant, key string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, found := from[key]
	delete(from, key)
	return g, found && time.Now().Before(g.until)
}

func proves(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return len(verifier) >= 43 && subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

func (s *SignIn) grant(w http.ResponseWriter, g grant) {
	now := time.Now()
	token, err := s.issuer.sign(g.person, g.nonce, now)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	refresh := secret()
	g.until = now.Add(Life + time.Hour)
	s.mu.Lock()
	if len(s.renewal) >= mostCodes {
		clear(s.renewal)
	}
	s.renewal[refresh] = g
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // strings and a number always marshal
		"id_token": token, "access_token": token, "refresh_token": refresh, "token_type": "Bearer", "expires_in": int(Life.Seconds()), "scope": "openid email profile",
	})
}

func refuse(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
}

// SignOut forgets the browser's choice and goes back to the portal.
func (s *SignIn) SignOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/dev/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	to, err := url.Parse(r.URL.Query().Get("post_logout_redirect_uri"))
	if err != nil || !here(to) || strings.ContainsAny(to.Host, " \\") {
		http.Error(w, "signed out", http.StatusOK)
		return
	}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}
