package vault

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

const fileName = "vault.db"

//go:embed migrations
var migrations embed.FS

// OpenSQLite opens or makes the vault <dir>/vault.db (mode 0600). Errors: ErrWrongMaster.
func OpenSQLite(ctx context.Context, dir string, master MasterKey, opts Options) (*Vault, error) {
	opts = opts.withDefaults()
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	write, err := sql.Open("sqlite", sqliteURL(path, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", sqliteURL(path, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the vault: %w", err), write.Close())
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	if err := migrate(ctx, write, goose.DialectSQLite3, "migrations/sqlite"); err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	c := newCommitter(write)
	v, err := newVault(ctx, master, opts, read, c)
	if err != nil {
		return nil, errors.Join(err, c.close(), read.Close())
	}
	return v, nil
}

// makePrivate makes the file before SQLite does, which would let others read it. The
// files beside it (-wal, -shm) get the same mode.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

func sqliteURL(path, more string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_pragma=foreign_keys(1)&" + more}
	return u.String()
}

// schemaLock is the advisory lock under which one process at a time brings the schema up
// to date.
const schemaLock = 0x736c5f7661756c74

// OpenPostgres opens or makes the vault in the schema "vault" of a PostgreSQL database.
// Errors: ErrWrongMaster.
func OpenPostgres(ctx context.Context, databaseURL string, master MasterKey, opts Options) (*Vault, error) {
	opts = opts.withDefaults()
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New("open the vault: this is not a PostgreSQL address") // the cause quotes it, password and all
	}
	config.RuntimeParams["search_path"] = "vault"
	config.RuntimeParams["synchronous_commit"] = "on"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "sleutelbos-vault"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(opts.PostgresPool)
	db.SetMaxIdleConns(opts.PostgresPool)
	if err := migratePostgres(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	v, err := newVault(ctx, master, opts, db, nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return v, nil
}

func migratePostgres(ctx context.Context, db *sql.DB) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the vault: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(schemaLock)); err != nil {
		return fmt.Errorf("open the vault: %w", err)
	}
	defer func() {
		_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(schemaLock))
		err = errors.Join(err, unlockErr)
	}()
	if _, err := conn.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS vault`); err != nil {
		return fmt.Errorf("open the vault: %w", err)
	}
	return migrate(ctx, db, goose.DialectPostgres, "migrations/postgres")
}

func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, dir string) error {
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return fmt.Errorf("migrate the vault: %w", err)
	}
	provider, err := goose.NewProvider(dialect, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate the vault: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the vault: %w", err)
	}
	return nil
}
