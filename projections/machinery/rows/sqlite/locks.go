package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"sleutelbos/projections/machinery"
)

const lockFolder = "locks"

// TryLock implements machinery.DB by a lock on a file. The system releases it when the process
// ends, however it ends. The lock also keeps two holders within one process apart.
func (db *DB) TryLock(_ context.Context, name string) (machinery.Lock, bool, error) {
	path := filepath.Join(db.dir, lockFolder, strings.ReplaceAll(name, " ", "-")+".lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, file.Close()
	}
	if err != nil {
		return nil, false, errors.Join(fmt.Errorf("lock %s: %w", name, err), file.Close())
	}
	return &fileLock{file: file}, true, nil
}

type fileLock struct {
	file *os.File
	once sync.Once
}

// Lost returns a channel that is never closed, because the system takes no file lock away.
func (l *fileLock) Lost() <-chan struct{} { return nil }

// Held returns true: the system takes no file lock away.
func (l *fileLock) Held() bool { return true }

func (l *fileLock) Release() {
	l.once.Do(func() { _ = l.file.Close() }) // nothing was written; closing releases it in any case
}
