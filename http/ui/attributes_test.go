package ui_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestF36_NoAttributeIsTakenForAHandler keeps out attributes such as data-one: html/template leaves data- aside
// and takes what begins with "on" for a handler of events, so a text in it gets quotation marks around it, which
// a screen reader says.
func TestF36_NoAttributeIsTakenForAHandler(t *testing.T) {
	taken := regexp.MustCompile(`\sdata-on[a-z-]*="[^"]*\{\{`)
	pages := 0
	for _, pattern := range []string{"*/templates/*.html", "*/*/templates/*.html"} {
		paths, err := filepath.Glob(pattern)
		must(t, err)
		for _, path := range paths {
			pages++
			text, err := os.ReadFile(path)
			must(t, err)
			if found := taken.Find(text); found != nil {
				t.Errorf("%s: %s", path, found)
			}
		}
	}
	if pages < 50 {
		t.Errorf("looked at %d templates only", pages)
	}
}
