// Package order owns buying: the cart, its price, the quote that holds the price for half an hour, and the order that a
// quote becomes in one transaction, or not at all (FEATURES.md, Buying). It does not own products and their prices (package
// catalog), the lines that an order adds to (package contract), taxes (package tax), nor what is taken out of stock (package
// removal).
package order

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Priced is what a cart, a quote, an order and its invoice have in common: rows and what they come to. All amounts are in
// the one currency. It is kept and shown as it is.
type Priced struct {
	Currency  string      `dynamodbav:"currency" json:"currency" doc:"ISO 4217; of every amount here."`
	Rows      []Row       `dynamodbav:"rows" json:"rows" nullable:"false"`
	Totals    Totals      `dynamodbav:"totals" json:"totals" doc:"What is charged now."`
	Recurring []Recurring `dynamodbav:"recurring" json:"recurring" nullable:"false" doc:"What is billed from the next billing date on, by period and date."`
}

// Row is one product of an order, as it was offered when it was quoted.
type Row struct {
	Product     string       `dynamodbav:"product" json:"productId"`
	ProductName catalog.Name `dynamodbav:"productName" json:"productName"`
	// Contract is the one whose line takes the seats; NewLine tells that it had none of the product.
	Contract     id.Contract    `dynamodbav:"contract" json:"contractId"`
	ContractName string         `dynamodbav:"contractName" json:"contractName"`
	NewLine      bool           `dynamodbav:"newLine" json:"newLine" doc:"The contract had no line of the product."`
	Period       catalog.Period `dynamodbav:"period" json:"period" enum:"monthly,yearly"`
	Quantity     int            `dynamodbav:"quantity" json:"quantity" doc:"Seats, those that are reinstated among them."`
	// Reinstated are those that were pending removal: they are billed until then, so they cost nothing now.
	Reinstated int         `dynamodbav:"reinstated" json:"reinstated" doc:"Seats of the quantity that were pending removal and come back: they cost nothing now."`
	UnitPrice  money.Money `dynamodbav:"unitPrice" json:"unitPrice" doc:"A seat and full period, at the volume tier of the quantity."`
	// Days of PeriodDays are charged now: from From, included, to Until, not included.
	Days       int         `dynamodbav:"days" json:"days"`
	PeriodDays int         `dynamodbav:"periodDays" json:"periodDays"`
	From       date.Date   `dynamodbav:"from" json:"from" doc:"The first day that is charged."`
	Until      date.Date   `dynamodbav:"until" json:"until" doc:"The first day that is not charged any more: the next billing date, or the contract's end."`
	Net        money.Money `dynamodbav:"net" json:"net" doc:"Charged now, before tax."`
	// TaxCategory is the product's; TaxBasisPoints and TaxReason what it came to for this buyer.
	TaxCategory    string      `dynamodbav:"taxCategory" json:"taxCategory"`
	TaxBasisPoints int         `dynamodbav:"taxBasisPoints" json:"taxBasisPoints" doc:"Hundredths of a percent: 2000 is 20 %."`
	TaxReason      tax.Reason  `dynamodbav:"taxReason" json:"taxReason,omitempty" doc:"Left out of a cart while the account has no billing profile." enum:"standard,reverse_charge,outside,exempt"`
	Recurring      money.Money `dynamodbav:"recurring" json:"recurring" doc:"Billed each full period from the next billing date on, before tax; nothing where the contract ends before that."`
	NextBilling    date.Date   `dynamodbav:"nextBilling,omitempty" json:"nextBillingDate,omitempty" doc:"None where the contract ends before it: until is its end."`
	// Split says who carries the seats; the quantities sum to Quantity, the nets to Net.
	Split []Part `dynamodbav:"split" json:"split" nullable:"false" doc:"Which cost centers carry the seats; the quantities sum to the row's, the amounts too."`
}

// Part is what one cost center carries of a row; without CostCenter nobody does. Of a quote it may be one that the order
// will create: New, and without an id until then.
type Part struct {
	CostCenter     id.CostCenter `dynamodbav:"costCenter,omitempty" json:"costCenterId,omitempty" doc:"Left out: carried by none, or created by the order."`
	CostCenterName string        `dynamodbav:"costCenterName,omitempty" json:"costCenterName,omitempty"`
	New            bool          `dynamodbav:"new,omitempty" json:"new,omitempty" doc:"The order creates the cost center."`
	Quantity       int           `dynamodbav:"quantity" json:"quantity"`
	Net            money.Money   `dynamodbav:"net" json:"net"`
}

// Totals are the sum of rows: Net and Tax are Gross.
type Totals struct {
	Net   money.Money `dynamodbav:"net" json:"net"`
	Taxes []Tax       `dynamodbav:"taxes" json:"taxes" nullable:"false"`
	Tax   money.Money `dynamodbav:"tax" json:"tax"`
	Gross money.Money `dynamodbav:"gross" json:"gross"`
}

