package demo

import (
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

// The demo accounts by their keys, which also stand in their CRM ids.
const (
	French  = "Fr"
	English = "En"
	Other   = "Xx"
)

// blueprint is an account as the CRM would say it.
type blueprint struct {
	key            string
	name           string
	terms          account.Terms
	partner        string // name; empty: none
	representative account.Contact
	billing        account.Billing
	contracts      []agreement
	// unmapped and trials are how many systems are on no contract.
	unmapped, trials int
	// unmappedName and trialName word the names of those.
	unmappedName, trialName string
}

// agreement is a contract, its days counted from the day of the seed.
type agreement struct {
	name              string
	start, expiry     int
	purchased, mapped int
	lines             []line
}

type line struct {
	product, name string
	seats         int // unset: the CRM sets no limit
}

const unset = -1

// blueprints are the demo accounts. The first contract of each is the founding one, see found.
func blueprints() []blueprint {
	return []blueprint{
		{
			key: French, name: "Ateliers Démonstration", terms: account.DefaultTerms(), partner: "Intégrateur Atlantique",
			billing:   account.Billing{LegalName: "Ateliers Démonstration SAS", Street: "12 quai des Essais", PostalCode: "75012", City: "Paris", Country: "FR", TaxNumber: "FR11999999998", Email: "comptabilite@ateliers.example"},
			contracts: append(frenchCases(), frenchRest(50)...),
			unmapped:  26, unmappedName: "Atelier %02d", trials: 3, trialName: "Essai %02d",
		},
		{
			key: English, name: "Demo Works Ltd",
			terms:          account.Terms{TimeZone: "Europe/London", Locale: "en", Currency: "GBP", Edition: "standard"},
			representative: account.Contact{Name: "Rachel Reed", Email: "rachel.reed@vendor.example", Phone: "+44 20 7946 0123"},
			billing:        account.Billing{LegalName: "Demo Works Ltd", Street: "4 Example Street", PostalCode: "LS1 4AP", City: "Leeds", Country: "GB", Email: "accounts@works.example"},
			contracts:      englishCases(),
			unmapped:       28, unmappedName: "Works %02d production", trials: 4, trialName: "Works %02d trial",
		},
		{
			key: Other, name: "Autre Compte", terms: account.Terms{TimeZone: "Europe/Paris", Locale: "fr", Currency: "EUR", Edition: entry},
			billing: account.Billing{LegalName: "Autre Compte SARL", Street: "3 allée du Modèle", PostalCode: "74000", City: "Annecy", Country: "FR", Email: "compta@autre.example"},
			contracts: []agreement{
				{"Téléphonie – Genève", -120, 245, 3, 1, telephony(40)},
				{"Visioconférence – Lausanne", -300, 65, 2, 0, meetings(15)},
			},
			unmapped: 2, unmappedName: "Autre %02d", trials: 1, trialName: "Essai %02d",
		},
	}
}

func telephony(seats int) []line {
	return []line{{telephone, "Téléphonie standard", seats}}
}
func meetings(seats int) []line { return []line{{conference, "Meetings Pro", seats}} }

func contactCenter(telephones, agents int) []line {
	return []line{{telephone, "Téléphonie standard", telephones}, {agent, "Contact Center", agents}}
}

// frenchCases are the contracts of which each shows a rule.
func frenchCases() []agreement {
	return []agreement{
		{"Téléphonie – Paris", -200, 365, 10, 3, append(contactCenter(250, 40), line{recording, "Enregistrement des appels", 25}, line{fax, "Archivage de télécopies", 12})},
		{"Centre de contact – Lyon", -90, 275, 5, 7, contactCenter(120, 80)},                              // over its number
		{"Visioconférence – Nantes", -60, 305, 4, 4, meetings(60)},                                        // exactly full
		{"Téléphonie – Lille", -10, 355, 6, 0, append(telephony(90), line{huddle, "Meetings Basic", 30})}, // none mapped
		{"Téléphonie – Strasbourg", -353, 12, 3, 2, telephony(43)},                                        // within 30 days
		{"Centre de contact – Bordeaux", -320, 45, 4, 1, contactCenter(70, 20)},
		{"Visioconférence – Rennes", -285, 80, 2, 1, meetings(25)},
		{"Téléphonie – Grenoble", -364, 1, 2, 2, telephony(30)},                 // the last day
		{"Téléphonie – Dijon", -365, 0, 2, 1, telephony(20)},                    // expired today
		{"Visioconférence – Angers", -366, -1, 3, 0, meetings(35)},              // expired yesterday
		{"Centre de contact – Toulon", -565, -200, 2, 3, contactCenter(50, 15)}, // expired, and over its number
		{"Téléphonie – Metz", -30, 335, 3, 1, []line{ // a limit of zero, and none at all
			{telephone, "Téléphonie standard", 40}, {fax, "Archivage de télécopies", 0}, {recording, "Enregistrement des appels", unset},
		}},
	}
}

// frenchRest fills the second page.
func frenchRest(n int) []agreement {
	cities := []string{
		"Amiens", "Annecy", "Avignon", "Bayonne", "Besançon", "Brest", "Caen", "Cergy", "Chambéry", "Colmar", "Évry", "Limoges", "Marseille",
		"Montpellier", "Mulhouse", "Nancy", "Nice", "Nîmes", "Orléans", "Pau", "Perpignan", "Poitiers", "Reims", "Rouen", "Toulouse", "Tours",
	}
	var out []agreement
	for i := range n {
		a := agreement{start: -(15 * i) % 330, expiry: 95 + 17*i%700, purchased: 1 + i%6}
		if i%8 == 7 {
			a.mapped = 1
		}
		a.name, a.lines = "Téléphonie – "+cities[i%len(cities)], telephony(20+5*i)
		if i >= len(cities) {
			a.name, a.lines = "Visioconférence – "+cities[i%len(cities)], meetings(10+3*i)
		}
		if i%9 == 8 { // some are over
			a.expiry = -30 - i
		}
		out = append(out, a)
	}
	return out
}

func englishCases() []agreement {
	phones := func(seats int) []line { return []line{{telephone, "Telephony Standard", seats}} }
	agents := func(seats, agents int) []line {
		return append(phones(seats), line{agent, "Contact Center", agents})
	}
	return []agreement{
		{"Telephony, London", -150, 365, 8, 2, append(agents(180, 30), line{recording, "Call Recording", 10})},
		{"Contact center, Leeds", -80, 285, 5, 7, agents(90, 60)},   // over its number
		{"Telephony, Bristol", -50, 315, 3, 3, phones(55)},          // exactly full
		{"Meetings, Cardiff", -5, 360, 4, 0, meetings(40)},          // none mapped
		{"Telephony, Norwich", -340, 25, 2, 1, phones(24)},          // within 30 days
		{"Contact center, Belfast", -315, 50, 3, 1, agents(45, 12)}, // 60
		{"Meetings, York", -280, 85, 2, 1, meetings(20)},            // 90
		{"Telephony, Exeter", -365, 0, 2, 1, phones(15)},            // expired today
		{"Telephony, Hull", -500, -135, 3, 1, phones(25)},           // expired
		{"Telephony, Derby", -20, 345, 3, 1, append(phones(unset), line{fax, "Fax archive", 0})},
		{"Telephony, Oxford", -130, 235, 2, 0, append(phones(20), line{huddle, "Meetings Basic", 15})},
		{"Meetings, Swansea", -260, 105, 1, 0, meetings(12)},
	}
}

// crm makes a CRM id of the demo: the noun's three letters, Demo, the account's key and a number.
func (b blueprint) crm(noun string, n int) id.CRM {
	c, err := id.ParseCRM(fmt.Sprintf("%sDemo%s%06d", noun, b.key, n))
	if err != nil {
		panic(err) // fifteen letters and digits are always one
	}
	return c
}

// The three letters that begin the ids of the CRM's accounts, contracts and systems.
const (
	crmAccount  = "001"
	crmContract = "800"
	crmSystem   = "02i"
)

// contractRecords are the account's contracts as the CRM would say them on a day.
func (b blueprint) contractRecords(day date.Date) []intake.ContractRecord {
	var out []intake.ContractRecord
	for i, a := range b.contracts {
		rec := intake.ContractRecord{
			Account: b.crm(crmAccount, 0), AccountName: b.name, Contract: b.crm(crmContract, i),
			Facts: contract.Facts{Name: a.name, Start: day.AddDays(a.start), Expiry: day.AddDays(a.expiry), Purchased: a.purchased},
		}
		for _, l := range a.lines {
			said := intake.LineRecord{Product: l.product, Name: l.name}
			if l.seats != unset {
				said.Seats = &l.seats
			}
			rec.Lines = append(rec.Lines, said)
		}
		out = append(out, rec)
	}
	return out
}

// systemRecords are the account's systems; the first is the founding one, on no contract.
func (b blueprint) systemRecords() []intake.SystemRecord {
	var out []intake.SystemRecord
	add := func(name string, kind system.Kind, on id.CRM) {
		n := len(out)
		out = append(out, intake.SystemRecord{Account: b.crm(crmAccount, 0), System: b.crm(crmSystem, n), Contract: on, Facts: system.Facts{
			Name: name, Kind: kind, URL: fmt.Sprintf("https://s%03d.%s.demo.example/", n, map[string]string{French: "ateliers", English: "works", Other: "autre"}[b.key]),
		}})
	}
	for i := range b.unmapped {
		add(fmt.Sprintf(b.unmappedName, i+1), system.Commercial, "")
	}
	for i := range b.trials {
		add(fmt.Sprintf(b.trialName, i+1), system.Trial, "")
	}
	for i, a := range b.contracts {
		for n := range a.mapped {
			add(fmt.Sprintf("%s %d", a.name, n+1), system.Commercial, b.crm(crmContract, i))
		}
	}
	return out
}

// Name is what a demo account is called at first.
func Name(key string) string {
	for _, b := range blueprints() {
		if b.key == key {
			return b.name
		}
	}
	return ""
}
