package faults_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/faults"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// outcome is what somebody is told who asks for something.
type outcome struct {
	// done: it was done, or is by now.
	done bool
	// failed: nobody can say, or the other side could not; to be asked for again.
	failed bool
	// busy: the other side could not now, and says so (503).
	busy bool
	said string
}

// deed is something that is asked for, and asked for again.
type deed struct {
	name string
	// begin opens a function that has served nobody yet, as a cold start does, and answers how it is asked.
	begin func() func(context.Context) outcome
	// gone says why whoever asks again, after it was done, is refused; empty where they are told what they were told first.
	gone string
	// anew says why asking again does it again, and is to; empty where it is done once.
	anew string
	// mailsFirst says why somebody is mailed before it is done; empty where they are mailed afterwards.
	mailsFirst string
	// parts says why it is not done all at once, but in parts of which each is done or not; empty where it is.
	parts string
}

// state is all that can be seen from outside.
type state struct {
	was, is map[table.Key]table.Item
	rows    []string
	mails   map[string]int
	events  map[string]int
}

// lab is where deeds are broken.
type lab struct {
	testing.TB
	wire   *faults.Wire
	table  *table.Table
	ids    *faults.Ids
	post   *faults.Postbox
	line   *faults.Line
	owner  books
	faults int
	// blur, where it is set, takes out of rows what differs by when a deed was done.
	blur *regexp.Regexp
	// found are what does not hold, where whoever runs the lab wants to know rather than fail.
	found *[]string
}

func (l *lab) say(format string, args ...any) {
	l.Helper()
	if l.found != nil {
		*l.found = append(*l.found, fmt.Sprintf(format, args...))
		return
	}
	l.Errorf(format, args...)
}

func (l *lab) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lab) see() state {
	l.Helper()
	s := state{was: l.wire.Was(), mails: map[string]int{}, events: map[string]int{}}
	var err error
	s.is, err = l.wire.Is(l.Context())
	l.must(err)
	s.rows, err = l.ids.State(s.is)
	l.must(err)
	if l.blur != nil {
		for i, row := range s.rows {
			s.rows[i] = l.blur.ReplaceAllString(row, "")
		}
	}
	for id, n := range l.post.Taken() {
		s.mails[l.ids.Plain(id)] += n
	}
	for _, e := range l.line.Taken() {
		s.events[e.Type+" "+l.ids.Plain(e.ID)]++
	}
	return s
}

// back makes all as it was before the deed.
func (l *lab) back() {
	l.Helper()
	l.must(l.wire.Rewind(l.Context()))
	l.post.Forget()
	l.line.Forget()
}

// study is a deed that nothing disturbs, done once and once more. It answers what there was before and after, and which
// calls were made; ok is false where it cannot be broken, because it is not done.
func (l *lab) study(d deed) (was, is state, calls []string, mails, sent int, ok bool) {
	l.Helper()
	try := d.begin()
	l.wire.Arm("", 0, nil)
	l.post.Arm("", 0, nil)
	l.line.Arm("", 0, nil)
	first := try(l.Context())
	calls, _ = l.wire.Disarm()
	mails, _ = l.post.Disarm()
	sent, _ = l.line.Disarm()
	if !first.done {
		l.Errorf("%s: %s", d.name, first.said)
		return was, is, nil, 0, 0, false
	}
	is = l.see()
	if off := l.owner.off(); off != "" {
		l.say("%s: counters as they are (-) and as they must be (+): %s", d.name, off)
	}
	again := try(l.Context())
	if again.done == (d.gone != "") {
		l.say("%s: asked for again: %s; it is to be refused because %q", d.name, again.said, d.gone)
	}
	if diff := cmp.Diff(is.rows, l.see().rows); (diff != "") != (d.anew != "") {
		l.say("%s: a second time changes something (-once +twice): %s", d.name, diff)
	}
	l.back()
	return l.see(), is, calls, mails, sent, true
}

// fault is what goes wrong.
type fault struct {
	what string
	kind faults.Kind
	on   string // "mail", "bus", or the kind of a call of the engine
	// late: by then it may have been done. final: no call of the engine comes after it.
	late, final bool
	arm         func(end func())
	disarm      func() (hit bool)
}

