// Package portal serves the built portal as CloudFront does: files with their headers, compressed (by gzip alone, where
// CloudFront knows Brotli too), one page for every address that is the portal's own, and where to sign in. It owns the headers,
// which template.yaml repeats for CloudFront; a test in infra/check holds the two together. How the portal is built is not its business.
package portal

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Header is a header of every answer.
type Header struct{ Name, Value string }

// Headers are those of every answer. The policy allows the portal's own files and no others, nothing inline, no frame
// around it and none within; connect are further origins to talk to: that of the issuer's token endpoint, where it is
// another one.
func Headers(connect ...string) []Header {
	talks := strings.Join(append([]string{"'self'"}, connect...), " ")
	return []Header{
		{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src " + talks +
			"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Referrer-Policy", "no-referrer"},
		{"Strict-Transport-Security", "max-age=63072000; includeSubDomains"},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
	}
}

// How long a browser may keep what it got: for good where the name changes with the content, else until it has asked.
const (
	Immutable = "public, max-age=31536000, immutable"
	Fresh     = "no-cache"
)

// File matches the paths that are files: those that the build names by their content, and the few beside index.html.
// Every other path is a page of the portal, also one that ends with a product's code, which may have a dot in it. The
// function PortalPages of template.yaml goes by the same.
const File = `^/(assets/.*|[^/]+\.[a-z0-9]+)$`

var file = regexp.MustCompile(File)

// Config is where the portal signs its readers in; addresses may be relative to its origin.
type Config struct {
	Issuer                string `json:"issuer"`
	ClientID              string `json:"clientId"`
	Scope                 string `json:"scope"`
	AuthorizationEndpoint string `json:"authorizationEndpoint"`
	TokenEndpoint         string `json:"tokenEndpoint"`
	SignOutEndpoint       string `json:"signOutEndpoint,omitempty"`
	SignOutParameter      string `json:"signOutParameter,omitempty"`
}

// Handler serves what was built into a folder.
func Handler(folder string, config Config) http.Handler {
	return &site{files: os.DirFS(folder), config: config}
}

type site struct {
	files  fs.FS
	config Config
	packed sync.Map // of version: a file's content as gzip
}

// version is a file as it was built.
type version struct {
	name string
	at   time.Time
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, h := range Headers() {
		w.Header().Set(h.Name, h.Value)
	}
	w.Header().Set("Cache-Control", Fresh)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the portal is read only", http.StatusMethodNotAllowed)
	case r.URL.Path == "/config.json":
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.config) // strings always marshal
	case file.MatchString(r.URL.Path):
		s.file(w, r, strings.TrimPrefix(path.Clean(r.URL.Path), "/"))
	default:
		s.file(w, r, "index.html")
	}
}

func (s *site) file(w http.ResponseWriter, r *http.Request, name string) {
	info, err := fs.Stat(s.files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == "index.html":
		http.Error(w, "the portal is not built: make run builds it, or npm run build in portal/", http.StatusServiceUnavailable)
		return
	case err != nil || info.IsDir():
		http.NotFound(w, r)
		return
	case strings.HasPrefix(name, "assets/"):
		w.Header().Set("Cache-Control", Immutable)
	}
	// Not ServeFileFS, which sends index.html elsewhere; it reads the type from the name all the same.
	content, err := fs.ReadFile(s.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if compressible(name) && len(content) >= leastCompressed {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			r.Header.Del("Range") // of what is sent there are no parts
			content = s.pack(version{name, info.ModTime()}, content)
		}
	}
	http.ServeContent(w, r, name, info.ModTime(), bytes.NewReader(content))
}

// leastCompressed is the size below which CloudFront leaves a file as it is, in bytes.
const leastCompressed = 1000

// compressible tells the types that CloudFront compresses, of those that a portal is built of.
func compressible(name string) bool {
	switch path.Ext(name) {
	case ".html", ".js", ".css", ".json", ".svg", ".txt":
		return true
	}
	return false
}

// pack compresses a file once for each build.
func (s *site) pack(of version, content []byte) []byte {
	if packed, ok := s.packed.Load(of); ok {
		return packed.([]byte)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(content) // a buffer takes everything
	_ = w.Close()
	s.packed.Store(of, out.Bytes())
	return out.Bytes()
}
