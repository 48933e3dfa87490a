package app_test

import (
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// chosen is one thing of the program, and how many files may name it: so many are touched
// when another of its kind is added.
type chosen struct {
	what   string
	names  *regexp.Regexp            // in Go code without its comments, in texts, scripts and SQL
	inPage *regexp.Regexp            // in a template, where "disabled" is also an attribute of HTML
	within map[string]*regexp.Regexp // in the package that need not say its own name
	budget int
}

var budget = []chosen{
	{
		what:   "the event account.Blocked",
		names:  regexp.MustCompile(`\baccount\.Blocked\b|\baccount\.blocked\.v1\b`),
		within: map[string]*regexp.Regexp{"domain/account": regexp.MustCompile(`\bBlocked(\{|\)| struct\b)`)},
		budget: 3,
	},
	{
		what:   "the command BlockAccount",
		names:  regexp.MustCompile(`\bBlockAccount\b|\baccount\.Block\b`),
		within: map[string]*regexp.Regexp{"domain/account": regexp.MustCompile(`\bBlock(\{|\)| struct\b)`)},
		budget: 5,
	},
	{
		what:   "the fact disabled",
		names:  regexp.MustCompile(`\b([Dd]isabled|[Ee]nabled)\b`),
		inPage: regexp.MustCompile(`\.(Disabled|Enabled)\b|"(disabled|enabled)"`),
		budget: 8,
	},
}

// TestBudget holds what another event, command or fact costs: the files in which a
// programmer has to type its name, tests, golden files and documents aside.
func TestBudget(t *testing.T) {
	files := programFiles(t)
	for _, c := range budget {
		t.Run(c.what, func(t *testing.T) {
			var naming []string
			for path, text := range files {
				if c.isNamedIn(path, text) {
					naming = append(naming, path)
				}
			}
			slices.Sort(naming)
			list := strings.Join(naming, "\n\t")
			t.Logf("%d files name %s, the budget is %d:\n\t%s", len(naming), c.what, c.budget, list)
			switch {
			case len(naming) > c.budget:
				t.Errorf("%d files name %s, the budget is %d", len(naming), c.what, c.budget)
			case len(naming) == 0:
				t.Errorf("nothing names %s: choose another", c.what)
			}
		})
	}
}

func (c chosen) isNamedIn(path, text string) bool {
	if strings.HasSuffix(path, ".html") && c.inPage != nil {
		return c.inPage.MatchString(text)
	}
	within := c.within[filepath.Dir(path)]
	return c.names.MatchString(text) || within != nil && within.MatchString(text)
}

// programFiles returns what programmers wrote and the program is made of, without comments.
func programFiles(t *testing.T) map[string]string {
	t.Helper()
	const root = "../.."
	out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files").Output()
	if err != nil {
		t.Fatalf("list the files: %v", err)
	}
	files := map[string]string{}
	for path := range strings.Lines(string(out)) {
		path = strings.TrimSuffix(path, "\n")
		kind := filepath.Ext(path)
		switch {
		case !slices.Contains([]string{".go", ".html", ".json", ".js", ".sql", ".txt"}, kind),
			strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".min.js"),
			strings.Contains(path, "testdata/"), strings.HasPrefix(path, "docs/"), strings.HasPrefix(path, "tools/"),
			strings.HasPrefix(path, "cmd/sleutelbos-bench/"), strings.HasPrefix(path, "internal/demo/"): // they need not know the next one
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if kind == ".go" {
			text = withoutComments(text)
		}
		files[path] = string(text)
	}
	return files
}

// withoutComments returns Go code, its words apart as they were.
func withoutComments(source []byte) []byte {
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(source))
	s.Init(file, source, nil, scanner.ScanComments)
	code := slices.Clone(source)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return code
		}
		if tok == token.COMMENT {
			for i := range text {
				code[file.Offset(pos)+i] = ' '
			}
		}
	}
}
