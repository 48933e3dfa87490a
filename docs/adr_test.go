package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDecisionsAreNumbered finds a number given twice, left out, or said otherwise in the page.
func TestDecisionsAreNumbered(t *testing.T) {
	pages, err := filepath.Glob("adr/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no decisions: %v", err)
	}
	for i, page := range pages {
		if want := fmt.Sprintf("adr/%04d-", i+1); !strings.HasPrefix(filepath.ToSlash(page), want) {
			t.Errorf("%s: the next number is %d", page, i+1)
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if title := fmt.Sprintf("# %d. ", i+1); !strings.HasPrefix(string(text), title) {
			t.Errorf("%s does not begin with %q", page, title)
		}
	}
}
