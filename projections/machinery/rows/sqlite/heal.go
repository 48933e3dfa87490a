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
	"sleutelbos/internal/sqlitex/sealed"
)

// asideSuffix ends the name of a damaged file that was set aside. There is one at most.
const asideSuffix = ".damaged"

// Healed says what was done to the file of the read models when they were opened. Either way an
// empty one stands in its place, and the read models are made again from the log.
type Healed struct {
	Aside string // the damaged file, or that of another key, which was set aside; empty for none
	Plain bool   // a file was erased that an earlier version kept without encryption
}

// Healed returns what was done to the file of the read models when they were opened.
func (db *DB) Healed() Healed { return db.healed }

// heal looks whether the file of the read models is whole and of the key, and makes room for an
// empty one if not: what is in it can be made again, so nobody has to mend it. It does so only if
// no other process has the file open; the lock that it returns, held until the file is closed,
// tells others.
func heal(ctx context.Context, dir string, key sealed.Key) (use *os.File, done Healed, err error) {
	use, err = os.OpenFile(filepath.Join(dir, lockFolder, "readmodels-open.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, Healed{}, err
	}
	alone := syscall.Flock(int(use.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	if alone {
		done, err = healAlone(ctx, filepath.Join(dir, rowsFile), key)
	}
	if err == nil {
		err = syscall.Flock(int(use.Fd()), syscall.LOCK_SH) // others may open the file, too
	}
	if err != nil {
		return nil, Healed{}, errors.Join(err, use.Close())
	}
	return use, done, nil
}

func healAlone(ctx context.Context, path string, key sealed.Key) (done Healed, err error) {
	if done.Plain, err = erasePlain(path); err != nil {
		return done, err
	}
	if err = whole(ctx, path, key); errors.Is(err, sqlitex.ErrDamaged) {
		done.Aside, err = setAside(path)
	}
	return done, err
}

// whole returns sqlitex.ErrDamaged for a file that is there and no whole database of the key.
func whole(ctx context.Context, path string, key sealed.Key) (err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := openFile(ctx, path, &key, 1)
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
	return aside, removeBeside(path)
}

func removeBeside(path string) error {
	for _, beside := range []string{path + "-wal", path + "-shm"} {
		if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
