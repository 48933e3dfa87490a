package app

import (
	"os"
	"path/filepath"
	"testing"
)

func TestF59_TheProbeWrites(t *testing.T) {
	data := t.TempDir()
	if err := writable(data); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("the probe leaves %v, %v", left, err)
	}
	if writable(filepath.Join(data, "gone")) == nil {
		t.Error("what can't be written is well")
	}
}
