package sqlite

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// plainHeader begins a SQLite file that is not encrypted.
const plainHeader = "SQLite format 3\x00"

// erasePlain erases what earlier versions left: a file of the read models that anybody can read,
// the log beside it, and one that was set aside as damaged.
func erasePlain(path string) (found bool, err error) {
	for _, p := range []string{path, path + asideSuffix} {
		plain, err := isPlain(p)
		if err != nil {
			return found, err
		}
		if !plain {
			continue
		}
		found = true
		for _, file := range []string{p, p + "-wal"} {
			if err := erase(file); err != nil {
				return found, err
			}
		}
		if err := removeBeside(p); err != nil {
			return found, err
		}
	}
	return found, nil
}

// isPlain says whether a file is there and not encrypted. An empty one is a plain one of which
// nothing was written yet.
func isPlain(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, len(plainHeader))
	_, err = io.ReadFull(f, head)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return string(head) == plainHeader, nil
}

// erase overwrites a file with zeros and removes it. Copies that a disk or a file system keeps by
// itself are out of its reach.
func erase(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, zeros{}, info.Size())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Remove(path)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