// prove breaks every call of a deed, in every way that it can break.
func (l *lab) prove(d deed) {
	l.Helper()
	was, is, calls, mails, sent, ok := l.study(d)
	if !ok {
		return
	}
	for at, call := range calls {
		if amid(calls, at) {
			continue
		}
		for _, kind := range l.kinds(d, at, call) {
			l.breaks(d, was, is, fault{
				what: fmt.Sprintf("%s: call %d of %d (%s) %s", d.name, at+1, len(calls), call, kind), kind: kind, on: call,
				late: call == "write" || slices.Contains(calls[:at], "write"), final: at == len(calls)-1,
				arm:    func(end func()) { l.wire.Arm(kind, at, end) },
				disarm: func() bool { _, hit := l.wire.Disarm(); return hit },
			})
		}
	}
	for at := range mails {
		for _, kind := range faults.MailKinds() {
			l.breaks(d, was, is, fault{
				what: fmt.Sprintf("%s: mail %d %s", d.name, at+1, kind), kind: kind, on: "mail", late: true,
				arm:    func(end func()) { l.post.Arm(kind, at, end) },
				disarm: func() bool { _, hit := l.post.Disarm(); return hit },
			})
		}
	}
	for at := range sent {
		for _, kind := range faults.BusKinds() {
			l.breaks(d, was, is, fault{
				what: fmt.Sprintf("%s: call %d of the bus %s", d.name, at+1, kind), kind: kind, on: "bus", late: true,
				arm:    func(end func()) { l.line.Arm(kind, at, end) },
				disarm: func() bool { _, hit := l.line.Disarm(); return hit },
			})
		}
	}
}

// amid tells that a query stands amid others, two before it and two behind, as those of the shards of what is due do: one
// that goes wrong there is like the next.
func amid(calls []string, at int) bool {
	return at >= 2 && at+2 < len(calls) && !slices.ContainsFunc(calls[at-2:at+3], func(call string) bool { return call != "query" })
}

// kinds are how a call is broken. A write is in every way there is. A read that goes wrong ends what it is part of with its
// error, in whichever way: the code tells none from another but to choose the answer. So each is broken in one, another from
// read to read and from deed to deed; together the deeds break every read that they share in all of them.
func (l *lab) kinds(d deed, at int, call string) []faults.Kind {
	if call == "write" {
		return faults.WriteKinds()
	}
	all := faults.ReadKinds(call == "batch")
	return all[(at+len(d.name))%len(all):][:1]
}

// breaks does a deed while one call is broken, and then again while none is.
func (l *lab) breaks(d deed, was, is state, f fault) {
	l.Helper()
	l.faults++
	try, ctx := d.begin(), faults.NewDeadline(l.Context())
	f.arm(ctx.End)
	first := try(ctx)
	ctx.End()
	if !f.disarm() {
		l.say("%s: this call was not made this time", f.what)
	}
	l.answered(f, first)
	between := l.see()
	undone, done := cmp.Equal(between.rows, was.rows), cmp.Equal(between.rows, is.rows)
	switch {
	case first.done && !done:
		l.say("%s: it is answered %s and is not done (-to be +is): %s", f.what, first.said, cmp.Diff(is.rows, between.rows))
	case d.parts != "":
		if off := l.owner.off(); off != "" {
			l.say("%s: counters as they are (-) and as they must be (+): %s", f.what, off)
		}
	case !undone && !done:
		l.say("%s: it is neither as it was (-was +is): %s\nnor as it was to be (-to be +is): %s", f.what, cmp.Diff(was.rows, between.rows), cmp.Diff(is.rows, between.rows))
	case undone && len(between.mails) > 0 && d.mailsFirst == "":
		l.say("%s: somebody was mailed of what was not done: %v", f.what, between.mails)
	}
	last := try(l.Context())
	if !last.done && (!done || d.gone == "") {
		l.say("%s: asked for again, it is answered %s", f.what, last.said)
	}
	after := l.see()
	if diff := cmp.Diff(is.rows, after.rows); diff != "" && (d.anew == "" || !done) {
		l.say("%s: asked for again, it is not as it was to be (-to be +is): %s", f.what, diff)
	}
	l.told(d, f, is, after)
	l.back()
}

// answered holds an answer to it that it says that asking again is of use, and 503 where the other side said so. What only the
// SDK made again is no error: nobody but the SDK has seen that anything went wrong.
func (l *lab) answered(f fault, o outcome) {
	l.Helper()
	if !o.done && !o.failed && f.kind != faults.Refused {
		l.say("%s: it is answered %s, which says that asking again is no use", f.what, o.said)
	}
	if o.failed && !o.busy && f.kind != faults.Before && f.kind != faults.After {
		l.say("%s: it is answered %s, which does not say that it may be asked again", f.what, o.said)
	}
}

// told holds events to it that each leaves, and mails to it that each leaves once: twice only where a server took it and its
// answer was lost, or where what was left is written down last and was not. A mail that follows from what is done, and
// is not what was asked for, is tried once: after the write nobody gets that far again.
func (l *lab) told(d deed, f fault, is, after state) {
	l.Helper()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(is.events)), slices.Sorted(maps.Keys(after.events))); diff != "" {
		l.say("%s: other events than were to be sent (-to be +is): %s", f.what, diff)
	}
	for id, n := range after.mails {
		twice := f.on == "mail" && f.kind == faults.After || f.final && d.mailsFirst != ""
		if most := is.mails[id]; n > most && !(n == most+1 && twice) {
			l.say("%s: the mail %s left %d times, want %d", f.what, id, n, most)
		}
	}
	for id := range is.mails {
		if owed := d.mailsFirst != "" && f.kind != faults.Refused; after.mails[id] == 0 && (owed || !f.late) {
			l.say("%s: the mail %s never left", f.what, id)
		}
	}
}
