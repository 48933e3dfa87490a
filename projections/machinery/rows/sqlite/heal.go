package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"sleutelbos/internal/sqlitex"
)

// asideSuffix ends the name of a damaged file that was set aside. There is one at most.
const asideSuffix = ".damaged"

// SetAside returns the path of the damaged file in whose place an empty one was made when the
// read models were opened; empty for none. They are made again from the log.
func (db *DB) SetAside() string { return db.aside }

// heal looks whether the file of the read models is whole, and sets a damaged one aside: what is
// in it can be made again, so nobody has to mend it. It does so only if no other process has the
// file open; the lock that it returns, held until the file is closed, tells others.
func heal(ctx context.Context, dir string) (use *os.File, aside string, err error) {
	use, err = os.OpenFile(filepath.Join(dir, lockFolder, "readmodels-open.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, "", err
	}
	alone := syscall.Flock(int(use.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	if alone {
		if err = whole(ctx, filepath.Join(dir, rowsFile)); errors.Is(err, sqlitex.ErrDamaged) {
			aside, err = setAside(filepath.Join(dir, rowsFile))
		}
	}
	if err == nil {
		err = syscall.Flock(int(use.Fd()), syscall.LOCK_SH) // others may open the file, too
	}
	if err != nil {
		return nil, "", errors.Join(err, use.Close())
	}
	return use, aside, nil
}

// whole returns sqlitex.ErrDamaged for a file that is there and no whole database.
func whole(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := openFile(ctx, path, 1)
	if err != nil {
		return sqlitex.Explain(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	said := ""
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return sqlitex.Explain(err)
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", sqlitex.ErrDamaged, said)
	}
	return nil
}

// setAside renames the file and removes those beside it, which mean nothing without it.
func setAside(path string) (aside string, err error) {
	aside = path + asideSuffix
	if err := os.Rename(path, aside); err != nil {
		return "", err
	}
	for _, beside := range []string{path + "-wal", path + "-shm"} {
		if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}
