package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
)

// Outside is a seal as its note outside the log has it.
type Outside struct {
	File     string
	Size     int64 // events that it covers
	Position eventstore.Position
	Stream   string // of the seal in the log
	Revision int64

	note string
}

// Is says whether an event of the log is this seal.
func (o Outside) Is(rec eventstore.Recorded) bool {
	var sealed Sealed
	return rec.Type == SealedName && rec.Revision == o.Revision && storedjson.Unmarshal(rec.Data, &sealed) == nil && string(sealed.Note) == o.note
}

// Newest returns the seal outside the log that covers most events, and false if there is none, or
// none whose signature holds.
func Newest(dir string, keys []string) (newest Outside, found bool, err error) {
	known, err := verifiers(keys)
	if err != nil || len(keys) == 0 {
		return Outside{}, false, err
	}
	notes, err := noteFiles(notesOf(dir))
	if err != nil {
		return Outside{}, false, err
	}
	for _, file := range slices.Backward(notes) {
		text, err := os.ReadFile(filepath.Join(notesOf(dir), file.name))
		if err != nil {
			return Outside{}, false, fmt.Errorf("read the seals outside the log: %w", err)
		}
		if c, err := openNote(string(text), known); err == nil {
			return Outside{file.name, c.size, c.position, c.stream, c.revision, string(text)}, true, nil
		}
	}
	return Outside{}, false, nil
}
