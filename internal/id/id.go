// Package id owns the identifiers of Seatkeeper's things and of the CRM's records: how they are made and read. An id
// that exists in memory is well-formed; whether the thing exists, and whose it is, is for its own package to say.
package id

import (
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// The identifiers: a prefix that names the noun and a ULID, so that ids of a noun sort by the time they were made.
type (
	Account  string // acc_…
	Contract string // ctr_…
	System   string // sys_…
	User     string // usr_…
	Partner  string // par_…
	Activity string // act_…
	// PermissionSet is a named set of permissions: set_…
	PermissionSet string
	// Staff is somebody who works for a partner or for the vendor: stf_…
	Staff string
	// CostCenter carries a part of a line's seats: cc_…
	CostCenter string
	// Quote is a cart's price, as it stands for half an hour: quo_…
	Quote string
	// Cart is what somebody is about to buy, until it is ordered or emptied: crt_…
	Cart string
	// Order is what was bought: ord_…
	Order string
	// Invoice is what is asked for an order: inv_…
	Invoice string
	// Removal takes licences out of stock, now or later: rem_…
	Removal string
	// Request is what somebody asks of who may do it: req_…
	Request string
	// Export is a file of everything that an account has: exp_…
	Export string
)

// Known is any of the identifiers.
type Known interface {
	Account | Contract | System | User | Partner | Activity | PermissionSet | Staff | CostCenter | Quote | Cart | Order | Invoice | Removal | Request | Export
}

func prefix[T Known]() string {
	switch any(T("")).(type) {
	case Account:
		return "acc_"
	case Contract:
		return "ctr_"
	case System:
		return "sys_"
	case User:
		return "usr_"
	case Partner:
		return "par_"
	case PermissionSet:
		return "set_"
	case Staff:
		return "stf_"
	case CostCenter:
		return "cc_"
	case Quote:
		return "quo_"
	case Cart:
		return "crt_"
	case Order:
		return "ord_"
	case Invoice:
		return "inv_"
	case Removal:
		return "rem_"
	case Request:
		return "req_"
	case Export:
		return "exp_"
	default:
		return "act_"
	}
}

// Parse reads an identifier; ok is false for anything that could not have been made by Maker. Callers treat such an id
// like one that does not exist.
func Parse[T Known](s string) (id T, ok bool) {
	p := prefix[T]()
	if len(s) != len(p)+ulid.EncodedSize || s[:len(p)] != p {
		return "", false
	}
	u, err := ulid.ParseStrict(s[len(p):])
	if err != nil || u.String() != s[len(p):] {
		return "", false
	}
	return T(s), true
}

// Maker makes identifiers from an instant and a source of randomness that are both given, so that tests can name
// them. It is safe for several goroutines.
type Maker struct {
	mu      sync.Mutex
	entropy io.Reader
}

// NewMaker makes identifiers with the randomness of entropy: crypto/rand.Reader outside of tests. Ids made within one
// millisecond still sort in the order they were made.
func NewMaker(entropy io.Reader) *Maker {
	return &Maker{entropy: ulid.Monotonic(entropy, 0)}
}

// New makes an identifier at an instant.
func New[T Known](m *Maker, now time.Time) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	return T(prefix[T]() + ulid.MustNew(ulid.Timestamp(now), m.entropy).String())
}

// Time is the instant, in milliseconds, at which an activity was recorded.
func (a Activity) Time() (time.Time, bool) {
	if _, ok := Parse[Activity](string(a)); !ok {
		return time.Time{}, false
	}
	u := ulid.MustParse(string(a)[len("act_"):])
	return ulid.Time(u.Time()).UTC(), true
}
