// Package account owns an account's settings, the partner that manages it, and how a signed-in subject stands to it:
// identity, membership, staff. It does not own the people of an account beyond their membership, nor what the roles
// may do (package access).
package account

import (
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Account is one tenant's settings (FEATURES.md, Words).
type Account struct {
	ID   id.Account `dynamodbav:"id"`
	Name string     `dynamodbav:"name"`
	// CRM is the account's record in the CRM; CRMName the name that the CRM last gave, see DATA.md, Who owns which fact.
	CRM     id.CRM `dynamodbav:"crm,omitempty"`
	CRMName string `dynamodbav:"crmName,omitempty"`
	Terms
	Representative Contact    `dynamodbav:"representative"`
	Partner        id.Partner `dynamodbav:"partner,omitempty"`
	Billing        Billing    `dynamodbav:"billing"`
	CreatedAt      time.Time  `dynamodbav:"createdAt"`
	Rev            int        `dynamodbav:"rev"`
}

// Terms are the settings that an import gives to the accounts it makes.
type Terms struct {
	TimeZone string `dynamodbav:"timeZone"`
	Locale   string `dynamodbav:"locale"`
	Currency string `dynamodbav:"currency"`
	Edition  string `dynamodbav:"edition"`
}

// Contact is somebody to turn to.
type Contact struct {
	Name  string `dynamodbav:"name,omitempty" json:"name,omitempty" maxLength:"200"`
	Email string `dynamodbav:"email,omitempty" json:"email,omitempty" maxLength:"254" format:"idn-email"`
	Phone string `dynamodbav:"phone,omitempty" json:"phone,omitempty" maxLength:"40"`
}

// Cleaned is the contact as it is kept: texts without what cannot be seen. Refused is an address that no mail can go to
// (not_an_email). at is where it stands in the request.
func (c Contact) Cleaned(at string) (Contact, error) {
	c.Name, c.Phone, c.Email = text.CleanName(c.Name), text.CleanName(c.Phone), strings.TrimSpace(c.Email)
	if !reachable(c.Email) {
		return Contact{}, httpapi.Invalid(httpapi.At(at+".email", "not_an_email"))
	}
	return c, nil
}

// reachable tells whether mail can go to an address; to none, it has not to.
func reachable(email string) bool {
	_, err := mail.ParseAddress("", email)
	return email == "" || err == nil
}

// DefaultTerms are the settings of an account that an import makes without saying more.
func DefaultTerms() Terms {
	return Terms{TimeZone: "Europe/Paris", Locale: string(text.French), Currency: "EUR", Edition: "standard"}
}

// Valid refuses settings that do not exist, naming the first that is wrong: a zone outside the IANA list, a language
// that is not offered, a currency outside ISO 4217.
func (t Terms) Valid() error {
	if _, err := date.Zone(t.TimeZone); err != nil {
		return fault.New(fault.Invalid, "time_zone_unknown", fault.Text("timeZone", t.TimeZone)).Because(err)
	}
	if _, ok := text.Parse(t.Locale); !ok {
		return fault.New(fault.Invalid, "locale_not_offered", fault.Text("locale", t.Locale))
	}
	if !money.Currency(t.Currency) {
		return fault.New(fault.Invalid, "currency_unknown", fault.Text("currency", t.Currency))
	}
	return nil
}

// Today is the day in the account's zone: what is expired is decided by it.
func (a Account) Today(now time.Time) date.Date {
	zone, err := date.Zone(a.TimeZone)
	if err != nil {
		// Settings are checked when they are written; a zone that the tz database dropped since is read as UTC.
		zone = time.UTC
	}
	return date.Today(now, zone)
}

// Partner is a company that manages the terms of accounts.
type Partner struct {
	ID      id.Partner `dynamodbav:"id"`
	Name    string     `dynamodbav:"name"`
	Contact Contact    `dynamodbav:"contact"`
	Rev     int        `dynamodbav:"rev"`
}

// API is the HTTP API as seen by operations on an account.
type API = httpapi.API[Account]

// Call is a call to such an operation.
type Call = httpapi.Call[Account]
