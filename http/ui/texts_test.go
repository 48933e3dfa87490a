package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/lettersbyaccount"
	"sleutelbos/projections/models/licensegrants"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/personlist"
	"sleutelbos/projections/models/regionlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// noRunner has read models by name only.
type noRunner struct{ answers.Runner }

func (noRunner) Names() []string {
	return []string{
		accountlist.Table, accountdetail.Table, organizationlist.Table, personlist.Table, regionlist.Table, rolegrouplist.Table, rolegrouplist.Changes, licenselist.Table, licensegrants.Table, licenserequests.Table, letters.Table,
		lettersbyaccount.Table, messages.Table, audithistory.Table,
	}
}

// TestEveryTextIsSaidAndUsed holds the texts to the pages, both ways: a key that a source writes
// out is said, and a text that nobody asks for is taken away. The templates are checked as the
// pages are made.
func TestEveryTextIsSaidAndUsed(t *testing.T) {
	public, err := url.Parse("https://sleutelbos.example")
	if err != nil {
		t.Fatal(err)
	}
	service, err := commands.New(commands.Options{}) // nothing is run
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	}()
	u := New(Config{Service: service, Runner: noRunner{}, PublicURL: public})
	for _, section := range u.sections {
		section.Mount(chi.NewRouter())
	}
	u.site.Texts.Close()
	written := keysWritten(t)
	for key, at := range written {
		if !strings.Contains(string(key), "*") && !words.Known(key) {
			t.Errorf("%s writes the key %s, which nobody says", at, key)
		}
	}
	var keys []words.Key
	for key := range written {
		keys = append(keys, key)
	}
	for _, key := range u.site.Texts.Unused(keys...) {
		t.Errorf("nobody asks for the text %s", key)
	}
}

// keysWritten returns what looks like a key in the sources of the pages, with where it stands.
func keysWritten(t *testing.T) map[words.Key]string {
	t.Helper()
	begins := map[string]bool{} // what stands before the first dot of a key
	for _, key := range words.Keys() {
		first, _, _ := strings.Cut(string(key), ".")
		begins[first] = true
	}
	shape := regexp.MustCompile(`^[a-z][A-Za-z-]*\.[A-Za-z0-9_.*-]+$`)
	found := map[words.Key]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(literal.Value) // the parser accepted it
			if first, _, _ := strings.Cut(text, "."); begins[first] && shape.MatchString(text) {
				found[words.Key(text)] = path
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestPagesLeaveQueriesToAnswers keeps SQL out of the pages: what an asker may see is said once.
func TestPagesLeaveQueriesToAnswers(t *testing.T) {
	looked := 0
	if err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		if looked++; strings.Contains(string(raw), "SELECT ") {
			t.Errorf("%s asks the database itself", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if looked < 50 {
		t.Errorf("looked at %d sources only", looked)
	}
}
