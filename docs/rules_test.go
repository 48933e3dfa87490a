package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// reference is how code and documents name a rule.
	reference = regexp.MustCompile(`\b[ROIKN]-\d+[a-z]?\b|\bAMB-[A-Z]\d+\b|\bT\d{1,2}\b|\bBIO2 \d+(?:\.\d+)+\b`)
	// row is a line of a table of rules.md that says a rule.
	row = regexp.MustCompile(`(?m)^\| ((?:[ROIKN]-\d+[a-z]?)|AMB-[A-Z]\d+|T\d{1,2}|BIO2 \d+(?:\.\d+)+) \| (.*) \|$`)
)

// TestEveryRuleThatIsNamedIsSaid finds each id of a rule in the sources and documents of
// the repository, and asks for its sentence in rules.md.
func TestEveryRuleThatIsNamedIsSaid(t *testing.T) {
	text, err := os.ReadFile("rules.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, match := range row.FindAllSubmatch(text, -1) {
		id, sentence := string(match[1]), string(match[2])
		if said[id] {
			t.Errorf("%s is said twice", id)
		}
		if said[id] = true; !strings.HasSuffix(sentence, ".") || len(sentence) < 20 {
			t.Errorf("%s has no sentence: %q", id, sentence)
		}
	}
	named := references(t, "..")
	for id, places := range named {
		if !said[id] {
			t.Errorf("%s is not in docs/rules.md; it is named in %s", id, strings.Join(places, ", "))
		}
	}
	if len(named) < 10 {
		t.Errorf("found only %d references: the test looks in the wrong place", len(named))
	}
}

// references returns the files that name each rule, by its id.
func references(t *testing.T, root string) map[string][]string {
	t.Helper()
	named := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Base(path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") && name != ".ci" || name == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !slices.Contains([]string{".go", ".md", ".html", ".css", ".sql", ".txt", ".yml"}, filepath.Ext(name)):
			return nil
		case name == "rules.md" || name == "rules_test.go":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range reference.FindAll(text, -1) {
			id := string(match)
			if !slices.Contains(named[id], path) {
				named[id] = append(named[id], path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return named
}
