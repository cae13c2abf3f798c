// Package statement owns how an order reads on paper: its statement, worded in the reader's language, as a page to print,
// and by package pdf as a file to keep (FEATURES.md, Buying). Both are made of the same words, so they say the same. It
// computes no amount: each is the order's own. It does not own orders (package order) nor numbered invoices.
package statement

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Statement is an order in words: everything that it shows, in the order in which it is read.
type Statement struct {
	Lang text.Lang
	// Title says what it is, Draft that it is no numbered invoice, FileName what it is called as a file, without an ending.
	Title, Draft, FileName string
	// Made is when the order was placed: the same order has the same bytes whenever it is read.
	Made           time.Time
	Seller, BillTo Block
	Facts          []Fact
	Ordered        Ordered
	Now            Table
	// Notes are what the law has said beside a tax.
	Notes []string
	Later Table
	// Order is its id.
	Order string
}

// Block is a legal identity under its heading.
type Block struct {
	Heading string
	Lines   []string
}

// Fact is something that is known of the whole order.
type Fact struct {
	Name   string
	Values []string
}

// Ordered is the table of what was ordered.
type Ordered struct {
	Heading string
	// Columns are the titles: product, period, quantity, unit price, net amount.
	Columns [5]string
	Rows    []Row
}

// Row is a product, and who carries it where that is said.
type Row struct {
	Product, Quantity, UnitPrice, Net string
	// About stands below the product, Period is one line each of its column.
	About, Period []string
	Shares        []Share
}

// Share is what a cost center carries.
type Share struct{ Name, Quantity, Net string }

// Table is a heading, titles of columns where there are any, and rows of words.
type Table struct {
	Heading string
	Columns []string
	Rows    [][]string
}

// writer words one order.
type writer struct {
	order   order.Order
	lang    text.Lang
	country Country
}

func (w writer) say(code string, args ...any) string { return text.Say(w.lang, code, args...) }

func (w writer) money(m money.Money) string { return text.Money(w.lang, m.Amount, m.Currency) }

func (w writer) day(d date.Date) string { return text.Day(w.lang, d) }

// Of words an order in a language; days are those of the zone, which is the account's.
func Of(o order.Order, l text.Lang, zone *time.Location, called Country) Statement {
	w, placed := writer{o, l, called}, date.Today(o.PlacedAt, zone)
	return Statement{
		Lang: l, Title: w.say("statement_title"), Draft: w.say("statement_draft"), Made: o.PlacedAt, Order: string(o.ID),
		FileName: strings.Join([]string{w.say("statement_file"), string(placed), string(o.ID)}, "-"),
		Seller:   w.party(w.say("statement_seller"), o.Seller), BillTo: w.party(w.say("statement_bill_to"), o.BillTo),
		Facts: w.facts(placed), Ordered: w.ordered(), Now: w.now(), Notes: w.notes(), Later: w.later(),
	}
}

// party is a legal identity as it stands on an envelope, then its number and address for mail.
func (w writer) party(heading string, p order.Party) Block {
	b := Block{Heading: heading}
	number := ""
	if p.TaxNumber != "" {
		number = w.say("statement_tax_number", p.TaxNumber)
	}
	for _, line := range []string{p.LegalName, p.Street, strings.TrimSpace(p.PostalCode + " " + p.City), w.country(w.lang, p.Country), number, p.Registration, p.Email} {
		if line != "" {
			b.Lines = append(b.Lines, line)
		}
	}
	return b
}

func (w writer) facts(placed date.Date) []Fact {
	status := w.say("statement_status_placed")
	if w.order.Status == order.AwaitingPayment {
		status = w.say("statement_status_waiting")
	}
	facts := []Fact{{w.say("statement_order"), []string{string(w.order.ID)}}, {w.say("statement_placed"), []string{w.day(placed)}}}
	if buyer := w.order.Buyer.In(w.lang); buyer.Name != "" {
		facts = append(facts, Fact{w.say("statement_buyer"), []string{buyer.Name}})
	}
	var contracts []string
	for _, r := range w.order.Rows {
		if name := contractName(r); !slices.Contains(contracts, name) {
			contracts = append(contracts, name)
		}
	}
	return append(facts, Fact{w.say("statement_contracts"), contracts}, Fact{w.say("statement_status"), []string{status}},
		Fact{w.say("statement_currency"), []string{w.order.Currency}})
}