// Tax is one rate: computed once, on the sum of the nets that have it.
type Tax struct {
	BasisPoints int         `dynamodbav:"basisPoints" json:"basisPoints" doc:"Hundredths of a percent: 2000 is 20 %."`
	Reason      tax.Reason  `dynamodbav:"reason" json:"reason" enum:"standard,reverse_charge,outside,exempt"`
	Base        money.Money `dynamodbav:"base" json:"base" doc:"The sum of the nets at this rate."`
	Amount      money.Money `dynamodbav:"amount" json:"amount"`
}

// Recurring is what rows of one period come to, each time they are billed, the first time on NextBilling.
type Recurring struct {
	Period      catalog.Period `dynamodbav:"period" json:"period" enum:"monthly,yearly"`
	NextBilling date.Date      `dynamodbav:"nextBilling" json:"nextBillingDate"`
	Net         money.Money    `dynamodbav:"net" json:"net"`
	Tax         money.Money    `dynamodbav:"tax" json:"tax"`
	Gross       money.Money    `dynamodbav:"gross" json:"gross"`
}

// Party is a legal identity as it was when something was quoted: who buys, who sells.
type Party struct {
	LegalName  string `dynamodbav:"legalName" json:"legalName"`
	Street     string `dynamodbav:"street" json:"street"`
	PostalCode string `dynamodbav:"postalCode" json:"postalCode"`
	City       string `dynamodbav:"city" json:"city"`
	Country    string `dynamodbav:"country" json:"country" doc:"ISO 3166-1, two letters."`
	TaxNumber  string `dynamodbav:"taxNumber,omitempty" json:"taxNumber,omitempty"`
	Email      string `dynamodbav:"email,omitempty" json:"email,omitempty"`
	// Registration is what the law has the seller say of itself: legal form, capital, register.
	Registration string `dynamodbav:"registration,omitempty" json:"registration,omitempty"`
}

// Quote is the price of a cart for 30 minutes, and what it was made from.
type Quote struct {
	ID      id.Quote  `dynamodbav:"id" json:"id"`
	Buyer   id.User   `dynamodbav:"buyer" json:"-"`
	MadeAt  time.Time `dynamodbav:"madeAt" json:"madeAt"`
	Expires time.Time `dynamodbav:"expires" json:"expiresAt" doc:"Until then this is the price."`
	Priced
	BillTo Party `dynamodbav:"billTo" json:"billTo"`
	Seller Party `dynamodbav:"seller" json:"seller"`
	Basis  Basis `dynamodbav:"basis" json:"-"`
	// Requests are those that were put into the cart: an order closes them.
	Requests []id.Request `dynamodbav:"requests,omitempty" json:"-"`
	// Order is what it was bought by; empty until then.
	Order id.Order `dynamodbav:"order,omitempty" json:"-"`
	Rev   int      `dynamodbav:"rev" json:"-"`
	// TTL is the second from which the row may be deleted. A quote that is no longer the price is still good to make a new
	// one from, so that is later than Expires.
	TTL int64 `dynamodbav:"ttl" json:"-"`
}

// Status is how far an order is.
type Status string

// The statuses. Who pays by invoice has placed the order; AwaitingPayment is for those who pay first.
const (
	Placed          Status = "placed"
	AwaitingPayment Status = "awaiting_payment"
)

// Order is what was bought. It never changes but for its status.
type Order struct {
	ID       id.Order   `dynamodbav:"id" json:"id"`
	Status   Status     `dynamodbav:"status" json:"status" enum:"placed,awaiting_payment"`
	PlacedAt time.Time  `dynamodbav:"placedAt" json:"placedAt"`
	Buyer    Buyer      `dynamodbav:"buyer" json:"buyer"`
	Quote    id.Quote   `dynamodbav:"quote" json:"quoteId"`
	Invoice  id.Invoice `dynamodbav:"invoice" json:"invoiceId"`
	Priced
	BillTo Party `dynamodbav:"billTo" json:"billTo"`
	Seller Party `dynamodbav:"seller" json:"seller"`
	Rev    int   `dynamodbav:"rev" json:"-"`
}

// Buyer is the person who ordered, as they were called then.
type Buyer struct {
	ID   id.User `dynamodbav:"id" json:"id"`
	Name string  `dynamodbav:"name,omitempty" json:"name,omitempty"`
}

// In is the buyer as they are called in a language: who was erased has a pseudonym.
func (b Buyer) In(l text.Lang) Buyer {
	if b.ID != "" && b.Name == "" {
		b.Name = text.Erased(l, string(b.ID))
	}
	return b
}

// InvoiceState is how far an invoice is.
type InvoiceState string

// Draft is an invoice that has no number yet. Numbers are given by one writer, after the order (DATA.md, Who owns which fact).
const Draft InvoiceState = "draft"

// Invoice is what is asked for an order: the same rows and totals.
type Invoice struct {
	ID     id.Invoice   `dynamodbav:"id"`
	Order  id.Order     `dynamodbav:"order"`
	State  InvoiceState `dynamodbav:"state"`
	MadeAt time.Time    `dynamodbav:"madeAt"`
	Priced
	BillTo Party `dynamodbav:"billTo"`
	Seller Party `dynamodbav:"seller"`
	Rev    int   `dynamodbav:"rev"`
}

// Thing is the order as activity names it.
func (o Order) Thing() activity.Thing { return activity.Thing{Noun: "order", ID: string(o.ID)} }
