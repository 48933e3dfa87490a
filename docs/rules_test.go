package docs_test

import (
	"flag"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"sleutelbos/internal/app/apptest"
)

// update writes the page of the rules again.
var update = flag.Bool("update", false, "write docs/rules.md")

// reference is how code and documents name a rule.
var reference = regexp.MustCompile(`\b[ROIKN]-\d+[a-z]?\b|\bAMB-[A-Z]\d+\b|\bT\d{1,2}\b|\bBIO2 \d+(?:\.\d+)+\b`)

// TestRules keeps rules.txt and the page that is made of it true: each rule of the manuals is said
// once, and it is tested exactly if the program is said to hold it.
func TestRules(t *testing.T) {
	named := references(t, "..")
	tests := testsByRule(t, named)
	rules, page := read(t, tests)
	said := map[string]bool{}
	for _, r := range rules {
		if said[r.ID] {
			t.Errorf("%s is said twice", r.ID)
		}
		said[r.ID] = true
		switch built := r.Standing == held || r.Standing == partly; {
		case built && len(tests[r.ID]) == 0:
			t.Errorf("%s is said to hold, and no test names it that always runs: name it in the comment of its test", r.ID)
		case !built && len(tests[r.ID]) > 0:
			t.Errorf("%s is %q in docs/rules.txt, and %s names it: say there where it holds", r.ID, r.Standing, strings.Join(tests[r.ID], ", "))
		}
	}
	for _, id := range numbered() {
		if !said[id] {
			t.Errorf("%s is not in docs/rules.txt", id)
		}
	}
	for id, places := range named {
		if !said[id] {
			t.Errorf("%s is not in docs/rules.txt; it is named in %s", id, strings.Join(places, ", "))
		}
	}
	if *update {
		if err := os.WriteFile("rules.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if now, err := os.ReadFile("rules.md"); err != nil || string(now) != page {
		t.Errorf("docs/rules.md is not what docs/rules.txt and the tests make: go test ./docs -update (%v)", err)
	}
}

// TestPlacesOfRules: each command, route and folder that rules.txt names is there.
func TestPlacesOfRules(t *testing.T) {
	program := apptest.Start(t, apptest.Setup{})
	there := map[string]bool{}
	for _, c := range program.Commands.List() {
		there[c.Name] = true
	}
	err := chi.Walk(program.Handler.(chi.Routes), func(_, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		there[route] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rules, _ := read(t, nil)
	for _, r := range rules {
		for _, place := range r.Places {
			folder, err := os.Stat(filepath.Join("..", place))
			if isFolder := err == nil && folder.IsDir() && !strings.HasPrefix(place, "/"); !there[place] && !isFolder {
				t.Errorf("%s: %q is no command, no route and no folder", r.ID, place)
			}
		}
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
		case filepath.Base(filepath.Dir(path)) == "docs" && strings.HasPrefix(name, "rule"):
			return nil // they say the rules
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range reference.FindAll(text, -1) {
			if id := string(match); !slices.Contains(named[id], path) {
				named[id] = append(named[id], path)
			}
		}
		return nil
	})
	if err != nil || len(named) < 10 {
		t.Fatalf("found only %d references: %v", len(named), err)
	}
	return named
}
