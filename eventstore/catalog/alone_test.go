package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// elsewhere are the files that may spell the name of an event, with the reason. The benchmarks
// may too: they fill logs of their own with events that nobody reads.
var elsewhere = map[string]string{
	"eventstore/audit/doc.go": "the catalog takes the name of a seal from there",
}

// TestEventsAreListedHereAlone reads the source: a name of an event, or the beginning of one,
// that is spelled out in another package would be a second list to forget.
func TestEventsAreListedHereAlone(t *testing.T) {
	var aggregates []string
	for _, a := range Aggregates() {
		aggregates = append(aggregates, a.Name)
	}
	name := regexp.MustCompile(`^(` + strings.Join(aggregates, "|") + `)\.(?:[a-z_]+\.(?:v[0-9]+)?|[a-z]+_[a-z_]*|\*)?$`)
	root := filepath.Join("..", "..")
	for _, folder := range []string{"cmd", "commands", "domain", "eventstore", "http", "internal", "projections"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			inside, _ := filepath.Rel(root, path) // both begin with root
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
				strings.HasPrefix(inside, "eventstore/catalog/") || strings.Contains(inside, "bench") || elsewhere[inside] != "" {
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
				if text, err := strconv.Unquote(literal.Value); err == nil && name.MatchString(text) {
					t.Errorf("%s spells %q: ask the catalog", inside, text)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
