package demo

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// staff are the people of an account beside the personas: names that are common and nobody's.
type staff struct {
	first, last []string
	count       int
	domain      string
	// every is how many of them there are to one who reads the other language.
	every int
	other string
}

// frenchStaff and englishStaff have numbers of names that share no factor, so that no name comes twice.
func frenchStaff() staff {
	return staff{count: 132, domain: "ateliers.example", every: 11, other: "en",
		first: strings.Fields(`Agathe Alban Amandine Antonin Aurore Baptiste Bérénice Capucine Cédric Clémence Corentin Delphine Diane Édith
			Éloïse Émilien Fabrice Fanny Florian Gaëlle Gaspard Géraldine Guilhem Héloïse Ingrid Jérémie Joëlle Justine Léandre Ludivine
			Maëlys Maxence Mélanie Noémie Odile Perrine Quentin Régis Romane Sabine Solène Tanguy Thibault Victoire Yohan Zélie`),
		last: strings.Fields(`Aubry Barbier Besson Bouvier Carlier Chevallier Collet Cordier Delmas Devaux Dufour Duval Étienne Fabre Fleury
			Gaillard Garnier Gérard Guillot Huet Jacquet Lacroix Lambert Leclercq Lefort Lemaître Maillard Marchal Ménard Moulin Noël Pasquier
			Perrot Poulain Renaud Rivière Rolland Royer Sabatier Tessier Vasseur Verdier Vidal`)}
}

func englishStaff() staff {
	return staff{count: 62, domain: "works.example", every: 15, other: "fr",
		first: strings.Fields(`Abigail Alistair Bethany Callum Daisy Duncan Eleanor Fergus Georgina Gareth Harriet Hamish Imogen Jasper Keira
			Lachlan Matilda Nigel Phoebe Rhys Rowena Tobias Verity`),
		last: strings.Fields(`Ashworth Barlow Chadwick Dawson Eastwood Fairley Goodall Hartley Ingham Kershaw Lockwood Marsden Naylor Ogden
			Pickering Ramsden Sutcliffe Thornton Whitaker`)}
}

// person is one of them, with an id that is the same on every machine.
type person struct {
	id.User
	user.Details
}

// people are all of them in the order of their coming.
func (s staff) people(key string) []person {
	all := make([]person, s.count)
	for i := range all {
		first, last := s.first[i%len(s.first)], s.last[i*5%len(s.last)]
		p := person{User: id.New[id.User](fixed(fmt.Sprintf("person %s %d", key, i)), founded)}
		p.Details = user.Details{Name: first + " " + last, Email: plain(first) + "." + plain(last) + "@" + s.domain}
		if i%9 != 8 { // some have no telephone of their own
			p.Extension = fmt.Sprint(2000 + i)
		}
		if i%s.every == s.every-1 {
			p.Language = s.other
		}
		all[i] = p
	}
	return all
}

// plain is a name as addresses have it.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
}
