package problem

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sleutelbos/http/words"
)

// codes finds every refusal that the source of a folder can make: the code of
// domain.Rule, NotFound and Denied, that of InvalidCode, and what Invalid makes of a field.
func codes(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.CompositeLit); ok {
				if code := codeIn(literal); code != "" {
					found[code] = path
				}
			}
			if call, ok := n.(*ast.CallExpr); ok {
				if code, ok := codeOf(call); ok {
					found[code] = path
				}
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

// codeIn returns the code of a domain.Error written out.
func codeIn(literal *ast.CompositeLit) (code string) {
	of, ok := literal.Type.(*ast.SelectorExpr)
	if !ok || of.Sel.Name != "Error" {
		return ""
	}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok || pair.Key.(*ast.Ident).Name != "Code" {
			continue
		}
		if text, ok := pair.Value.(*ast.BasicLit); ok {
			code, _ = strconv.Unquote(text.Value)
		}
	}
	return code
}

func codeOf(call *ast.CallExpr) (string, bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	at := map[string]int{"Rule": 0, "NotFound": 0, "Denied": 0, "InvalidCode": 1, "Invalid": 0}
	i, ok := at[name]
	if !ok || len(call.Args) <= i {
		return "", false
	}
	literal, ok := call.Args[i].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	code, err := strconv.Unquote(literal.Value)
	if name == "Invalid" {
		code = strings.ReplaceAll(code, "_", "-") + "-invalid"
	}
	return code, err == nil
}

// saidByEnding are the refusals for which the sentence of their ending is enough.
var saidByEnding = []string{
	"because-invalid", "kind-invalid", "language-invalid", "letter-not-found", "license-not-found", "license-request-not-found", "message-not-found",
	"method-invalid", "organization-not-found", "origin-invalid", "policy-invalid", "preset-invalid", "projection-not-found", "recipient-invalid", "request-not-found",
	"session-not-found", "time-zone-invalid", "username-invalid", "username-rule-invalid",
}

func TestEveryRefusalIsSaidInBothLanguages(t *testing.T) {
	all := codes(t, "../../domain")
	for _, folder := range []string{"../../commands", "../../http"} {
		for code, path := range codes(t, folder) {
			all[code] = path
		}
	}
	if len(all) < 40 {
		t.Fatalf("found %d codes only: the search misses some", len(all))
	}
	for code, path := range all {
		if Text(words.Dutch, code) == "" {
			t.Errorf("%s (%s) is not said in Dutch", code, path)
		}
		if _, own := sentences[code]; own == slices.Contains(saidByEnding, code) {
			t.Errorf("%s (%s) has a sentence of its own or is said by its ending: which?", code, path)
		}
	}
}

// TestF36_ARefusalIsASentence in every language, without its code and without a hole where a number
// would be: the history has nothing but the code.
func TestF36_ARefusalIsASentence(t *testing.T) {
	all := map[string]string{"display-name-too-long": ""}
	for code := range sentences {
		all[code] = ""
	}
	delete(all, "percent-done") // no refusal, and it always has its number
	for code := range codes(t, "../../domain") {
		all[code] = ""
	}
	hole := regexp.MustCompile(`  |[{}|%]|^ |\w \.|^$`)
	for code := range all {
		for _, l := range words.Languages {
			said := Text(l, code)
			if hole.MatchString(said) || strings.Contains(said, code) && strings.Contains(code, "-") || !strings.HasSuffix(said, ".") {
				t.Errorf("%s in %s: %q", code, l, said)
			}
		}
	}
}

func TestTheEdgeSaysItsOwnInBothLanguages(t *testing.T) {
	made := regexp.MustCompile(`(?:problem\.New\([^,]+, |problem\.Later\([^,]+, |of\(ctx, [^,]+, |at\(|Code: )"([a-z-]+)"`)
	seen := map[string]bool{}
	for _, folder := range []string{".", "../api", "../server", "../session"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, match := range made.FindAllStringSubmatch(read(t, path), -1) {
				seen[match[1]] = true
			}
		}
	}
	if len(seen) < 15 {
		t.Fatalf("found %d codes only: the search misses some", len(seen))
	}
	for code := range seen {
		for _, l := range words.Languages {
			if Text(l, code) == "" {
				t.Errorf("%s is not said in %s", code, l)
			}
		}
	}
}

func TestNothingIsSaidForCodesThatNobodyMakes(t *testing.T) {
	all := ""
	for _, folder := range []string{"../../domain", "../../commands", "../../http"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && filepath.Base(path) != "catalog.go" {
				all += read(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for code := range sentences {
		code = strings.TrimPrefix(code, "password-") // the policy adds its codes' beginning itself
		stem := strings.TrimSuffix(code, "-invalid")
		if !strings.Contains(all, code+`"`) && !strings.Contains(all, strconv.Quote(strings.ReplaceAll(stem, "-", "_"))) {
			t.Errorf("nobody makes %s", code)
		}
	}
}
