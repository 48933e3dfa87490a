package vault

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"sleutelbos/internal/sqlitex"
)

const fileName = "vault.db"

//go:embed migrations
var migrations embed.FS

// patience is how long a statement waits for another connection's lock.
const patience = 10 * time.Second

// OpenSQLite opens the vault <dir>/vault.db, or makes it (mode 0600). Errors: ErrWrongMaster.
func OpenSQLite(ctx context.Context, dir string, master MasterKey, opts Options) (*Vault, error) {
	opts = opts.withDefaults()
	path := filepath.Join(dir, fileName)
	if err := sqlitex.Private(path); err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	write, err := sqliteFile(path).Pool(ctx, 1)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	read, err := sqliteFile(path, "query_only=1").Pool(ctx, 8)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the vault: %w", err), write.Close())
	}
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

func sqliteFile(path string, more ...string) sqlitex.File {
	pragmas := []string{"journal_mode=WAL", "synchronous=FULL", "secure_delete=1", "foreign_keys=1"}
	return sqlitex.File{Path: path, Mode: sqlitex.Create, Patience: patience, Pragmas: append(pragmas, more...)}
}

// OpenPostgres opens the vault in the schema "vault" of a PostgreSQL database, or makes it.
// Errors: ErrWrongMaster.
func OpenPostgres(ctx context.Context, databaseURL string, master MasterKey, opts Options) (*Vault, error) {
	opts = opts.withDefaults()
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New("open the vault: this is not a PostgreSQL address") // the cause quotes it, password and all
	}
	config.RuntimeParams["search_path"] = "vault"
	config.RuntimeParams["synchronous_commit"] = "on"
	// A process that was frozen, or cut off, in the middle of a transaction keeps its rows from nobody for
	// longer than this.
	for name, value := range map[string]string{
		"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "3", "tcp_keepalives_count": "3",
		"idle_in_transaction_session_timeout": "10000",
	} {
		config.RuntimeParams[name] = value
	}
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
