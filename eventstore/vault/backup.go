package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// BackupSQLite writes a copy of the vault in a folder to a new file (mode 0600) while
// others read and write it, and answers the version of its schema. The copy is durable when
// it returns. It needs no master key, and refuses to overwrite.
//
// Sessions and the answers to repeated commands are left out. The copy is made after that
// of the log: an answer could tell of an event that the log's copy has not.
func BackupSQLite(ctx context.Context, dir, path string) (version int64, err error) {
	if err := backupSQLite(ctx, filepath.Join(dir, fileName), path); err != nil {
		return 0, fmt.Errorf("back the vault up: %w", err)
	}
	if version, err = trim(ctx, path); err != nil {
		return 0, fmt.Errorf("back the vault up: %w", err)
	}
	return version, nil
}

func backupSQLite(ctx context.Context, from, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fs.ErrExist, err)
	}
	if err := makePrivate(to); err != nil {
		return err
	}
	source, err := openPlain(from, "mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	_, err = source.ExecContext(ctx, `VACUUM INTO $1`, to)
	return err
}

// trim removes what a copy shall not have, so that no trace of it stays in the file, and
// answers the version of the schema.
func trim(ctx context.Context, path string) (version int64, err error) {
	copied, err := openPlain(path, "mode=rw&_pragma=secure_delete(1)&_pragma=journal_mode(DELETE)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	for _, statement := range []string{`DELETE FROM answers`, `DELETE FROM sessions`} {
		if _, err := copied.ExecContext(ctx, statement); err != nil {
			return 0, err
		}
	}
	if err := copied.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&version); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	return version, errors.Join(f.Sync(), f.Close(), syncDir(filepath.Dir(path)))
}

// openPlain opens a file as it is, without bringing it up to date.
func openPlain(path, query string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: query + "&_pragma=busy_timeout(10000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// SchemaVersion is the newest version of the schema that this program knows.
func SchemaVersion() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		return 0, fmt.Errorf("count the vault's migrations: %w", err)
	}
	return int64(len(files)), nil // they are numbered from 1 without gaps
}
