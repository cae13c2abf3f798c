package files

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Folder keeps files in a folder of one machine. Links lead to Base, where Handler answers; they are signed with Key and
// shaped as S3's are: when they were made, for how long they hold, a signature over both and the name.
type Folder struct {
	Path string
	Base string // without a slash at its end
	Key  []byte
	Now  func() time.Time
}

const timeForm = "20060102T150405Z"

// named is what a file may be called: parts of letters, digits, underscores and points, none of which begins with a point.
// It is compiled at its first use, since what only hands out links needs none.
var named = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.]*(/[A-Za-z0-9_][A-Za-z0-9_.]*)*$`)
})

var errNamed = errors.New("no name of a file")

// Put is Shelf's. It also removes what is older than Kept, since nothing else here does.
func (f Folder) Put(_ context.Context, name string, write func(io.Writer) error) (int64, error) {
	if !named().MatchString(name) {
		return 0, fmt.Errorf("%q: %w", name, errNamed)
	}
	if err := f.forget(); err != nil {
		return 0, err
	}
	place := filepath.Join(f.Path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return 0, fmt.Errorf("keep %s: %w", name, err)
	}
	part, err := os.CreateTemp(filepath.Dir(place), "part-*")
	if err != nil {
		return 0, fmt.Errorf("keep %s: %w", name, err)
	}
	defer func() { _ = os.Remove(part.Name()) }() // gone already where all went well
	buffered := bufio.NewWriter(part)
	c := &counted{Writer: buffered}
	if err := errors.Join(write(c), buffered.Flush(), part.Close()); err != nil {
		return 0, fmt.Errorf("keep %s: %w", name, err)
	}
	if err := os.Rename(part.Name(), place); err != nil {
		return 0, fmt.Errorf("keep %s: %w", name, err)
	}
	return c.n, nil
}

// forget removes files that are older than Kept.
func (f Folder) forget() error {
	oldest := f.Now().Add(-Kept)
	err := filepath.WalkDir(f.Path, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.ModTime().Before(oldest) {
			err = os.Remove(path)
		}
		return err
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// Link is Links'.
func (f Folder) Link(_ context.Context, name string, now time.Time) (string, error) {
	if !named().MatchString(name) {
		return "", fmt.Errorf("%q: %w", name, errNamed)
	}
	at, life := now.UTC().Format(timeForm), strconv.Itoa(int(LinkLife/time.Second))
	query := url.Values{"X-Amz-Date": {at}, "X-Amz-Expires": {life}, "X-Amz-Signature": {f.sign(name, at, life)}}
	return f.Base + "/" + name + "?" + query.Encode(), nil
}

func (f Folder) sign(name, at, life string) string {
	mac := hmac.New(sha256.New, f.Key)
	fmt.Fprintf(mac, "%s\n%s\n%s", at, life, name)
	return hex.EncodeToString(mac.Sum(nil))
}

// Handler answers links: 403 for one that ended or that nobody signed, 404 for a file that is gone. The path is the name.
func (f Folder) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, q := r.URL.Path, r.URL.Query()
		at, life := q.Get("X-Amz-Date"), q.Get("X-Amz-Expires")
		made, err := time.Parse(timeForm, at)
		seconds, _ := strconv.Atoi(life) // one that is no number was signed by nobody
		ends := made.Add(time.Duration(seconds) * time.Second)
		signed := hmac.Equal([]byte(q.Get("X-Amz-Signature")), []byte(f.sign(name, at, life)))
		if err != nil || !signed || !named().MatchString(name) || !f.Now().Before(ends) {
			http.Error(w, "the link has ended, or is none", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Disposition", `attachment; filename="`+filepath.Base(name)+`"`)
		w.Header().Set("Cache-Control", "no-store")
		http.ServeFile(w, r, filepath.Join(f.Path, filepath.FromSlash(name)))
	})
}
