package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"sleutelbos/internal/sqlitex"
)

// BackupSQLite writes a copy of the vault in a folder to a new file (mode 0600) while
// others read and write it, and returns the version of its schema. The copy is durable when
// it returns. It needs no master key, and refuses to overwrite.
//
// It leaves out the sessions, who asked, how far the log reached and the reactors had come, and the answers to repeated
// commands. The copy of the vault is made after the copy of the log, so they could name an event
// that the latter lacks.
func BackupSQLite(ctx context.Context, dir, path string) (version int64, err error) {
	if err := sqlitex.Copy(ctx, filepath.Join(dir, fileName), path); err != nil {
		return 0, fmt.Errorf("back the vault up: %w", err)
	}
	if version, err = trim(ctx, path); err != nil {
		return 0, fmt.Errorf("back the vault up: %w", err)
	}
	if err := sqlitex.Sync(path); err != nil {
		return 0, fmt.Errorf("back the vault up: %w", err)
	}
	return version, nil
}

// trim removes what a copy shall not hold, without a trace in the file, and returns the
// version of the schema.
func trim(ctx context.Context, path string) (version int64, err error) {
	file := sqlitex.File{Path: path, Mode: sqlitex.ReadWrite, Patience: patience, Pragmas: []string{"secure_delete=1", "journal_mode=DELETE"}}
	copied, err := file.Pool(ctx, 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	for _, statement := range []string{`DELETE FROM answers`, `DELETE FROM sessions`, `DELETE FROM askers`, `DELETE FROM reactor_marks`, `UPDATE log_mark SET stream = ''`} {
		if _, err := copied.ExecContext(ctx, statement); err != nil {
			return 0, err
		}
	}
	err = copied.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

// SchemaVersion returns the newest version of the schema that this program knows.
func SchemaVersion() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		return 0, fmt.Errorf("count the vault's migrations: %w", err)
	}
	return int64(len(files)), nil // they are numbered from 1 without gaps
}
