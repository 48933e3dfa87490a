package apptest

import (
	"os"
	"strings"
	"testing"
)

// TestOperatorsKnowEveryFile: each kind of file stands in the operator's documents.
func TestOperatorsKnowEveryFile(t *testing.T) {
	text, err := os.ReadFile("../../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range StoredFiles {
		if !strings.Contains(string(text), "`"+f.Name+"`") {
			t.Errorf("docs/operating.md does not name %s", f.Name)
		}
	}
}
