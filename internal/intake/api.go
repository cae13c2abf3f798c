package intake

import (
	"context"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Register adds the operations that the CRM and its operators call. All are harmless to repeat.
func Register(api *account.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		ID: "importFile", Method: http.MethodPost, Path: "/v1/crm/imports", Tag: "crm", Needs: access.ImportCRM, MaxBody: MaxBytes,
		Summary: "Take over a CSV file of contracts, systems, people or products, at most 250 rows and 1 MB",
	}, s.importFile)
	httpapi.Register(api, httpapi.Operation{
		ID: "putContract", Method: http.MethodPut, Path: "/v1/crm/contracts/{crmId}", Tag: "crm", Needs: access.ImportCRM,
		Summary: "Take over one contract", Refusals: []int{http.StatusConflict},
	}, s.putContract)
	httpapi.Register(api, httpapi.Operation{
		ID: "putSystem", Method: http.MethodPut, Path: "/v1/crm/systems/{crmId}", Tag: "crm", Needs: access.ImportCRM,
		Summary: "Take over one system", Refusals: []int{http.StatusConflict},
	}, s.putSystem)
}

type importInput struct {
	Kind     string    `query:"kind" required:"true" enum:"contracts,systems,users,products"`
	DryRun   bool      `query:"dryRun" doc:"Answer the same and write nothing."`
	AsOf     time.Time `query:"asOf" doc:"The instant that the file speaks of; now where it is left out."`
	TimeZone string    `query:"timeZone" maxLength:"64" doc:"Of accounts that the file makes; Europe/Paris where it is left out."`
	Locale   string    `query:"locale" enum:"fr,en" doc:"Of accounts that the file makes; fr where it is left out."`
	Currency string    `query:"currency" maxLength:"3" doc:"Of accounts that the file makes; EUR where it is left out."`
	Edition  string    `query:"edition" pattern:"^[a-z][a-z0-9-]{0,30}$" doc:"Of accounts that the file makes; standard where it is left out."`
	RawBody  []byte    `contentType:"application/octet-stream"`
}

