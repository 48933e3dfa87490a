package sealed

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// vfs is a file system of SQLite that seals under one key. SQLite has it for as long as the
// process lives, in memory of its own.
type vfs struct {
	*sealer
	real      *sqlite3.Tsqlite3_vfs // the file system of the machine
	machine   uintptr               // its address
	main, log uintptr               // the tables of methods of a database and of its log

	// The functions in SQLite's memory, where Go's collector does not see them.
	opening             func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	mainTable, logTable methods
}

var registered struct {
	sync.Mutex
	names map[Key]string
	all   []*vfs // which the collector must not take, since only SQLite refers to them
}

// Register returns the name of the file system that seals under a key, for the parameter "vfs" of
// a file's address. It is the same at each call with the same key.
func Register(key Key) (string, error) {
	registered.Lock()
	defer registered.Unlock()
	if name, ok := registered.names[key]; ok {
		return name, nil
	}
	s, err := newSealer(key)
	if err != nil {
		return "", err
	}
	tls := libc.NewTLS()
	defer tls.Close()
	if rc := sqlite3.Xsqlite3_initialize(tls); rc != sqlite3.SQLITE_OK {
		return "", fmt.Errorf("start SQLite: %d", rc)
	}
	real := sqlite3.Xsqlite3_vfs_find(tls, 0)
	if real == 0 {
		return "", errors.New("SQLite has no file system")
	}
	name := fmt.Sprintf("sealed-%d", len(registered.all)+1)
	cName, err := libc.CString(name)
	if err != nil {
		return "", err
	}
	v := &vfs{sealer: s, machine: real, real: (*sqlite3.Tsqlite3_vfs)(pointer(real))}
	v.mainTable, v.logTable, v.opening = v.methods(pages{}), v.methods(frames{}), v.open
	v.main, v.log = lend(tls, &v.mainTable), lend(tls, &v.logTable)
	c := *v.real // paths, time and the like are those of the machine
	c.FszOsFile = headSize + v.real.FszOsFile + scratchSize
	c.FpNext, c.FzName = 0, cName
	c.FxOpen = *(*uintptr)(unsafe.Pointer(&v.opening)) //nolint:gosec // SQLite keeps Go functions as addresses
	own := lend(tls, &c)
	if v.main == 0 || v.log == 0 || own == 0 {
		return "", errors.New("SQLite has no memory for a file system")
	}
	if rc := sqlite3.Xsqlite3_vfs_register(tls, own, 0); rc != sqlite3.SQLITE_OK {
		return "", fmt.Errorf("register a file system of SQLite: %d", rc)
	}
	if registered.names == nil {
		registered.names = map[Key]string{}
	}
	registered.names[key] = name
	registered.all = append(registered.all, v)
	return name, nil
}

// lend returns the address of a copy in SQLite's memory; 0 if there is none left.
func lend[T any](tls *libc.TLS, value *T) uintptr {
	to := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(*value)))
	if to != 0 {
		*(*T)(pointer(to)) = *value
	}
	return to
}

// open opens a database or its write-ahead log, and nothing else.
func (v *vfs) open(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	f := (*head)(pointer(file))
	*f = head{}
	how := v.main
	switch {
	case flags&sqlite3.SQLITE_OPEN_WAL != 0:
		how = v.log
	case flags&sqlite3.SQLITE_OPEN_MAIN_DB == 0:
		return sqlite3.SQLITE_CANTOPEN
	}
	open := function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](&v.real.FxOpen)
	rc := open(tls, v.machine, name, own(file), flags, outFlags)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	f.methods = how
	f.real = (*sqlite3.Tsqlite3_io_methods)(pointer(*(*uintptr)(pointer(own(file)))))
	f.scratch = own(file) + uintptr(v.real.FszOsFile)
	return sqlite3.SQLITE_OK
}

// head begins SQLite's memory of an open file. Behind it stand the machine's own file, and room
// for the records of one frame.
type head struct {
	methods uintptr
	real    *sqlite3.Tsqlite3_io_methods
	scratch uintptr
	waits   int64 // where the header of a frame goes that stands in the room for records; 0 if none does
	end     int64 // of what was written, in SQLite's eyes, since the header of the log
	_       uintptr
}

const (
	headSize    = int32(unsafe.Sizeof(head{}))
	recordRoom  = frameRecord
	scratchSize = int32(recordRoom + 16)
)

// pointer returns an address of SQLite's memory, which Go's collector does not move, as a pointer.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) } //nolint:gosec // SQLite knows addresses only

// function returns the Go function that a member of one of SQLite's tables stands for.
func function[F any](member *uintptr) F { return *(*F)(unsafe.Pointer(member)) } //nolint:gosec // likewise

func bytesAt(address uintptr, n int64) []byte { return unsafe.Slice((*byte)(pointer(address)), n) } //nolint:gosec // likewise
