package twin_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
)

// buyers are those who may have something in their carts.
var buyers = []string{"administrator", "buyer"}

// compare reads everything of the real one and holds it to the model.
func (h *history) compare() {
	if diff := cmp.Diff(h.ofModel(), h.ofReal()); diff != "" {
		h.differ("what can be read (-model +real): %s", diff)
	}
}

// reading is all that can be read, in words.
type reading struct {
	Contracts map[string]string // status, systems mapped and purchased
	Lines     map[string]string // limit, used, available, state
	Pools     map[string]string // purchased, used, pending removal, available
	Seats     []string
	Unmapped  []string
	Removals  []string
	Carts     map[string][]string
	Announced []string
}

func (h *history) ofModel() reading {
	w := h.model
	r := reading{Contracts: map[string]string{}, Lines: map[string]string{}, Pools: map[string]string{}, Carts: map[string][]string{}, Removals: []string{}}
	for name, c := range w.Contracts {
		status := "active"
		if w.Expired(c) {
			status = "expired"
		}
		r.Contracts[name] = fmt.Sprintf("%s %d/%d", status, w.Mapped(name), c.Purchased)
		for product, l := range c.Lines {
			at := name + " " + product
			limit, free := "none", 0
			if l.Limit() != nil {
				limit, free = fmt.Sprint(*l.Limit()), l.Free()
			}
			r.Lines[at] = fmt.Sprintf("limit %s, used %d, pending %d, available %d, %s", limit, len(l.Seats), l.Pending, free, l.State())
			for center, purchased := range l.Pools {
				free := l.FreeOf(center)
				r.Pools[at+" "+center] = fmt.Sprintf("%d, used %d, pending %d, available %d", purchased, purchased-free-l.Withheld[center], l.Withheld[center], free)
			}
			for who, center := range l.Seats {
				r.Seats = append(r.Seats, fmt.Sprintf("%s %s %s", who, at, center))
			}
		}
	}
	for system, on := range w.Systems {
		if on == "" {
			r.Unmapped = append(r.Unmapped, system)
		}
	}
	for _, m := range w.Removals {
		r.Removals = append(r.Removals, fmt.Sprintf("%s %s %s: %d of %d from %s", m.State, m.Contract, m.Product, m.Left(), m.Asked, m.Effective.Format(time.DateOnly)))
	}
	for _, who := range buyers {
		r.Carts[who] = w.Shown(who)
	}
	r.Announced = append([]string{}, w.Announced...)
	sorted(r.Seats)
	sorted(r.Unmapped)
	return r
}

func (h *history) ofReal() reading {
	s := h.real
	r := reading{Contracts: map[string]string{}, Lines: map[string]string{}, Pools: map[string]string{}, Carts: map[string][]string{}, Removals: []string{}}
	for _, name := range append(names("contract", contracts), "founding") {
		d := s.Want(200, "", s.administrator, "GET", s.path+"/contracts/"+s.id(name), "").Document
		systems := d["systems"].(map[string]any)
		r.Contracts[name] = fmt.Sprintf("%s %v/%v", d["status"], systems["mapped"], systems["purchased"])
		for _, v := range d["lines"].([]any) {
			h.readLine(&r, name, v.(map[string]any))
		}
	}
	for _, v := range s.listed(s.path + "/seats?state=assigned") {
		center := ""
		if cc, carried := v["costCenter"].(map[string]any); carried {
			center = s.named(cc["id"])
		}
		r.Seats = append(r.Seats, fmt.Sprintf("%s %s %s %s", s.named(v["user"].(map[string]any)["id"]), s.named(v["contractId"]), s.named(v["product"].(map[string]any)["id"]), center))
	}
	for _, v := range s.listed(s.path + "/systems?mapping=unmapped") {
		r.Unmapped = append(r.Unmapped, s.named(v["id"]))
	}
	for _, v := range s.listed(s.path + "/removals") {
		r.Removals = append(r.Removals, fmt.Sprintf("%v %s %s: %v of %v from %v", v["state"], s.named(v["contractId"]), s.named(v["product"].(map[string]any)["id"]), v["quantity"], v["asked"], v["effectiveDate"]))
	}
	slices.Reverse(r.Removals)
	for _, who := range buyers {
		r.Carts[who] = s.carted(s.Want(200, "", s.callers[who], "GET", s.path+"/cart", ""))
	}
	r.Announced = s.announced(h.start)
	sorted(r.Seats)
	sorted(r.Unmapped)
	return r
}

func (h *history) readLine(r *reading, contract string, line map[string]any) {
	at := contract + " " + h.real.named(line["product"].(map[string]any)["id"])
	usage := line["usage"].(map[string]any)
	limit := usage["limit"]
	if limit == nil {
		limit = "none"
	}
	r.Lines[at] = fmt.Sprintf("limit %v, used %v, pending %v, available %v, %v", limit, usage["used"], number(line["pendingRemoval"]), usage["available"], usage["state"])
	for _, v := range line["pools"].([]any) {
		pool := v.(map[string]any)
		center := ""
		if cc := pool["costCenterId"]; cc != nil && cc != "" {
			center = h.real.named(cc)
		}
		r.Pools[at+" "+center] = fmt.Sprintf("%v, used %v, pending %v, available %v", pool["purchased"], pool["used"], number(pool["pendingRemoval"]), pool["available"])
	}
}

// number is one of an answer, which leaves out those that are none.
func number(v any) any {
	if v == nil {
		return 0
	}
	return v
}
