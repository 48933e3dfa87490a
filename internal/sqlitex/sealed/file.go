package sealed

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// methods is SQLite's table of what can be done with an open file. Its members are Go functions,
// in the order and of the size of SQLite's own.
type methods struct {
	version                int32
	close                  func(*libc.TLS, uintptr) int32
	read, write            func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	truncate               func(*libc.TLS, uintptr, int64) int32
	sync                   func(*libc.TLS, uintptr, int32) int32
	size                   func(*libc.TLS, uintptr, uintptr) int32
	lock, unlock           func(*libc.TLS, uintptr, int32) int32
	reserved               func(*libc.TLS, uintptr, uintptr) int32
	control                func(*libc.TLS, uintptr, int32, uintptr) int32
	sector, characteristic func(*libc.TLS, uintptr) int32
	shmMap                 func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32
	shmLock                func(*libc.TLS, uintptr, int32, int32, int32) int32
	shmBarrier             func(*libc.TLS, uintptr)
	shmUnmap               func(*libc.TLS, uintptr, int32) int32
}

// sharedMemory is the version of the table that has shared memory and no mapping of the file.
// A mapped file would give SQLite the sealed bytes.
const sharedMemory = 2

func (v *vfs) methods(l layout) methods {
	return methods{
		version: sharedMemory,
		read: func(tls *libc.TLS, file, to uintptr, n int32, offset int64) int32 {
			return v.read(tls, l, file, bytesAt(to, int64(n)), offset)
		},
		write: func(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
			return v.write(tls, l, file, bytesAt(from, int64(n)), offset)
		},
		truncate: func(tls *libc.TLS, file uintptr, size int64) int32 {
			if rc := v.flush(tls, file); rc != sqlite3.SQLITE_OK {
				return rc
			}
			return function[func(*libc.TLS, uintptr, int64) int32](&of(file).real.FxTruncate)(tls, own(file), l.physical(size))
		},
		size: func(tls *libc.TLS, file, to uintptr) int32 {
			if rc := v.flush(tls, file); rc != sqlite3.SQLITE_OK {
				return rc
			}
			rc := function[func(*libc.TLS, uintptr, uintptr) int32](&of(file).real.FxFileSize)(tls, own(file), to)
			size := (*int64)(pointer(to))
			*size = l.logical(*size)
			return rc
		},
		control: func(tls *libc.TLS, file uintptr, op int32, arg uintptr) int32 {
			switch op {
			case sqlite3.SQLITE_FCNTL_SIZE_HINT, sqlite3.SQLITE_FCNTL_CHUNK_SIZE, sqlite3.SQLITE_FCNTL_MMAP_SIZE:
				return sqlite3.SQLITE_NOTFOUND // they speak of sizes that the disk does not see
			}
			return function[func(*libc.TLS, uintptr, int32, uintptr) int32](&of(file).real.FxFileControl)(tls, own(file), op, arg)
		},
		characteristic: func(tls *libc.TLS, file uintptr) int32 {
			// SQLite then does not pad a commit with pieces of its own.
			return sqlite3.SQLITE_IOCAP_POWERSAFE_OVERWRITE
		},
		close: func(tls *libc.TLS, file uintptr) int32 {
			flushed := v.flush(tls, file)
			clear(bytesAt(of(file).scratch, int64(scratchSize)))
			rc := function[func(*libc.TLS, uintptr) int32](&of(file).real.FxClose)(tls, own(file))
			if flushed != sqlite3.SQLITE_OK {
				return flushed
			}
			return rc
		},
		sync: func(tls *libc.TLS, file uintptr, flags int32) int32 {
			if rc := v.flush(tls, file); rc != sqlite3.SQLITE_OK {
				return rc
			}
			return function[func(*libc.TLS, uintptr, int32) int32](&of(file).real.FxSync)(tls, own(file), flags)
		},
		// What follows is the machine's, as it is.
		lock: func(tls *libc.TLS, file uintptr, level int32) int32 {
			return function[func(*libc.TLS, uintptr, int32) int32](&of(file).real.FxLock)(tls, own(file), level)
		},
		unlock: func(tls *libc.TLS, file uintptr, level int32) int32 {
			return function[func(*libc.TLS, uintptr, int32) int32](&of(file).real.FxUnlock)(tls, own(file), level)
		},
		reserved: func(tls *libc.TLS, file, to uintptr) int32 {
			return function[func(*libc.TLS, uintptr, uintptr) int32](&of(file).real.FxCheckReservedLock)(tls, own(file), to)
		},
		sector: func(tls *libc.TLS, file uintptr) int32 {
			return function[func(*libc.TLS, uintptr) int32](&of(file).real.FxSectorSize)(tls, own(file))
		},
		shmMap: func(tls *libc.TLS, file uintptr, region, size, extend int32, to uintptr) int32 {
			return function[func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32](&of(file).real.FxShmMap)(tls, own(file), region, size, extend, to)
		},
		shmLock: func(tls *libc.TLS, file uintptr, offset, n, flags int32) int32 {
			return function[func(*libc.TLS, uintptr, int32, int32, int32) int32](&of(file).real.FxShmLock)(tls, own(file), offset, n, flags)
		},
		shmBarrier: func(tls *libc.TLS, file uintptr) {
			function[func(*libc.TLS, uintptr)](&of(file).real.FxShmBarrier)(tls, own(file))
		},
		shmUnmap: func(tls *libc.TLS, file uintptr, remove int32) int32 {
			return function[func(*libc.TLS, uintptr, int32) int32](&of(file).real.FxShmUnmap)(tls, own(file), remove)
		},
	}
}

