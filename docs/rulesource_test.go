package docs_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule is a line of rules.txt.
type rule struct {
	ID, Sentence string
	Standing     standing
	Places       []string // commands, routes and folders
	Remark       string   // what is missing, or whose affair it is
}

// standing says how far the program holds a rule.
type standing string

const (
	held      standing = "at"
	partly    standing = "partly at"
	notYet    standing = "not yet"
	elsewhere standing = "elsewhere"
)

var (
	// line is a rule in rules.txt.
	line = regexp.MustCompile(`^([^|]+) \| ([^|]+\.) \| (partly at|at|not yet|elsewhere)(?: ([^:]+))?(?:: (.+))?$`)
	// bare is an id and nothing else.
	bare = regexp.MustCompile(`^(?:` + reference.String() + `)$`)
)

// read returns the rules of rules.txt and the page that they make, given the tests that hold each.
func read(t *testing.T, tests map[string][]string) (rules []rule, page string) {
	t.Helper()
	text, err := os.ReadFile("rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(introduction)
	for i, l := range strings.Split(string(text), "\n") {
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
		case strings.HasPrefix(l, "== "):
			fmt.Fprintf(&b, "\n## %s\n\n| id | rule | where | tests |\n| --- | --- | --- | --- |\n", l[3:])
		default:
			r, ok := parsed(l)
			if !ok {
				t.Errorf("rules.txt:%d: no rule can be read in %q", i+1, l)
				continue
			}
			rules = append(rules, r)
			b.WriteString(r.row(tests[r.ID]))
		}
	}
	return rules, b.String()
}

func parsed(text string) (rule, bool) {
	m := line.FindStringSubmatch(text)
	if m == nil || !bare.MatchString(m[1]) {
		return rule{}, false
	}
	r := rule{ID: m[1], Sentence: m[2], Standing: standing(m[3]), Remark: m[5]}
	if m[4] != "" {
		r.Places = strings.Split(m[4], ", ")
	}
	built := r.Standing == held || r.Standing == partly
	explained := r.Standing == partly || r.Standing == elsewhere
	return r, built == (len(r.Places) > 0) && explained == (r.Remark != "")
}

// row is the rule as a line of the page.
func (r rule) row(tests []string) string {
	where := ""
	switch r.Standing {
	case held, partly:
		where = "`" + strings.Join(r.Places, "`, `") + "`"
		if r.Remark != "" {
			where += ". In part: " + strings.TrimSuffix(r.Remark, ".") + "."
		}
	case notYet:
		where = "*Not built yet.*"
	case elsewhere:
		where = "Another system's affair: " + strings.TrimSuffix(r.Remark, ".") + "."
	}
	slices.Sort(tests)
	return fmt.Sprintf("| %s | %s | %s | %s |\n", r.ID, r.Sentence, where, strings.Join(tests, ", "))
}

// families are the rules of the manuals: all of them stand in rules.txt. Their numbers go from
// the first to the last, but for those that the manuals leave out.
var families = []struct {
	Prefix      string
	First, Last int
}{
	{"R-", 1, 36}, {"O-", 1, 23}, {"I-", 1, 17}, {"K-", 1, 16}, {"N-", 1, 23}, {"N-", 30, 32},
	{"AMB-R", 1, 10}, {"AMB-O", 1, 10}, {"AMB-I", 1, 6}, {"AMB-K", 1, 7}, {"AMB-N", 1, 13},
}

// numbered returns the ids of the manuals' rules.
func numbered() (ids []string) {
	for _, f := range families {
		for i := f.First; i <= f.Last; i++ {
			if id := fmt.Sprintf("%s%d", f.Prefix, i); id == "R-29" { // three ways into three modules
				ids = append(ids, "R-29a", "R-29b", "R-29c")
			} else {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

const introduction = `# The rules that code names

<!-- Made of docs/rules.txt and of the tests that name the rules, by: go test ./docs -update -->

Comments, tests and decisions name a rule by its id (` + "`N-31`, `T23`" + `). This page says each of them in a sentence, where the
program holds it (commands, routes of the pages and the API, folders), and which tests would fail if it did not. To add a rule, or to
say that one has been built, write its line in [rules.txt](rules.txt), name it in its test, and run ` + "`go test ./docs -update`" + `.
Ids are never given to another rule.

Most rules come from the manuals of five systems whose work Sleutelbos takes over. An organization gets the rules of one of
them with its preset.

| letter | system | preset |
| --- | --- | --- |
| ` + "`R` | RegiCare, for welfare organizations | `regicare`" + ` |
| ` + "`O` | OfficeHeart, the portal of a supplier's customers | `officeheart`" + ` |
| ` + "`I` | Informat, for Belgian schools | `informat`" + ` |
| ` + "`K` | Klic Beheer, for those who dig | `klic`" + ` |
| ` + "`N` | NEN Connect, for readers of standards | `nen`" + ` |
| ` + "`AMB`" + ` and a letter | what a manual leaves open, and how Sleutelbos decides it | |
| ` + "`T`" + ` | an attack that other systems fell to, and that we must withstand | |
| ` + "`BIO2`" + ` | the Dutch government's baseline of information security | |
`
