// Package fault owns the few kinds of error that a caller of Seatkeeper can be told about, their stable codes, and
// the numbers that go with them. It does not own their wording (package text) nor their wire form (platform/httpapi).
// Any error that is not a fault is an accident of ours: the caller gets a plain 500 and we get a log line.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Kind says what sort of refusal it is; each has one HTTP status.
type Kind int

// The kinds, in the order of their status.
const (
	Malformed            Kind = iota + 1 // 400: could not be read
	Unauthenticated                      // 401: nobody knows who calls
	Forbidden                            // 403: known account, right lacking
	NotFound                             // 404: is not there, or is not yours
	Conflict                             // 409: the state of things forbids it
	TooLarge                             // 413: send less at once
	Stale                                // 412: somebody changed it since you read it
	Unsupported                          // 415: a body of another kind
	Invalid                              // 422: read, but not acceptable
	PreconditionRequired                 // 428: If-Match or Idempotency-Key is missing
	Busy                                 // 503: try again shortly, nothing was done
)

var statuses = map[Kind]int{
	Malformed: http.StatusBadRequest, Unauthenticated: http.StatusUnauthorized, Forbidden: http.StatusForbidden,
	NotFound: http.StatusNotFound, Conflict: http.StatusConflict, TooLarge: http.StatusRequestEntityTooLarge,
	Stale: http.StatusPreconditionFailed, Unsupported: http.StatusUnsupportedMediaType, Invalid: http.StatusUnprocessableEntity,
	PreconditionRequired: http.StatusPreconditionRequired, Busy: http.StatusServiceUnavailable,
}

// Status is the HTTP status of the kind; 500 for a kind that does not exist.
func (k Kind) Status() int {
	if s, ok := statuses[k]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Arg is one value of a fault: the text of its code refers to it by position, the problem document by name.
type Arg struct {
	Name  string
	Value any
}

// Int is a number of a fault, such as the seats that are available.
func Int(name string, n int) Arg { return Arg{name, n} }

// Text is a word of a fault, such as the name of the contract that is in the way.
func Text(name, s string) Arg { return Arg{name, s} }

// Named is the code of a text (package text) that stands for a value in the reader's language, such as a permission's
// name.
type Named string

// Word is a word of a fault that has a text of its own.
func Word(name, code string) Arg { return Arg{name, Named(code)} }

// Error is a refusal. Its zero value is not meaningful; make it with New.
type Error struct {
	Kind Kind
	// Code is stable and never translated, e.g. "contract_expired". Package text has its wording.
	Code string
	// Args are what the wording and the problem document's members need, in the order of the wording.
	Args []Arg
	// Members go into the problem document only.
	Members []Arg
	// RetryAfter, where positive, is how long the caller should wait.
	RetryAfter time.Duration

	cause error
}

// New makes a refusal of a kind, with its stable code and what its wording needs.
func New(kind Kind, code string, args ...Arg) *Error {
	return &Error{Kind: kind, Code: code, Args: args}
}

// With returns the refusal with members that its wording does not use, such as the results of each item of a list.
func (e *Error) With(members ...Arg) *Error {
	c := *e
	c.Members = append(append([]Arg(nil), e.Members...), members...)
	return &c
}

// Because returns the refusal with what caused it, for the log; a caller never sees the cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// After returns the refusal with the time after which a repeat makes sense.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

func (e *Error) Error() string {
	s := e.Code
	for _, a := range e.Args {
		s += fmt.Sprintf(" %s=%v", a.Name, a.Value)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Of finds the refusal in a chain of errors, and whether there is one.
func Of(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is tells whether the chain holds a refusal with that code.
func Is(err error, code string) bool {
	e, ok := Of(err)
	return ok && e.Code == code
}

// Missing is the answer to everything that is not there or belongs to somebody else: the two must look the same.
func Missing() *Error { return New(NotFound, "not_found") }
