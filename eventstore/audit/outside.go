package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ReadNote returns the note of a seal as it is kept outside the log, by the number of events that
// it covers, or that of the newest seal for 0; false if there is none.
func ReadNote(dir string, size int64) (Note, bool, error) {
	path := notePath(dir, size)
	if size == 0 {
		all, err := filepath.Glob(filepath.Join(dir, "seals", "*.note"))
		if err != nil || len(all) == 0 {
			return "", false, err
		}
		path = all[len(all)-1] // they are sorted, and their numbers have leading zeros
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read the note of a seal: %w", err)
	}
	return Note(content), true, nil
}

func notePath(dir string, size int64) string {
	return filepath.Join(dir, "seals", fmt.Sprintf("%012d.note", size))
}