func of(file uintptr) *head { return (*head)(pointer(file)) }

// own returns the machine's own file of one of ours.
func own(file uintptr) uintptr { return file + uintptr(headSize) }

func (f *head) room() (record, place []byte) {
	all := bytesAt(f.scratch, int64(scratchSize))
	return all[:recordRoom], all[recordRoom:]
}

// read reads a piece or a part of one, or both pieces of a frame, which SQLite reads at once when it
// recovers a log.
func (v *vfs) read(tls *libc.TLS, l layout, file uintptr, to []byte, offset int64) int32 {
	p, begins := l.piece(offset)
	if p.kind == walFrame && begins == offset && len(to) == frame {
		if rc := v.read(tls, l, file, to[:frameHeader], offset); rc != sqlite3.SQLITE_OK {
			clear(to)
			return rc
		}
		rc := v.read(tls, l, file, to[frameHeader:], offset+frameHeader)
		if rc == sqlite3.SQLITE_CORRUPT {
			return sqlite3.SQLITE_OK // a frame that was cut by a crash: its zeros don't fit its sum, and end the log
		}
		return rc
	}
	from := offset - begins
	if from+int64(len(to)) > p.size {
		return sqlite3.SQLITE_IOERR_READ
	}
	if rc := v.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	f := of(file)
	record, place := f.room()
	record = record[:p.record()]
	raw := function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](&f.real.FxRead)
	if rc := raw(tls, own(file), f.scratch, int32(len(record)), p.at); rc != sqlite3.SQLITE_OK {
		clear(to) // as SQLite wants it behind the end of a file
		return rc
	}
	place = placeOf(place, p.kind, p.number)
	var ok bool
	if int64(len(to)) == p.size {
		ok = v.sealer.open(to, record, place)
	} else if ok = v.sealer.open(record[nonceSize:nonceSize+p.size], record, place); ok {
		copy(to, record[nonceSize+from:])
	}
	if ok {
		return sqlite3.SQLITE_OK
	}
	clear(to)
	switch {
	case p.kind == mainPage && p.number == 0:
		return sqlite3.SQLITE_NOTADB // of another key, or no file of ours
	case p.kind == walHeader || p.kind == walFrame:
		return sqlite3.SQLITE_OK // SQLite takes a header that does not fit for the end of the log
	}
	return sqlite3.SQLITE_CORRUPT
}

// write writes one whole piece. SQLite gives a frame of the log in two, its header and at once the page,
// and each write costs as much as sealing it does. So the header of a frame that is added waits for the
// page, and both are written together. One that is written again, behind its page, does not wait.
func (v *vfs) write(tls *libc.TLS, l layout, file uintptr, from []byte, offset int64) int32 {
	p, begins := l.piece(offset)
	if begins != offset || int64(len(from)) != p.size {
		return sqlite3.SQLITE_IOERR_WRITE
	}
	f := of(file)
	at, before := p.at, int64(0) // bytes of the header that waited
	if f.waits > 0 && f.waits+frameHeader+overhead == p.at {
		at, before = f.waits, frameHeader+overhead
		f.waits = 0
	} else if rc := v.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	record, place := f.room()
	v.seal(record[before:before+p.record()], from, placeOf(place, p.kind, p.number))
	added := offset == f.end
	if end := offset + p.size; p.kind == walHeader || end > f.end {
		f.end = end
	}
	if p.kind == walFrame && added {
		f.waits = at
		return sqlite3.SQLITE_OK
	}
	return f.put(tls, file, before+p.record(), at)
}

// flush writes the header of a frame whose page did not follow.
func (v *vfs) flush(tls *libc.TLS, file uintptr) int32 {
	f := of(file)
	if f.waits == 0 {
		return sqlite3.SQLITE_OK
	}
	at := f.waits
	f.waits = 0
	return f.put(tls, file, frameHeader+overhead, at)
}

// put writes the first bytes of the room for records.
func (f *head) put(tls *libc.TLS, file uintptr, n, at int64) int32 {
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](&f.real.FxWrite)(tls, own(file), f.scratch, int32(n), at)
}