func contractName(r order.Row) string { return cmp.Or(r.ContractName, string(r.Contract)) }

func (w writer) ordered() Ordered {
	t := Ordered{Heading: w.say("statement_ordered"), Columns: [5]string{
		w.say("statement_product"), w.say("statement_period"), w.say("statement_quantity"), w.say("statement_unit_price"), w.say("statement_net"),
	}}
	for _, r := range w.order.Rows {
		t.Rows = append(t.Rows, w.row(r))
	}
	return t
}

func (w writer) row(r order.Row) Row {
	contract := w.say("statement_contract", contractName(r))
	if r.NewLine {
		contract += " (" + w.say("statement_new_line") + ")"
	}
	period := w.say("statement_monthly")
	if r.Period == catalog.Yearly {
		period = w.say("statement_yearly")
	}
	row := Row{
		Product: cmp.Or(r.ProductName.In(w.lang), r.Product), About: []string{contract},
		Period:   []string{period, w.say("statement_days", r.Days, r.PeriodDays)},
		Quantity: text.Number(w.lang, r.Quantity), UnitPrice: w.money(r.UnitPrice), Net: w.money(r.Net),
	}
	if r.Days > 0 {
		// People read the last day as charged too, the order names the first that is not.
		row.Period = append(row.Period, w.say("statement_from_to", w.day(r.From), w.day(r.Until.AddDays(-1))))
	}
	if r.Reinstated > 0 {
		row.About = append(row.About, w.say("statement_reinstated", r.Reinstated))
	}
	if r.NextBilling == "" {
		row.About = append(row.About, w.say("statement_ends", w.day(r.Until)))
	}
	for _, p := range r.Split {
		if len(r.Split) == 1 && p.CostCenter == "" && p.CostCenterName == "" {
			break // nobody carries any of it: there is nothing to tell apart
		}
		name := cmp.Or(p.CostCenterName, string(p.CostCenter), w.say("statement_no_cost_center"))
		row.Shares = append(row.Shares, Share{name, text.Number(w.lang, p.Quantity), w.money(p.Net)})
	}
	return row
}

// now is what is charged at once, by tax.
func (w writer) now() Table {
	sum := w.order.Totals
	t := Table{Heading: w.say("statement_now"), Rows: [][]string{{w.say("statement_total_net"), w.money(sum.Net)}}}
	for _, tax := range sum.Taxes {
		t.Rows = append(t.Rows, []string{w.say("statement_tax", text.Rate(w.lang, tax.BasisPoints), w.money(tax.Base)), w.money(tax.Amount)})
	}
	return Table{t.Heading, nil, append(t.Rows, []string{w.say("statement_total_tax"), w.money(sum.Tax)}, []string{w.say("statement_total"), w.money(sum.Gross)})}
}

// notes are the sentences that go with taxes that the seller does not ask, each once.
func (w writer) notes() []string {
	var notes []string
	for _, tax := range w.order.Totals.Taxes {
		note := ""
		switch tax.Reason {
		case "reverse_charge":
			note = w.say("statement_reverse_charge")
		case "outside":
			note = w.say("statement_outside")
		case "exempt":
			note = w.say("statement_exempt")
		}
		if note != "" && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}

// later is what is billed again, each time; it has no rows where nothing is.
func (w writer) later() Table {
	t := Table{Heading: w.say("statement_later"), Columns: []string{
		w.say("statement_every"), w.say("statement_next_billing"), w.say("statement_net"), w.say("statement_vat"), w.say("statement_gross"),
	}}
	for _, r := range w.order.Recurring {
		every := w.say("statement_every_month")
		if r.Period == catalog.Yearly {
			every = w.say("statement_every_year")
		}
		t.Rows = append(t.Rows, []string{every, w.day(r.NextBilling), w.money(r.Net), w.money(r.Tax), w.money(r.Gross)})
	}
	return t
}
