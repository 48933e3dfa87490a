package sealed

import "encoding/binary"

// SQLite's write-ahead log is a header, and then frames: each a small header and a page.
const (
	logHeader   = 32
	frameHeader = 24
	frame       = frameHeader + pageSize
)

// kind says which piece of a file a record holds.
type kind byte

const (
	mainPage    kind = 'd'
	walHeader   kind = 'h'
	walFrame    kind = 'f' // the header of a frame
	walPage     kind = 'p'
	placeSize        = 9
	frameRecord      = frameHeader + overhead + pageSize + overhead
)

// placeOf writes what a record is bound to: which piece of which file it is.
func placeOf(to []byte, k kind, number int64) []byte {
	to[0] = byte(k)
	binary.BigEndian.PutUint64(to[1:placeSize], uint64(number))
	return to[:placeSize]
}

// piece is a part of a file that SQLite writes in one go.
type piece struct {
	kind   kind
	number int64 // of its kind
	size   int64
	at     int64 // where its record stands
}

func (p piece) record() int64 { return p.size + overhead }

// layout says where a file's pieces stand, in SQLite's eyes and on the disk.
type layout interface {
	// piece returns the piece in which an offset is, and the offset at which that begins.
	piece(offset int64) (p piece, begins int64)
	logical(size int64) int64
	physical(size int64) int64
}

// pages is the layout of a database.
type pages struct{}

func (pages) piece(offset int64) (piece, int64) {
	n := offset / pageSize
	return piece{mainPage, n, pageSize, n * (pageSize + overhead)}, n * pageSize
}

// logical counts a page that was cut, too: a file that is too short for one is no empty database.
func (pages) logical(size int64) int64 {
	return (size + pageSize + overhead - 1) / (pageSize + overhead) * pageSize
}

func (pages) physical(size int64) int64 {
	return (size + pageSize - 1) / pageSize * (pageSize + overhead)
}

// frames is the layout of a write-ahead log.
type frames struct{}

func (frames) piece(offset int64) (piece, int64) {
	if offset < logHeader {
		return piece{walHeader, 0, logHeader, 0}, 0
	}
	n := (offset - logHeader) / frame
	begins, at := logHeader+n*frame, logHeader+overhead+n*frameRecord
	if offset-begins < frameHeader {
		return piece{walFrame, n, frameHeader, at}, begins
	}
	return piece{walPage, n, pageSize, at + frameHeader + overhead}, begins + frameHeader
}

func (frames) logical(size int64) int64 {
	if size -= logHeader + overhead; size < 0 {
		return 0
	}
	whole, rest := size/frameRecord, size%frameRecord
	if rest >= frameHeader+overhead {
		return logHeader + whole*frame + frameHeader
	}
	return logHeader + whole*frame
}

func (frames) physical(size int64) int64 {
	if size == 0 {
		return 0
	}
	return logHeader + overhead + (size-logHeader+frame-1)/frame*frameRecord
}
