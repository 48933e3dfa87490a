package audit

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// ReadNote returns the note of a seal as it is kept outside the log, by the number of events that
// it covers, or that of the newest seal for 0; false if there is none.
func ReadNote(dir string, size int64) (Note, bool, error) {
	path := notePath(dir, size)
	if size == 0 {
		notes, err := noteFiles(notesOf(dir))
		if err != nil || len(notes) == 0 {
			return "", false, err
		}
		path = filepath.Join(notesOf(dir), notes[len(notes)-1].name)
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

// noteFile is a note outside the log.
type noteFile struct {
	name string
	size int64 // events that it covers
}

// noteFiles returns the notes of a folder, by their size; none if there is no folder.
func noteFiles(folder string) ([]noteFile, error) {
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the seals outside the log: %w", err)
	}
	var notes []noteFile
	for _, f := range files {
		if size, ok := sizeOf(f.Name()); ok {
			notes = append(notes, noteFile{f.Name(), size})
		}
	}
	slices.SortFunc(notes, func(a, b noteFile) int { return cmp.Compare(a.size, b.size) })
	return notes, nil
}

// sizeOf reads the size from the name of a note's file; false for other files.
func sizeOf(name string) (size int64, ok bool) {
	var rest string
	n, err := fmt.Sscanf(name, "%d%s", &size, &rest)
	return size, err == nil && n == 2 && rest == ".note"
}

// notesOf returns the folder of the notes in a data folder.
func notesOf(dir string) string { return filepath.Join(dir, "seals") }

func notePath(dir string, size int64) string {
	return filepath.Join(notesOf(dir), fmt.Sprintf("%012d.note", size))
}
