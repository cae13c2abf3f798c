package bus

import (
	"strings"
	"testing"
)

// The cases follow the examples in AWS's user guide (comparison operators, arrays, null values) and in the documents of
// Event Ruler, the library that EventBridge matches with.
func TestPatternsMatchAsEventBridgeDocuments(t *testing.T) {
	for _, row := range []struct {
		name, pattern string
		yes, no       []string
	}{
		{"exact string", `{"detail": {"state": ["running"]}}`,
			[]string{`{"detail": {"state": "running", "more": 1}}`},
			[]string{`{"detail": {"state": "Running"}}`, `{"detail": {}}`, `{}`, `{"state": "running"}`, `{"detail": {"state": null}}`, `{"detail": {"state": {"running": 1}}}`}},
		{"exact string, or another", `{"state": ["running", "stopped"]}`, []string{`{"state": "stopped"}`}, []string{`{"state": "pending"}`}},
		{"two fields", `{"place": ["New York"], "day": ["Monday"]}`, []string{`{"place": "New York", "day": "Monday"}`}, []string{`{"place": "New York", "day": "Sunday"}`, `{"day": "Monday"}`}},
		{"exact number, as it is written", `{"price": [100]}`, []string{`{"price": 100}`}, []string{`{"price": 100.0}`, `{"price": 1e2}`, `{"price": "100"}`, `{"price": 101}`}},
		{"truth", `{"open": [true]}`, []string{`{"open": true}`}, []string{`{"open": false}`, `{"open": "true"}`, `{"open": 1}`}},
		{"null", `{"detail": {"user": [null]}}`, []string{`{"detail": {"user": null}}`}, []string{`{"detail": {"user": ""}}`, `{"detail": {}}`}},
		{"empty string", `{"name": [""]}`, []string{`{"name": ""}`}, []string{`{"name": null}`, `{}`}},
		{"an array in the event", `{"resources": ["b", "c"]}`, []string{`{"resources": ["a", "b"]}`, `{"resources": [["c"]]}`}, []string{`{"resources": ["a"]}`, `{"resources": []}`}},
		{"one element has both", `{"people": {"first": ["Anna"], "last": ["Jones"]}}`,
			[]string{`{"people": [{"first": "Bob"}, {"first": "Anna", "last": "Jones"}]}`},
			[]string{`{"people": [{"first": "Anna", "last": "Smith"}, {"first": "Bob", "last": "Jones"}]}`, `{"people": ["Anna", "Jones"]}`}},
		{"prefix", `{"time": [{"prefix": "2017-10-02"}]}`, []string{`{"time": "2017-10-02T18:43:48Z"}`, `{"time": ["x", "2017-10-02"]}`}, []string{`{"time": "2017-10-03"}`, `{"time": 2017}`}},
		{"prefix in any case", `{"service": [{"prefix": {"equals-ignore-case": "EventB"}}]}`, []string{`{"service": "EVENTBridge"}`}, []string{`{"service": "Event"}`}},
		{"suffix", `{"file": [{"suffix": ".png"}]}`, []string{`{"file": "a.png"}`}, []string{`{"file": "a.PNG"}`, `{"file": ".png.gz"}`}},
		{"suffix in any case", `{"file": [{"suffix": {"equals-ignore-case": ".png"}}]}`, []string{`{"file": "a.PNG"}`}, []string{`{"file": "a.gif"}`}},
		{"equals-ignore-case", `{"type": [{"equals-ignore-case": "alice"}]}`, []string{`{"type": "ALICE"}`}, []string{`{"type": "alices"}`, `{"type": 1}`}},
		{"wildcard", `{"file": [{"wildcard": "dir/*.png"}]}`, []string{`{"file": "dir/a/b.png"}`, `{"file": "dir/.png"}`, `{"file": "dir/a\n.png"}`}, []string{`{"file": "xdir/a.png"}`, `{"file": "dir/a.png2"}`, `{"file": "dir/apng"}`}},
		{"wildcard with a star that is meant", `{"a": [{"wildcard": "x\\*y\\\\*"}]}`, []string{`{"a": "x*y\\z"}`}, []string{`{"a": "xzy\\z"}`, `{"a": "x*yz"}`}},
		{"anything but a string", `{"state": [{"anything-but": "init"}]}`, []string{`{"state": "initial"}`, `{"state": 3}`, `{"state": null}`, `{"state": ["init", "x"]}`}, []string{`{"state": "init"}`, `{}`, `{"state": ["init"]}`, `{"state": {"a": 1}}`}},
		{"anything but a number", `{"limit": [{"anything-but": 123}]}`, []string{`{"limit": 124}`, `{"limit": "123"}`}, []string{`{"limit": 123}`, `{"limit": 123.0}`}},
		{"anything but strings", `{"state": [{"anything-but": ["stopped", "overloaded"]}]}`, []string{`{"state": "running"}`}, []string{`{"state": "stopped"}`, `{"state": "overloaded"}`}},
		{"anything but numbers", `{"limit": [{"anything-but": [100, 200, 300]}]}`, []string{`{"limit": 150}`}, []string{`{"limit": 300}`}},
		{"anything but a prefix", `{"state": [{"anything-but": {"prefix": "init"}}]}`, []string{`{"state": "running"}`}, []string{`{"state": "initial"}`, `{}`}},
		{"anything but a suffix", `{"file": [{"anything-but": {"suffix": [".txt", ".rtf"]}}]}`, []string{`{"file": "a.png"}`}, []string{`{"file": "a.txt"}`, `{"file": "a.rtf"}`}},
		{"anything but in any case", `{"state": [{"anything-but": {"equals-ignore-case": ["initializing", "stopped"]}}]}`, []string{`{"state": "x"}`}, []string{`{"state": "INITIALIZING"}`, `{"state": "Stopped"}`}},
		{"anything but a wildcard", `{"path": [{"anything-but": {"wildcard": "*/lib/*"}}]}`, []string{`{"path": "/bin/x"}`}, []string{`{"path": "/usr/lib/x"}`}},
		{"numeric", `{"c": [{"numeric": [">", 0, "<=", 5]}], "d": [{"numeric": ["<", 10]}], "x": [{"numeric": ["=", 3.018e2]}]}`,
			[]string{`{"c": 5, "d": 3, "x": 301.8}`, `{"c": 0.1, "d": -3, "x": 301.80}`},
			[]string{`{"c": 0, "d": 3, "x": 301.8}`, `{"c": 5.1, "d": 3, "x": 301.8}`, `{"c": 5, "d": 10, "x": 301.8}`, `{"c": 5, "d": 3, "x": 301}`, `{"c": "5", "d": 3, "x": 301.8}`, `{"d": 3, "x": 301.8}`}},
		{"numeric, with its bound", `{"n": [{"numeric": [">=", 80, "<", 100]}]}`, []string{`{"n": 80}`}, []string{`{"n": 79.9}`, `{"n": 100}`, `{"n": 6e9}`}},
		{"numeric, beyond what is compared", `{"n": [{"numeric": [">=", 80]}]}`, []string{`{"n": 5e9}`}, []string{`{"n": 5000000001}`}},
		{"exists", `{"name": [{"exists": true}]}`, []string{`{"name": ""}`, `{"name": null}`, `{"name": [1]}`}, []string{`{}`, `{"name": {"first": "x"}}`}},
		{"does not exist", `{"detail": {"c-count": [{"exists": false}]}}`,
			[]string{`{"detail": {"state": ["a"]}}`, `{"detail": {"c-count": {"c1": 100}}}`, `{}`},
			[]string{`{"detail": {"c-count": 1}}`, `{"detail": {"c-count": null}}`, `{"detail": [{}, {"c-count": 1}]}`}},
		{"does not exist, or is small", `{"n": [{"exists": false}, {"numeric": ["<", 5]}]}`, []string{`{}`, `{"n": 4}`}, []string{`{"n": 5}`}},
		{"or", `{"source": ["x"], "$or": [{"metric": ["cpu", "latency"]}, {"kind": ["k"], "space": ["ec2"]}, {"scope": ["s"]}]}`,
			[]string{`{"source": "x", "metric": "cpu"}`, `{"source": "x", "kind": "k", "space": "ec2"}`, `{"source": "x", "scope": "s"}`},
			[]string{`{"source": "y", "metric": "cpu"}`, `{"source": "x", "kind": "k"}`, `{"source": "x"}`}},
		{"or below or", `{"detail": {"$or": [{"a": [1]}, {"b": [2], "$or": [{"c": [3]}, {"d": [{"numeric": [">", 3]}]}]}]}}`,
			[]string{`{"detail": {"a": 1}}`, `{"detail": {"b": 2, "c": 3}}`, `{"detail": {"b": 2, "d": 4}}`},
			[]string{`{"detail": {"b": 2}}`, `{"detail": {"c": 3}}`, `{"a": 1}`}},
		{"all of it", `{"time": [{"prefix": "2017-10-02"}], "detail": {"state": [{"anything-but": "initializing"}], "c-count": [{"numeric": [">", 0, "<=", 5]}], "x-limit": [{"anything-but": [100, 200, 300]}]}}`,
			[]string{`{"time": "2017-10-02T16:24:49Z", "detail": {"state": "running", "c-count": 5, "x-limit": 301.8}}`},
			[]string{`{"time": "2017-10-02T16:24:49Z", "detail": {"state": "running", "c-count": 5, "x-limit": 300}}`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			pattern, err := ParsePattern([]byte(row.pattern))
			if err != nil {
				t.Fatal(err)
			}
			for want, list := range map[bool][]string{true: row.yes, false: row.no} {
				for _, event := range list {
					if got, err := pattern.Matches([]byte(event)); err != nil || got != want {
						t.Errorf("%s: %t (%v), want %t", event, got, err, want)
					}
				}
			}
		})
	}
}

