package intake

import (
	"errors"
	"net/url"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// ContractColumns are the columns of a file of contracts: a row for each product on a contract.
func ContractColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "accountId", English: []string{"Account ID"}, French: []string{"ID du compte"}, Required: true},
		{Name: "accountName", English: []string{"Account Name"}, French: []string{"Nom du compte"}, Required: true},
		{Name: "contractId", English: []string{"Contract ID"}, French: []string{"ID du contrat"}, Required: true},
		{Name: "contractName", English: []string{"Contract Name"}, French: []string{"Nom du contrat"}, Required: true},
		{Name: "startDate", English: []string{"Contract Start Date", "Start Date"}, French: []string{"Date de début du contrat", "Date de début"}},
		{Name: "expiryDate", English: []string{"Contract End Date", "Expiry Date", "End Date"}, French: []string{"Date de fin du contrat", "Date de fin", "Date d’expiration"}, Required: true},
		{Name: "systemsPurchased", English: []string{"Systems Purchased"}, French: []string{"Systèmes achetés"}, Required: true},
		{Name: "productCode", English: []string{"Product Code"}, French: []string{"Code produit"}, Required: true},
		{Name: "productName", English: []string{"Product Name"}, French: []string{"Nom du produit"}},
		{Name: "seats", English: []string{"Seats", "Number of Seats"}, French: []string{"Nombre de sièges", "Sièges"}, Required: true},
	}
}

// SystemColumns are the columns of a file of systems: a row for each.
func SystemColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "accountId", English: []string{"Account ID"}, French: []string{"ID du compte"}, Required: true},
		{Name: "systemId", English: []string{"Asset ID", "System ID"}, French: []string{"ID de l’actif", "ID du système"}, Required: true},
		{Name: "name", English: []string{"Asset Name", "System Name"}, French: []string{"Nom de l’actif", "Nom du système"}, Required: true},
		{Name: "url", English: []string{"URL"}, French: []string{"URL"}},
		{Name: "kind", English: []string{"Type", "Kind"}, French: []string{"Type", "Genre"}, Required: true},
		{Name: "contractId", English: []string{"Contract ID"}, French: []string{"ID du contrat"}},
	}
}

// UserColumns are the columns of a file of people: a row for each person of each account.
func UserColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "accountId", English: []string{"Account ID"}, French: []string{"ID du compte"}, Required: true},
		{Name: "email", English: []string{"Email", "Email Address"}, French: []string{"Adresse e-mail", "E-mail", "Courriel"}, Required: true},
		{Name: "name", English: []string{"Name", "Full Name"}, French: []string{"Nom", "Nom complet"}, Required: true},
		{Name: "extension", English: []string{"Extension"}, French: []string{"Poste", "Extension"}},
		{Name: "language", English: []string{"Language"}, French: []string{"Langue"}},
		{Name: "roles", English: []string{"Roles"}, French: []string{"Rôles"}},
	}
}

// reading gathers what is wrong with the cells of one row.
type reading struct {
	row      sheet.Row
	problems []sheet.Problem
}

// note keeps what is wrong with a cell. Count and Date say nothing else than a Problem.
func (r *reading) note(err error) {
	var p sheet.Problem
	if errors.As(err, &p) {
		r.problems = append(r.problems, p)
	} else if err != nil {
		r.problems = append(r.problems, r.row.Problem("", "value_invalid"))
	}
}

// name reads a cell that names something, as a call's names are read.
func (r *reading) name(column string) string {
	s := text.CleanName(r.text(column))
	if s == "" && r.row.Text(column) != "" {
		r.problems = append(r.problems, r.row.Problem(column, "cell_empty"))
	}
	return s
}

func (r *reading) text(column string) string {
	s := r.row.Text(column)
	if s == "" {
		r.problems = append(r.problems, r.row.Problem(column, "cell_empty"))
	}
	return s
}

func (r *reading) crm(column string) id.CRM {
	s := r.text(column)
	if s == "" {
		return ""
	}
	c, err := id.ParseCRM(s)
	if err != nil {
		r.problems = append(r.problems, r.row.Problem(column, "not_a_crm_id", fault.Text("value", s)))
	}
	return c
}

// contractRow reads one row of a file of contracts.
func contractRow(s *sheet.Sheet, row sheet.Row) (ContractRecord, []sheet.Problem) {
	r := &reading{row: row}
	rec := ContractRecord{Account: r.crm("accountId"), AccountName: r.name("accountName"), Contract: r.crm("contractId"), StartUnsaid: !s.Has("startDate")}
	rec.Facts.Name = r.name("contractName")
	var err error
	if row.Text("startDate") != "" {
		rec.Facts.Start, err = row.Date("startDate")
		r.note(err)
	}
	rec.Facts.Expiry, err = row.Date("expiryDate")
	r.note(err)
	rec.Facts.Purchased, err = row.Count("systemsPurchased")
	r.note(err)
	line := LineRecord{Product: r.text("productCode"), Name: text.CleanName(row.Text("productName"))}
	if line.Product != "" && !catalog.ValidID(line.Product) {
		r.problems = append(r.problems, row.Problem("productCode", "not_a_product_code", fault.Text("value", line.Product)))
	}
	if row.Text("seats") != "" {
		n, err := row.Count("seats")
		r.note(err)
		line.Seats = &n
	}
	rec.Lines = []LineRecord{line}
	if f := Contradicts(rec.Facts); f != nil && len(r.problems) == 0 {
		r.problems = append(r.problems, row.Problem(f.Column, f.Code, f.Args...))
	}
	return rec, r.problems
}

// Contradicts finds facts that cannot both be true: a contract that expires before it starts.
func Contradicts(f contract.Facts) *Finding {
	if f.Start != "" && f.Expiry < f.Start {
		return &Finding{"expiryDate", "expires_before_start", []fault.Arg{fault.Text("startDate", string(f.Start)), fault.Text("expiryDate", string(f.Expiry))}}
	}
	return nil
}

// systemRow reads one row of a file of systems.
func systemRow(s *sheet.Sheet, row sheet.Row) (SystemRecord, []sheet.Problem) {
	r := &reading{row: row}
	rec := SystemRecord{Account: r.crm("accountId"), System: r.crm("systemId"), URLUnsaid: !s.Has("url"), ContractUnsaid: !s.Has("contractId")}
	rec.Facts.Name = r.name("name")
	if rec.Facts.URL = row.Text("url"); rec.Facts.URL != "" && !WebAddress(rec.Facts.URL) {
		r.problems = append(r.problems, row.Problem("url", "not_a_web_address", fault.Text("value", rec.Facts.URL)))
	}
	if kind := r.text("kind"); kind != "" {
		var ok bool
		if rec.Facts.Kind, ok = kindOf(kind); !ok {
			r.problems = append(r.problems, row.Problem("kind", "kind_unknown", fault.Text("value", kind)))
		}
	}
	if row.Text("contractId") != "" {
		rec.Contract = r.crm("contractId")
	}
	return rec, r.problems
}

// WebAddress tells whether a text is an absolute http or https address: a link that the portal may show.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// kindOf reads the kind of a system in either language.
func kindOf(s string) (system.Kind, bool) {
	switch text.Fold(s) {
	case "commercial", "commerciale", "production":
		return system.Commercial, true
	case "trial", "essai":
		return system.Trial, true
	default:
		return "", false
	}
}
