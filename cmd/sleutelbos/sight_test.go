package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestF17_OnlyAnswersAsksReadModels keeps pages and API from asking the rows of a read model by themselves:
// the package answers asks them, and narrows every question to what the asker may see.
func TestF17_OnlyAnswersAsksReadModels(t *testing.T) {
	asks := map[string]bool{"Page": true, "All": true, "Count": true, "Get": true, "Kept": true, "ByID": true}
	found := 0
	err := filepath.WalkDir("../../http", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		answers := filepath.Base(filepath.Dir(path)) == "answers"
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || !asks[call.Sel.Name] || !ofAccounts(call.X) {
				return true
			}
			found++
			if !answers {
				t.Errorf("%s asks a read model by itself; answers does, for an asker", path)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("nothing asks a read model; the test looks in the wrong place")
	}
}

// ofAccounts says whether an expression is the model of a read model, or the package of the one of accounts.
func ofAccounts(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "accountlist" || x.Name == "accountdetail"
	case *ast.SelectorExpr:
		return x.Sel.Name == "Model"
	}
	return false
}
