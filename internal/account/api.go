package account

import (
	"context"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Register adds the operations on accounts, partners, staff and the caller's own person; invites tells those who are added.
func Register(api *API, s *Store, records *activity.Store, invites *Inviter) {
	registerOwn(api, s)
	registerSets(api, s)
	registerStaff(api, s, invites)
	registerDesk(api, s)
	registerBilling(api, s)
	registerActivity(api, records)
	httpapi.Register(api, httpapi.Operation{
		ID: "getMe", Method: http.MethodGet, Path: "/v1/me", Tag: "me", Needs: access.SignedIn,
		Summary: "Who the caller is, and the accounts they may act on",
	}, s.me)
	httpapi.Register(api, httpapi.Operation{
		ID: "getMeInAccount", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/me", Tag: "me", Needs: access.SignedIn,
		Summary: "What the caller may do in an account",
	}, s.meInAccount)
	httpapi.Register(api, httpapi.Operation{
		ID: "listAccounts", Method: http.MethodGet, Path: "/v1/accounts", Tag: "accounts", Needs: access.ManageAccounts,
		Summary: "All accounts by name, for operators",
	}, s.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "getAccount", Method: http.MethodGet, Path: "/v1/accounts/{accountId}", Tag: "accounts", Needs: access.View,
		Summary: "An account's settings",
	}, s.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeAccount", Method: http.MethodPatch, Path: "/v1/accounts/{accountId}", Tag: "accounts", Needs: access.ManageAccounts,
		Summary: "Change an account's settings; what is left out stays",
	}, s.change)
	httpapi.Register(api, httpapi.Operation{
		ID: "linkPartner", Method: http.MethodPut, Path: "/v1/accounts/{accountId}/partner", Tag: "accounts", Needs: access.ManageAccounts,
		Summary: "Give the account to a partner, or to none",
	}, s.link)
	httpapi.Register(api, httpapi.Operation{
		ID: "listPartners", Method: http.MethodGet, Path: "/v1/partners", Tag: "partners", Needs: access.ManageAccounts,
		Summary: "All partners by name, for operators",
	}, s.listPartners)
	httpapi.Register(api, httpapi.Operation{
		ID: "createPartner", Method: http.MethodPost, Path: "/v1/partners", Tag: "partners", Needs: access.ManageAccounts,
		Summary: "Create a partner", Key: httpapi.KeyRequired, Success: http.StatusCreated,
	}, s.createPartner)
}

// wire is an account as the API shows it.
type wire struct {
	ID             id.Account   `json:"id"`
	Name           string       `json:"name"`
	CRMID          id.CRM       `json:"crmId,omitempty"`
	TimeZone       string       `json:"timeZone" doc:"IANA name; the day in this zone decides what is expired."`
	Locale         string       `json:"locale" enum:"fr,en"`
	Currency       string       `json:"currency" doc:"ISO 4217"`
	Edition        string       `json:"edition"`
	Representative Contact      `json:"representative"`
	Partner        *partnerWire `json:"partner,omitempty"`
	rev            int
}

// Revision makes the ETag of an account.
func (w wire) Revision() int { return w.rev }

type partnerWire struct {
	ID      id.Partner `json:"id"`
	Name    string     `json:"name"`
	Contact Contact    `json:"contact"`
}

func (s *Store) show(ctx context.Context, a Account) (*wire, error) {
	out := &wire{ID: a.ID, Name: a.Name, CRMID: a.CRM, TimeZone: a.TimeZone, Locale: a.Locale, Currency: a.Currency, Edition: a.Edition,
		Representative: a.Representative, rev: a.Rev}
	p, err := s.PartnerOf(ctx, a)
	if p != nil {
		out.Partner = &partnerWire{p.ID, p.Name, p.Contact}
	}
	return out, err
}

func (s *Store) read(ctx context.Context, c Call, _ *struct{}) (*wire, error) {
	return s.show(ctx, c.Account)
}

type changeInput struct {
	httpapi.IfMatch
	Body struct {
		TimeZone       string   `json:"timeZone,omitempty" maxLength:"64"`
		Locale         string   `json:"locale,omitempty" enum:"fr,en"`
		Currency       string   `json:"currency,omitempty" minLength:"3" maxLength:"3"`
		Edition        string   `json:"edition,omitempty" pattern:"^[a-z][a-z0-9-]{0,30}$"`
		Representative *Contact `json:"representative,omitempty" doc:"Replaced as a whole."`
	}
}

