package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryValueOfAnEnumerationIsListed reads the source of the domain: a type of strings
// that has constants must have a function that lists all of them, and the method Values.
// A constant that is missing from its list would be missing from every schema and select.
func TestEveryValueOfAnEnumerationIsListed(t *testing.T) {
	found := 0
	for _, folder := range folders(t) {
		files := parsed(t, folder)
		for enumeration, constants := range typedConstants(files) {
			found++
			list := listOf(files, enumeration)
			if list == nil {
				t.Errorf("%s: %s has no method Values (domain.Enumeration)", folder, enumeration)
			}
			for _, c := range constants {
				if !list[c] {
					t.Errorf("%s: the list of %s lacks %s", folder, enumeration, c)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("found only %d enumerations: the test looks in the wrong place", found)
	}
}

func folders(t *testing.T) []string {
	t.Helper()
	var all []string
	if err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			all = append(all, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func parsed(t *testing.T, folder string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// typedConstants returns the names of the constants of each type of the files that is a
// string, whatever they are declared beside.
func typedConstants(files []*ast.File) map[string][]string {
	isString, constants := map[string]bool{}, map[string][]string{}
	for _, spec := range specsOf(files) {
		if s, ok := spec.(*ast.TypeSpec); ok {
			isString[s.Name.Name] = isIdent(s.Type, "string")
		}
	}
	for _, spec := range specsOf(files) {
		s, ok := spec.(*ast.ValueSpec)
		if !ok || s.Type == nil {
			continue
		}
		if of, ok := s.Type.(*ast.Ident); ok && isString[of.Name] {
			for _, name := range s.Names {
				constants[of.Name] = append(constants[of.Name], name.Name)
			}
		}
	}
	return constants
}

func specsOf(files []*ast.File) []ast.Spec {
	var specs []ast.Spec
	for _, file := range files {
		for _, declared := range file.Decls {
			if d, ok := declared.(*ast.GenDecl); ok {
				specs = append(specs, d.Specs...)
			}
		}
	}
	return specs
}

// listOf returns the names in the function that the method Values of the type calls, with
// those in the functions and tables of the package that it uses in turn; nil if there is no
// method.
func listOf(files []*ast.File, enumeration string) map[string]bool {
	used := map[string]ast.Node{}
	var values *ast.FuncDecl
	for _, file := range files {
		for _, declared := range file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			switch {
			case !ok:
			case f.Recv == nil:
				used[f.Name.Name] = f.Body
			case isIdent(f.Recv.List[0].Type, enumeration) && f.Name.Name == "Values":
				values = f
			}
		}
	}
	if values == nil {
		return nil
	}
	for _, spec := range specsOf(files) {
		if table, ok := spec.(*ast.ValueSpec); ok && len(table.Names) == 1 && len(table.Values) == 1 {
			used[table.Names[0].Name] = table.Values[0]
		}
	}
	named := map[string]bool{}
	var collect func(ast.Node)
	collect = func(within ast.Node) {
		ast.Inspect(within, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || named[id.Name] {
				return true
			}
			named[id.Name] = true
			if next := used[id.Name]; next != nil {
				collect(next)
			}
			return true
		})
	}
	collect(values.Body)
	return named
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
