package text

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// wording is a message as it stands in the source; of one that chooses by number, all of its cases.
func wording(t *testing.T, code string, l Lang) string {
	t.Helper()
	m := messages()[code][l]
	if len(m) != 1 {
		t.Errorf("%s: %d messages in %s", code, len(m), l)
		return ""
	}
	return fmt.Sprintf("%+v", m[0])
}

var verb = regexp.MustCompile(`%\[(\d)\][dsv]`)

func TestEveryMessageIsCompleteInFrenchAndEnglish(t *testing.T) {
	for code := range messages() {
		en, fr := wording(t, code, English), wording(t, code, French)
		if strings.TrimSpace(en) == "" || strings.TrimSpace(fr) == "" {
			t.Errorf("%s: empty in a language: %q, %q", code, en, fr)
		}
		numbered := func(s string) []string {
			all := verb.FindAllString(s, -1)
			slices.Sort(all)
			return slices.Compact(all)
		}
		if !slices.Equal(numbered(en), numbered(fr)) {
			t.Errorf("%s uses %v in English and %v in French", code, numbered(en), numbered(fr))
		}
		for _, s := range []string{en, fr} {
			if rest := verb.ReplaceAllString(s, ""); strings.Contains(rest, "%") && !strings.Contains(rest, " %") {
				t.Errorf("%s: %q has a verb that is not numbered", code, s)
			}
		}
		if strings.Contains(fr, "'") {
			t.Errorf("%s: %q has a straight apostrophe", code, fr)
		}
	}
}

func TestACodeHasOneMeaning(t *testing.T) {
	n := 0
	for _, part := range parts() {
		n += len(part)
	}
	if n != len(messages()) {
		t.Errorf("%d messages of the parts, %d of the catalog: a code stands in two parts", n, len(messages()))
	}
}

func TestEveryMessageCanBeSaid(t *testing.T) {
	for _, code := range Codes() {
		for _, l := range Langs {
			args := []any{}
			for _, v := range verb.FindAllStringSubmatch(wording(t, code, l), -1) {
				n, _ := strconv.Atoi(v[1])
				for len(args) < n {
					args = append(args, nil)
				}
				args[n-1] = "x"
				if strings.HasSuffix(v[0], "d") {
					args[n-1] = 7
				}
			}
			if said := Say(l, code, args...); said == code || strings.Contains(said, "%!") {
				t.Errorf("%s in %s: %q", code, l, said)
			}
		}
	}
}

func TestEveryStatusOfARefusalHasATitle(t *testing.T) {
	statuses := []int{http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusInternalServerError}
	for k := fault.Malformed; k <= fault.Busy; k++ {
		statuses = append(statuses, k.Status())
	}
	for _, status := range statuses {
		if code := "title_" + strconv.Itoa(status); Say(French, code) == code {
			t.Errorf("no %s", code)
		}
	}
}