func (s *Store) change(ctx context.Context, c Call, in *changeInput) (*wire, error) {
	a, err := s.Change(ctx, c.AccountID, c.Now, activity.By(c.Caller, c.Source), activity.AccountChanged, func(a Account) (Account, error) {
		err := in.RequireMatch(a.Rev)
		if err != nil {
			return a, err
		}
		for _, field := range []struct {
			to    *string
			value string
		}{
			{&a.TimeZone, in.Body.TimeZone}, {&a.Locale, in.Body.Locale}, {&a.Currency, in.Body.Currency}, {&a.Edition, in.Body.Edition},
		} {
			if field.value != "" {
				*field.to = field.value
			}
		}
		if in.Body.Representative != nil {
			if a.Representative, err = in.Body.Representative.Cleaned("body.representative"); err != nil {
				return a, err
			}
		}
		return a, a.Terms.Valid()
	})
	if err != nil {
		return nil, err
	}
	return s.show(ctx, a)
}

type linkInput struct {
	Body struct {
		PartnerID *id.Partner `json:"partnerId" nullable:"true" doc:"null takes the account from its partner."`
	}
}

func (s *Store) link(ctx context.Context, c Call, in *linkInput) (*wire, error) {
	var p id.Partner
	if in.Body.PartnerID != nil {
		var ok bool
		if p, ok = id.Parse[id.Partner](string(*in.Body.PartnerID)); !ok {
			return nil, fault.New(fault.Invalid, "partner_unknown", fault.Text("partnerId", string(*in.Body.PartnerID)))
		}
	}
	a, err := s.Link(ctx, c.AccountID, p, c.Now, activity.By(c.Caller, c.Source))
	if err != nil {
		return nil, err
	}
	return s.show(ctx, a)
}

type searchInput struct {
	httpapi.Paging
	Q string `query:"q" maxLength:"200" doc:"How the name begins."`
}

type summaryWire struct {
	ID    id.Account `json:"id"`
	Name  string     `json:"name"`
	CRMID id.CRM     `json:"crmId,omitempty"`
}

func (s *Store) list(ctx context.Context, c Call, in *searchInput) (*httpapi.Page[summaryWire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Summary, *table.Position, error) {
		return s.List(ctx, in.Q, after, limit)
	}, func(a Summary) summaryWire { return summaryWire{a.ID, a.Name, a.CRM} })
}

func (s *Store) listPartners(ctx context.Context, c Call, in *searchInput) (*httpapi.Page[partnerWire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Partner, *table.Position, error) {
		return s.Partners(ctx, in.Q, after, limit)
	}, func(p Partner) partnerWire { return partnerWire{p.ID, p.Name, p.Contact} })
}

type createPartnerInput struct {
	Body struct {
		Name    string  `json:"name" minLength:"1" maxLength:"200"`
		Contact Contact `json:"contact"`
	}
}

func (s *Store) createPartner(ctx context.Context, c Call, in *createPartnerInput) (*partnerWire, error) {
	contact, err := in.Body.Contact.Cleaned("body.contact")
	if err != nil {
		return nil, err
	}
	name := text.CleanName(in.Body.Name)
	if name == "" {
		return nil, httpapi.Invalid(httpapi.At("body.name", "required"))
	}
	p, ops, err := s.NewPartner(name, contact, c.Now, activity.By(c.Caller, c.Source))
	if err != nil {
		return nil, err
	}
	out := &partnerWire{p.ID, p.Name, p.Contact}
	kept, err := c.Keep(out)
	if err != nil {
		return nil, err
	}
	return out, s.table.Write(ctx, append(ops, kept...)...)
}