type findingWire struct {
	Line   int    `json:"line" doc:"Of the body; the first is 1."`
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

type importOutput struct {
	Created     int           `json:"created" doc:"Rows, like all counts here: each counts as what became of its record."`
	Changed     int           `json:"changed"`
	Unchanged   int           `json:"unchanged"`
	Skipped     int           `json:"skipped" doc:"Older than what was taken last."`
	Rejected    int           `json:"rejected"`
	Rejections  []findingWire `json:"rejections" nullable:"false"`
	Warnings    []findingWire `json:"warnings" nullable:"false" doc:"Rows that were taken, and what to know of them."`
	RejectedCSV string        `json:"rejectedCsv" doc:"The rejected rows with the reasons, to be mended and sent again; empty where it would not fit into an answer."`
}

// maxRejectedCSV keeps an answer within what a function may give, also where every byte has to be escaped.
const maxRejectedCSV = 512 << 10

func (s *Service) importFile(ctx context.Context, c account.Call, in *importInput) (*importOutput, error) {
	terms, err := termsOf(c, in.AsOf, !in.AsOf.IsZero(), account.Terms{TimeZone: in.TimeZone, Locale: in.Locale, Currency: in.Currency, Edition: in.Edition})
	if err != nil {
		return nil, err
	}
	terms.DryRun = in.DryRun
	report, err := s.File(ctx, terms, Kind(in.Kind), in.RawBody)
	if err != nil {
		return nil, err
	}
	out := &importOutput{
		Created: report.Counts[Created], Changed: report.Counts[Changed], Unchanged: report.Counts[Unchanged],
		Skipped: report.Counts[Skipped], Rejected: report.Counts[Rejected],
		Rejections: findings(c.Lang, report.Rejections), Warnings: findings(c.Lang, report.Warnings),
	}
	if out.RejectedCSV, err = report.RejectedCSV(c.Lang); len(out.RejectedCSV) > maxRejectedCSV {
		out.RejectedCSV = ""
	}
	return out, err
}

func findings(lang text.Lang, problems []sheet.Problem) []findingWire {
	out := make([]findingWire, len(problems))
	for i, p := range problems {
		out[i] = findingWire{p.Line, p.Column, p.Code, p.Say(lang)}
	}
	return out
}

// termsOf are the circumstances of a call; stated tells that the sender names the instant.
func termsOf(c account.Call, asOf time.Time, stated bool, said account.Terms) (Terms, error) {
	t := Terms{AsOf: asOf.UTC(), Stated: stated, Now: c.Now, Caller: c.Caller, By: activity.By(c.Caller, c.Source), Defaults: account.DefaultTerms()}
	if !t.Stated {
		t.AsOf = c.Now.UTC()
	}
	instant := fault.Text("asOf", t.AsOf.Format(time.RFC3339))
	switch {
	case t.AsOf.After(c.Now.Add(clockSkew)):
		return t, fault.New(fault.Invalid, "instant_in_future", instant)
	case t.AsOf.Year() < 1970:
		return t, fault.New(fault.Invalid, "instant_out_of_range", instant)
	}
	for _, field := range []struct {
		to    *string
		value string
	}{
		{&t.Defaults.TimeZone, said.TimeZone}, {&t.Defaults.Locale, said.Locale}, {&t.Defaults.Currency, said.Currency}, {&t.Defaults.Edition, said.Edition},
	} {
		if field.value != "" {
			*field.to = field.value
		}
	}
	return t, t.Defaults.Valid()
}

// clockSkew is how far ahead of ours a CRM's clock may be. An instant beyond it would shut out every later change.
const clockSkew = 5 * time.Minute

type accountBody struct {
	CRMID string `json:"crmId" maxLength:"18"`
	Name  string `json:"name,omitempty" maxLength:"200"`
}

type lineBody struct {
	Product     string `json:"product" minLength:"1" maxLength:"60"`
	ProductName string `json:"productName,omitempty" maxLength:"200"`
	Seats       *int   `json:"seats,omitempty" minimum:"0" maximum:"1000000000" doc:"Left out: no limit is set."`
}

type defaultsBody struct {
	TimeZone string `json:"timeZone,omitempty" maxLength:"64"`
	Locale   string `json:"locale,omitempty" enum:"fr,en"`
	Currency string `json:"currency,omitempty" maxLength:"3"`
	Edition  string `json:"edition,omitempty" pattern:"^[a-z][a-z0-9-]{0,30}$"`
}

type putContractInput struct {
	CRMID string `path:"crmId" maxLength:"18"`
	Body  struct {
		ChangedAt        time.Time    `json:"changedAt" doc:"When the CRM changed it."`
		Account          accountBody  `json:"account"`
		Name             string       `json:"name" minLength:"1" maxLength:"500"`
		StartDate        string       `json:"startDate,omitempty" format:"date"`
		ExpiryDate       string       `json:"expiryDate" format:"date"`
		SystemsPurchased int          `json:"systemsPurchased" minimum:"0" maximum:"1000000000"`
		Lines            []lineBody   `json:"lines,omitempty" maxItems:"50" nullable:"false" doc:"A line that is left out is left alone."`
		Defaults         defaultsBody `json:"defaults,omitempty" doc:"Settings of the account, where this makes it."`
	}
}

type takenOutput struct {
	ID     string `json:"id"`
	Result Result `json:"result" enum:"created,changed,unchanged,skipped"`
}

func (s *Service) putContract(ctx context.Context, c account.Call, in *putContractInput) (*takenOutput, error) {
	b := in.Body
	terms, err := termsOf(c, b.ChangedAt, true, account.Terms(b.Defaults))
	if err != nil {
		return nil, err
	}
	rec := ContractRecord{AccountName: text.CleanName(b.Account.Name), Facts: contract.Facts{Name: text.CleanName(b.Name), Purchased: b.SystemsPurchased}}
	if rec.Facts.Name == "" {
		return nil, httpapi.Invalid(httpapi.At("body.name", "cell_empty"))
	}
	if rec.Contract, err = crm("path.crmId", in.CRMID); err != nil {
		return nil, err
	}
	if rec.Account, err = crm("body.account.crmId", b.Account.CRMID); err != nil {
		return nil, err
	}
	if rec.Facts.Expiry, err = httpapi.Day("body.expiryDate", b.ExpiryDate); err != nil {
		return nil, err
	}
	if b.StartDate != "" {
		if rec.Facts.Start, err = httpapi.Day("body.startDate", b.StartDate); err != nil {
			return nil, err
		}
	}
	if f := Contradicts(rec.Facts); f != nil {
		return nil, httpapi.Invalid(httpapi.At("body."+f.Column, f.Code, f.Args...))
	}
	for i, l := range b.Lines {
		if !catalog.ValidID(l.Product) {
			return nil, httpapi.Invalid(httpapi.At("body.lines", "not_a_product_code", fault.Text("value", l.Product)))
		}
		for _, earlier := range b.Lines[:i] {
			if earlier.Product == l.Product {
				return nil, httpapi.Invalid(httpapi.At("body.lines", "product_twice", fault.Text("value", l.Product)))
			}
		}
		rec.Lines = append(rec.Lines, LineRecord{l.Product, text.CleanName(l.ProductName), l.Seats})
	}
	result, ctr, err := s.TakeContract(ctx, terms, rec)
	return &takenOutput{string(ctr), result}, err
}

type putSystemInput struct {
	CRMID string `path:"crmId" maxLength:"18"`
	Body  struct {
		ChangedAt     time.Time   `json:"changedAt" doc:"When the CRM changed it."`
		AccountCRMID  string      `json:"accountCrmId" maxLength:"18"`
		Name          string      `json:"name" minLength:"1" maxLength:"500"`
		URL           string      `json:"url,omitempty" maxLength:"500"`
		Kind          system.Kind `json:"kind" enum:"commercial,trial"`
		ContractCRMID string      `json:"contractCrmId,omitempty" maxLength:"18" doc:"Left out: on no contract."`
	}
}

func (s *Service) putSystem(ctx context.Context, c account.Call, in *putSystemInput) (*takenOutput, error) {
	b := in.Body
	terms, err := termsOf(c, b.ChangedAt, true, account.Terms{})
	if err != nil {
		return nil, err
	}
	rec := SystemRecord{Facts: system.Facts{Name: text.CleanName(b.Name), URL: b.URL, Kind: b.Kind}}
	if rec.Facts.Name == "" {
		return nil, httpapi.Invalid(httpapi.At("body.name", "cell_empty"))
	}
	if rec.System, err = crm("path.crmId", in.CRMID); err != nil {
		return nil, err
	}
	if rec.Account, err = crm("body.accountCrmId", b.AccountCRMID); err != nil {
		return nil, err
	}
	if b.ContractCRMID != "" {
		if rec.Contract, err = crm("body.contractCrmId", b.ContractCRMID); err != nil {
			return nil, err
		}
	}
	if b.URL != "" && !WebAddress(b.URL) {
		return nil, httpapi.Invalid(httpapi.At("body.url", "not_a_web_address", fault.Text("value", b.URL)))
	}
	result, sys, err := s.TakeSystem(ctx, terms, rec)
	return &takenOutput{string(sys), result}, err
}

func crm(location, s string) (id.CRM, error) {
	c, err := id.ParseCRM(s)
	if err != nil {
		return "", httpapi.Invalid(httpapi.At(location, "not_a_crm_id", fault.Text("value", s)))
	}
	return c, nil
}
