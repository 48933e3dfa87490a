package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sleutelbos/internal/app"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// bare is what one would write without a domain: a handler that inserts an event and a row
// in one durable transaction, a SELECT that returns a page, and a loop of upserts. It is the
// limit that the program is measured against.
type bare struct {
	db      *sql.DB
	writing sync.Mutex // SQLite has one writer
	sqlite  bool
	url     string
	server  *http.Server
}

func newBare(ctx context.Context, places app.Places) (*bare, error) {
	b := &bare{sqlite: places.Database == ""}
	var err error
	if b.sqlite {
		b.db, err = sql.Open("sqlite", "file:"+filepath.Join(places.Data, "bare.db")+
			"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	} else {
		b.db, err = sql.Open("pgx", places.Database)
	}
	if err != nil {
		return nil, fmt.Errorf("open the bare database: %w", err)
	}
	b.db.SetMaxOpenConns(16)
	b.db.SetMaxIdleConns(16)
	for _, statement := range []string{
		`CREATE TABLE bare_events (id TEXT PRIMARY KEY, type TEXT NOT NULL, data TEXT NOT NULL)`,
		`CREATE TABLE bare_rows (id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, created_at TEXT NOT NULL)`,
		`CREATE TABLE bare_loop (id TEXT PRIMARY KEY, username TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, changed_at TEXT NOT NULL, revision BIGINT NOT NULL)`,
	} {
		if _, err := b.db.ExecContext(ctx, statement); err != nil {
			return nil, errors.Join(fmt.Errorf("make the bare tables: %w", err), b.db.Close())
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, b.db.Close())
	}
	b.url = "http://" + listener.Addr().String()
	r := chi.NewRouter()
	r.Post("/create", b.create)
	b.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Minute, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	go func() { _ = b.server.Serve(listener) }() // it ends with close
	return b, nil
}

func (b *bare) close() error { return errors.Join(b.server.Close(), b.db.Close()) }

func (b *bare) create(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var account struct {
		Username string `json:"username"`
		Name     string `json:"name"`
	}
	if err == nil {
		err = json.Unmarshal(body, &account)
	}
	id := uuid.NewString()
	if err == nil {
		err = b.transaction(r.Context(), func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(r.Context(), `INSERT INTO bare_events VALUES ($1, 'created', $2)`, id, string(body)); err != nil {
				return err
			}
			_, err := tx.ExecContext(r.Context(), `INSERT INTO bare_rows VALUES ($1, $2, $3, 'user', $4)`,
				id, account.Username, account.Name, time.Now().UTC().Format(time.RFC3339Nano))
			return err
		})
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"accountId":%q}`, id) // the client sees what is missing
}

func (b *bare) transaction(ctx context.Context, work func(*sql.Tx) error) error {
	if b.sqlite {
		b.writing.Lock()
		defer b.writing.Unlock()
	}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// bareUpsert is a turn of the bare loop.
const bareUpsert = `INSERT INTO bare_loop VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET
	username = excluded.username, name = excluded.name, role = excluded.role, changed_at = excluded.changed_at, revision = excluded.revision`
