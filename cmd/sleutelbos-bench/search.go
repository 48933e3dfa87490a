package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
	"sleutelbos/projections/machinery/rows/sqlite"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// searchCommand measures what people search for in a list of many accounts. The rows are put into
// the read model past the log, so that a million of them are there soon.
type searchCommand struct {
	Accounts int     `help:"Accounts in the list." default:"1000000"`
	Seconds  float64 `help:"How long each search is measured." default:"4"`
	Postgres bool    `help:"Measure on a temporary PostgreSQL instead of SQLite (its programs must be installed)."`
}

// Run measures and prints a table.
func (c *searchCommand) Run(p *program) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if !c.Postgres {
		db, err := sqlite.Open(p.ctx, dir, sealed.Key{1})
		if err != nil {
			return err
		}
		return errors.Join(c.measure(p.ctx, p.out, db, "SQLite"), db.Close())
	}
	server, err := postgrestest.Start()
	if err != nil {
		return err
	}
	db, err := postgres.Open(p.ctx, server.URL("postgres"))
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return errors.Join(c.measure(p.ctx, p.out, db, "PostgreSQL"), db.Close(), server.Close())
}

func (c *searchCommand) measure(ctx context.Context, out io.Writer, db machinery.DB, name string) error {
	fmt.Fprintf(out, "search among %d accounts, %s\n", c.Accounts, name)
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	line := func(what, format string, args ...any) {
		fmt.Fprintf(table, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
		_ = table.Flush() // the last one tells of an error
	}
	begin := time.Now()
	if err := errors.Join(organizationlist.New().Put(ctx, db, func(func(organizationlist.Row) bool) {}), accountlist.New().Put(ctx, db, c.rows())); err != nil {
		return err
	}
	line("rows", "put in %s", time.Since(begin).Round(time.Second))
	ask := func(ctx context.Context, text string) error {
		_, err := accountlist.Model.Page(ctx, db, listing.Question{Now: time.Now(), Query: listing.Query{Search: text}})
		return err
	}
	before, begin := heap(), time.Now()
	if err := ask(ctx, "Anna 1"); err != nil {
		return err
	}
	line("first search", "%s; the heap grew by %d MiB", time.Since(begin).Round(time.Millisecond), int64(heap()-before)>>20)
	for _, kind := range c.searches() {
		rate, took, err := hammer(ctx, 2, c.Seconds, func(ctx context.Context, client, n int) error { return ask(ctx, kind.text(2*n+client)) })
		if err != nil {
			return err
		}
		line(kind.name, "%.0f/s (p50 %s, p99 %s)", rate, took.at(50), took.at(99))
	}
	return table.Flush()
}

type searched struct {
	name string
	text func(n int) string
}

func (c *searchCommand) searches() []searched {
	return []searched{
		{"one person", func(n int) string { return fmt.Sprintf("persoon%06d", n*7919%c.Accounts) }},
		{"two names and a number", func(n int) string {
			return fmt.Sprintf("%s %d %s", lastNames[n%len(lastNames)], n%c.Accounts, firstNames[n%len(firstNames)])
		}},
		{"a telephone number", func(n int) string { return fmt.Sprintf("0475 %06d", n*7919%c.Accounts) }},
		{"two names", func(n int) string { return lastNames[n%len(lastNames)] + " " + firstNames[n/7%len(firstNames)] }},
		{"a name that many have", func(n int) string { return lastNames[n%len(lastNames)] }},
		{"what every address holds", func(n int) string { return "voorbeeld"[n%4:] }},
		{"one letter", func(n int) string { return string(rune('a' + n%26)) }},
		{"nobody", func(n int) string { return fmt.Sprintf("niemand%d", n) }},
	}
}

// rows yields the accounts, as the read model folds them.
func (c *searchCommand) rows() iter.Seq[accountlist.Row] {
	model := accountlist.New()
	return func(yield func(accountlist.Row) bool) {
		for n := range c.Accounts {
			id := fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
			entry := eventstore.Entry{
				Record: eventstore.Record{Recorded: eventstore.Recorded{Stream: eventstore.AccountSubject(id)}, Subject: eventstore.AccountSubject(id)},
				Event: account.Created{
					OrganizationID: fmt.Sprintf("00000000-0000-7000-9000-%012d", n%50), Username: fmt.Sprintf("persoon%06d@voorbeeld%02d.nl", n, n%97),
					Name: firstNames[n%len(firstNames)] + " " + lastNames[n/7%len(lastNames)], Role: account.RoleUser, Channel: account.ChannelMailLink,
					Email: fmt.Sprintf("%s%d@post.example", firstNames[n%len(firstNames)], n), Phone: fmt.Sprintf("+32475%06d", n),
				},
			}
			row, _ := model.FoldOne(id, entry)
			if !yield(row) {
				return
			}
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