// meWire is the caller outside of an account. Operators may act on every account; partners on those of their desk.
type meWire struct {
	Name          string          `json:"name,omitempty"`
	Email         string          `json:"email,omitempty" doc:"As the token says it, where it is verified."`
	Language      string          `json:"language,omitempty" doc:"As they set it for themselves, or as it was written down where they are staff."`
	TimeZone      string          `json:"timeZone,omitempty" doc:"As they set it for themselves."`
	Operator      bool            `json:"operator" doc:"May act on every account: see the list of accounts."`
	Partner       *partnerWire    `json:"partner,omitempty" doc:"Whose staff the caller is."`
	Muted         []AlertMail     `json:"muted" nullable:"false" enum:"usage80,usage100,contract_expiring,contract_expired,systems_over" doc:"Mails about alerts that the caller does not want."`
	Accounts      []myAccountWire `json:"accounts" doc:"The accounts the caller is a member of, then those of the partner whom they work for."`
	NextPageToken string          `json:"nextPageToken,omitempty"`
}

type myAccountWire struct {
	ID     id.Account    `json:"id"`
	Name   string        `json:"name"`
	Locale string        `json:"locale"`
	Roles  []access.Role `json:"roles,omitempty" nullable:"false" enum:"super_administrator,administrator,manage_licences,manage_users,manage_billing,view"`
}

func (s *Store) me(ctx context.Context, c Call, in *struct{ httpapi.Paging }) (*meWire, error) {
	after, err := httpapi.From[MinePosition](c, in.PageToken)
	if err != nil {
		return nil, err
	}
	if in.PageToken == "" { // later pages go on with the list as it was
		if c.Caller, err = s.welcome(ctx, c); err != nil {
			return nil, err
		}
	}
	out := &meWire{Name: c.Caller.Name, Email: c.Caller.Subject.Email, Language: c.Caller.Language, TimeZone: c.Caller.TimeZone,
		Operator: c.Caller.Kind == access.Operator, Accounts: []myAccountWire{}}
	mine, next, err := s.Mine(ctx, c.Caller, after, in.PageSize)
	if err != nil {
		return nil, err
	}
	own, err := s.own(ctx, c.Caller.Subject)
	if err != nil {
		return nil, err
	}
	out.Muted = *own.Muted
	for _, m := range mine {
		out.Accounts = append(out.Accounts, myAccountWire{m.Account.ID, m.Account.Name, m.Account.Locale, m.Roles})
		if out.Name == "" {
			out.Name = m.Name
		}
	}
	if c.Caller.Kind == access.Partner {
		p, err := s.PartnerOf(ctx, Account{Partner: c.Caller.Partner})
		if err != nil {
			return nil, err
		}
		if p != nil {
			out.Partner = &partnerWire{p.ID, p.Name, p.Contact}
		}
	}
	out.NextPageToken, err = httpapi.Next(c, next)
	return out, err
}

// welcome has a caller answer the invitations that came since they were bound, and gives who they are then.
func (s *Store) welcome(ctx context.Context, c Call) (access.Caller, error) {
	changed, err := s.Answer(ctx, c.Caller.Subject, c.Source, c.Now)
	if err != nil || !changed {
		return c.Caller, err
	}
	loaded, err := s.loadSelf(ctx, c.Caller.Subject, c.Source, c.Now)
	return loaded.Caller, err
}

type meInAccountWire struct {
	Kind        access.Kind         `json:"kind" enum:"member,partner,operator"`
	UserID      id.User             `json:"userId,omitempty"`
	Name        string              `json:"name,omitempty"`
	Language    string              `json:"language,omitempty"`
	Roles       []access.Role       `json:"roles" nullable:"false" enum:"super_administrator,administrator,manage_licences,manage_users,manage_billing,view"`
	Permissions []access.Permission `json:"permissions" nullable:"false" enum:"view,manage_licences,manage_users,manage_billing,manage_systems,manage_data,send_requests,view_orders,manage_terms,manage_accounts,import_crm"`
	Account     summaryWire         `json:"account"`
	Today       string              `json:"today" format:"date" doc:"The day in the account's zone."`
	Now         time.Time           `json:"now"`
}

func (s *Store) meInAccount(_ context.Context, c Call, _ *struct{}) (*meInAccountWire, error) {
	me := c.Caller
	return &meInAccountWire{
		Kind: me.Kind, UserID: me.User, Name: me.Name, Language: me.Language,
		Roles: append([]access.Role{}, me.Roles...), Permissions: append([]access.Permission{}, me.Holds()...),
		Account: summaryWire{c.Account.ID, c.Account.Name, c.Account.CRM}, Today: string(c.Account.Today(c.Now)), Now: c.Now.UTC(),
	}, nil
}
