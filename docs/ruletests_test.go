package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testsByRule returns the tests of the tree that name each rule, by its id, in their comment or
// their body. One that can be left out, because it skips, holds nothing.
func testsByRule(t *testing.T, named map[string][]string) map[string][]string {
	t.Helper()
	files := map[string]bool{}
	for _, places := range named {
		for _, file := range places {
			files[file] = strings.HasSuffix(file, "_test.go")
		}
	}
	byRule := map[string][]string{}
	for file, tests := range files {
		if tests {
			addTests(t, byRule, file)
		}
	}
	return byRule
}

// addTests adds the tests of a file to the rules that they name.
func addTests(t *testing.T, byRule map[string][]string, file string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Rel("..", filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		f, isFunc := declaration.(*ast.FuncDecl)
		if !isFunc || !isTest(f) || skips(f) {
			continue
		}
		for _, id := range namedIn(parsed, f) {
			if test := fmt.Sprintf("%s `%s`", filepath.ToSlash(folder), f.Name.Name); !slices.Contains(byRule[id], test) {
				byRule[id] = append(byRule[id], test)
			}
		}
	}
}

func isTest(f *ast.FuncDecl) bool {
	return f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") && len(f.Type.Params.List) == 1
}

// skips says whether a test can leave itself out.
func skips(f *ast.FuncDecl) (can bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.SelectorExpr)
		can = can || ok && strings.HasPrefix(call.Sel.Name, "Skip")
		return !can
	})
	return can
}

// namedIn returns the rules that a function names in its comments and in its texts.
func namedIn(file *ast.File, f *ast.FuncDecl) (ids []string) {
	from := f.Pos()
	if f.Doc != nil {
		from = f.Doc.Pos()
	}
	for _, group := range file.Comments {
		if group.Pos() >= from && group.End() <= f.End() {
			ids = append(ids, reference.FindAllString(group.Text(), -1)...)
		}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			ids = append(ids, reference.FindAllString(text.Value, -1)...)
		}
		return true
	})
	return ids
}