func TestAPatternThatCouldNotBeMeantIsRefused(t *testing.T) {
	for name, row := range map[string]struct{ pattern, want string }{
		"no JSON":                     {`{`, "unexpected"},
		"more than one value":         {`{"a": [1]} {}`, "behind"},
		"a list":                      {`[]`, "no object"},
		"empty":                       {`{}`, "empty"},
		"an empty object":             {`{"detail": {}}`, "detail is empty"},
		"a value without a list":      {`{"detail": {"state": "x"}}`, "detail.state is neither"},
		"no values":                   {`{"a": []}`, "a has no values"},
		"a list in a list":            {`{"a": [["x"]]}`, "a has a list"},
		"an unknown operator":         {`{"detail": {"ip": [{"cidr": "10.0.0.0/24"}]}}`, `detail.ip: unknown operator "cidr"`},
		"an unknown operator, nested": {`{"a": [{"anything-but": {"contains": "x"}}]}`, `unknown operator "contains"`},
		"two operators":               {`{"a": [{"prefix": "x", "suffix": "y"}]}`, "alone"},
		"no operator":                 {`{"a": [{}]}`, "alone"},
		"prefix of a number":          {`{"a": [{"prefix": 1}]}`, "prefix takes a string"},
		"prefix of another operator":  {`{"a": [{"prefix": {"suffix": "x"}}]}`, "prefix takes a string"},
		"exists of a word":            {`{"a": [{"exists": "true"}]}`, "true or false"},
		"mixed anything-but":          {`{"a": [{"anything-but": ["x", 1]}]}`, "of one kind"},
		"anything-but null":           {`{"a": [{"anything-but": null}]}`, "strings or numbers"},
		"anything-but nothing":        {`{"a": [{"anything-but": []}]}`, "at least one"},
		"anything-but no prefix":      {`{"a": [{"anything-but": {"prefix": []}}]}`, "empty list"},
		"wildcards in a row":          {`{"a": [{"wildcard": "x**"}]}`, "in a row"},
		"a wrong escape":              {`{"a": [{"wildcard": "x\\y"}]}`, "backslash"},
		"an open escape":              {`{"a": [{"wildcard": "x\\"}]}`, "backslash"},
		"numeric without a sign":      {`{"a": [{"numeric": [1]}]}`, "numeric takes"},
		"numeric, unknown sign":       {`{"a": [{"numeric": ["!=", 1]}]}`, "numeric takes"},
		"numeric, empty range":        {`{"a": [{"numeric": [">", 5, "<", 5]}]}`, "numeric takes"},
		"numeric, range backwards":    {`{"a": [{"numeric": ["<", 5, ">", 1]}]}`, "numeric takes"},
		"numeric, equal and less":     {`{"a": [{"numeric": [">", 1, "=", 5]}]}`, "numeric takes"},
		"numeric of a string":         {`{"a": [{"numeric": ["=", "5"]}]}`, "numeric takes"},
		"numeric, too large":          {`{"a": [{"numeric": ["<", 6e9]}]}`, "between"},
		"or of one":                   {`{"$or": [{"a": [1]}]}`, "two alternatives"},
		"or of operators":             {`{"$or": [{"prefix": "x"}, {"suffix": "y"}]}`, "prefix is neither"},
		"or of values":                {`{"detail": {"$or": [1, 2]}}`, "detail: $or has an alternative"},
	} {
		if _, err := ParsePattern([]byte(row.pattern)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q in it", name, err, row.want)
		}
	}
}

func TestAnEventThatIsNoObjectIsAnError(t *testing.T) {
	pattern, err := ParsePattern([]byte(`{"a": [{"exists": false}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{``, `[]`, `7`, `{"a":`} {
		if matched, err := pattern.Matches([]byte(event)); err == nil || matched {
			t.Errorf("%q: %t, %v", event, matched, err)
		}
	}
}
