// Package sealed keeps a SQLite file, and the write-ahead log beside it, encrypted as a whole.
//
// It is a layer between SQLite and the file (a VFS): SQLite reads and writes pages as ever, and so
// knows every index and every order, while the disk gets each page sealed with AES-256-GCM. A page
// is bound to its place, so that one page put in the place of another is noticed.
//
// It refuses whatever SQLite might write elsewhere: rollback journals, temporary files and files of
// other page sizes can't be opened. The connection must keep its journal as a write-ahead log, and
// what is temporary in memory.
package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Key encrypts a file. Every pragma, table and row is sealed under it.
type Key [32]byte

// String returns a text without the key.
func (Key) String() string { return "[key of a file]" }

// GoString returns a text without the key.
func (Key) GoString() string { return "[key of a file]" }

// A record is what a piece that SQLite writes becomes in the file: nonce, ciphertext, tag.
const (
	nonceSize = 12
	tagSize   = 16
	overhead  = nonceSize + tagSize
	pageSize  = 4096
)

// sealer seals the pieces of every file that has one key.
type sealer struct {
	aead cipher.AEAD

	mu     sync.Mutex
	prefix [8]byte
	used   uint32 // nonces with this prefix
}

func newSealer(key Key) (*sealer, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	s := &sealer{aead: aead}
	rand.Read(s.prefix[:]) // it never returns an error
	return s, nil
}

// nonce writes a nonce that was never used before. Random nonces of 96 bits would be safe for some
// 4,000,000,000 pages, which a busy file writes in weeks. These are counted behind a random prefix
// of the process, and so only two equal prefixes would give two equal nonces.
func (s *sealer) nonce(to []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used++; s.used == 0 {
		rand.Read(s.prefix[:]) // it never returns an error
		s.used = 1
	}
	copy(to, s.prefix[:])
	binary.BigEndian.PutUint32(to[len(s.prefix):nonceSize], s.used)
}

// seal writes the record of a piece.
func (s *sealer) seal(record, piece, place []byte) {
	s.nonce(record)
	s.aead.Seal(record[nonceSize:nonceSize], record[:nonceSize], piece, place)
}

// open writes the piece that a record holds. A record of zeros is a place in the file that was
// never written, and is a piece of zeros. It returns false for a record that another key sealed, or
// that was damaged or moved.
func (s *sealer) open(piece, record, place []byte) bool {
	if [nonceSize]byte(record) == [nonceSize]byte{} {
		clear(piece)
		return true
	}
	_, err := s.aead.Open(piece[:0], record[:nonceSize], record[nonceSize:], place)
	return err == nil
}

// Make makes an empty file with the key unless there is a file. SQLite could not begin one itself:
// it would want a rollback journal for the first page.
func Make(path string, key Key) (err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s, err := newSealer(key)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sealed-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	record := make([]byte, pageSize+overhead)
	s.seal(record, firstPage(), placeOf(make([]byte, placeSize), mainPage, 0))
	_, err = f.Write(record)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make %s: %w", path, err)
	}
	return nil
}

// firstPage returns the page of which an empty file with a write-ahead log consists, see
// https://sqlite.org/fileformat.html.
func firstPage() []byte {
	page := make([]byte, pageSize)
	copy(page, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(page[16:], pageSize)
	copy(page[18:], []byte{2, 2, 0, 64, 32, 32}) // a write-ahead log to write and to read; fixed fractions
	binary.BigEndian.PutUint32(page[24:], 1)     // change counter
	binary.BigEndian.PutUint32(page[28:], 1)     // pages
	binary.BigEndian.PutUint32(page[44:], 4)     // schema format
	binary.BigEndian.PutUint32(page[56:], 1)     // UTF-8
	binary.BigEndian.PutUint32(page[92:], 1)     // the counter for which the number of pages is valid
	page[100] = 13                               // an empty leaf of the table of the schema
	binary.BigEndian.PutUint16(page[105:], pageSize)
	return page
}