func TestEveryPermissionHasAName(t *testing.T) {
	operator, all := access.Caller{Kind: access.Operator}, access.Caller{Kind: access.Member, Roles: access.Roles}
	for _, p := range append(operator.Holds(), all.Holds()...) {
		if code := "permission_" + string(p); Say(French, code) == code {
			t.Errorf("no %s", code)
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for l, want := range map[Lang]string{English: "65,536", French: "65\u00a0536"} {
		if said := Say(l, "request_too_large", 65536); !strings.Contains(said, want) {
			t.Errorf("%s: %q lacks %q", l, said, want)
		}
	}
}

func TestOneIsNotSaidAsMany(t *testing.T) {
	for _, tt := range []struct {
		code   string
		args   []any
		en, fr string
	}{
		{"alert_usage_warning", []any{"Phone", 1, 5}, "1 of 5 seats is in use", "1 siège sur 5 est occupé,"},
		{"alert_usage_warning", []any{"Phone", 4, 5}, "4 of 5 seats are in use", "4 sièges sur 5 sont occupés,"},
		{"alert_usage_full", []any{"Phone", 1, 1}, "1 of 1 is in use", "1 sur 1 est occupé."},
		{"alert_usage_full", []any{"Phone", 2, 2}, "2 of 2 are in use", "2 sur 2 sont occupés."},
		{"alert_usage_over_limit", []any{"Phone", 1, 0}, "1 seat is in use", "1 siège est occupé,"},
		{"alert_usage_over_limit", []any{"Phone", 2, 1}, "2 seats are in use", "2 sièges sont occupés,"},
		{"alert_systems_over", []any{"Main", 1, 0}, "covers 1 system; purchased: 0.", "couvre 1 système ; achetés : 0."},
		{"alert_systems_over", []any{"Main", 2, 1}, "covers 2 systems; purchased: 1.", "couvre 2 systèmes ; achetés : 1."},
	} {
		for l, want := range map[Lang]string{English: tt.en, French: tt.fr} {
			if said := Say(l, tt.code, tt.args...); !strings.Contains(said, want) {
				t.Errorf("%s of %v in %s: %q lacks %q", tt.code, tt.args, l, said, want)
			}
		}
	}
}

func TestTheLanguageIsTheRequestsThenThePersonsThenTheAccountsThenEnglish(t *testing.T) {
	for _, tt := range []struct {
		accept    string
		fallbacks []string
		want      Lang
	}{
		{"fr", nil, French},
		{"fr-CH, en;q=0.9", []string{"en"}, French},
		{"en;q=0.5, fr;q=0.9", nil, French},
		{"de, en;q=0.1", []string{"fr"}, English},
		{"de", []string{"fr", "en"}, French},
		{"", []string{"", "fr-BE"}, French},
		{"", []string{"de", ""}, English},
		{";;;q=,", []string{"fr"}, French},
		{"*", []string{"fr"}, French},
		{strings.Repeat("x-y,", 3000), []string{"fr"}, French},
		{"", nil, English},
	} {
		if got := Match(tt.accept, tt.fallbacks...); got != tt.want {
			t.Errorf("Match(%.40q, %q) = %s, want %s", tt.accept, tt.fallbacks, got, tt.want)
		}
	}
}

func TestOnlyTheLanguagesOfTheCatalogAreOffered(t *testing.T) {
	for tag, want := range map[string]bool{"fr": true, "fr-CA": true, "EN": true, "de": false, "": false, "french": false, "fr_FR": true} {
		if _, ok := Parse(tag); ok != want {
			t.Errorf("Parse(%q) = %t", tag, ok)
		}
	}
}

// andré@ and andre@ are two mailboxes; case, and how an accent is encoded, make no difference.
func TestAddressesDifferByMarksAndNotByCase(t *testing.T) {
	for _, same := range [][2]string{{"André@X.example", "andre\u0301@x.example"}, {"ÉLOÏSE@x.example", "e\u0301loi\u0308se@X.EXAMPLE"}, {"A\u030a@x.example", "å@x.example"}} {
		if one, other := FoldAddress(same[0]), FoldAddress(same[1]); one != other {
			t.Errorf("%q is %q and %q is %q, want one", same[0], one, same[1], other)
		}
	}
	for _, differ := range [][2]string{{"andré@x.example", "andre@x.example"}, {"İvan@x.example", "ivan@x.example"}, {"strauß@x.example", "strauss@x.example"}, {"œ@x.example", "oe@x.example"}, {"ø@x.example", "o@x.example"}, {"①@x.example", "1@x.example"}} {
		if one, other := FoldAddress(differ[0]), FoldAddress(differ[1]); one == other {
			t.Errorf("%q and %q are both %q", differ[0], differ[1], one)
		}
	}
	if once := FoldAddress("İ\u0301VAN@x.example"); FoldAddress(once) != once {
		t.Errorf("folded twice, %q is %q", once, FoldAddress(once))
	}
}

// Whoever has an address that only looks like another's must not be taken for them.
func TestALookAlikeIsAnotherAddress(t *testing.T) {
	for _, like := range [][2]string{
		{"\u212Aim@x.example", "kim@x.example"}, {"\u212Aim@x.example", "KIM@x.example"}, {"kim@\u212A.example", "kim@k.example"},
		{"\u212A\u0327@x.example", "k\u0327@x.example"}, {"a\u037E@x.example", "a;@x.example"}, {"a\u1FEF@x.example", "a`@x.example"},
		{"\u0130van@x.example", "ivan@x.example"}, {"I\u0307van@x.example", "ivan@x.example"}, {"i\u0307van@x.example", "ivan@x.example"},
		{"\u0131van@x.example", "ivan@x.example"}, {"\u017Fam@x.example", "sam@x.example"}, {"\uFF4Bim@x.example", "kim@x.example"},
	} {
		if one, other := FoldAddress(like[0]), FoldAddress(like[1]); one == other {
			t.Errorf("%q and %q are both %q", like[0], like[1], one)
		}
	}
	isASCII := func(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) }
	for r := rune(utf8.RuneSelf); r < 0x30000; r++ { // no letters are beyond
		if !utf8.ValidRune(r) {
			continue
		}
		for _, s := range []string{string(r), "a" + string(r), string(r) + "\u0301"} {
			once := FoldAddress(s)
			if isASCII(once) {
				t.Errorf("%U: %q becomes %q", r, s, once)
			}
			if twice := FoldAddress(once); twice != once {
				t.Errorf("%U: folded twice, %q is %q, once %q", r, s, twice, once)
			}
		}
	}
}
