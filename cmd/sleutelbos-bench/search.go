package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
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
	Profile  string  `help:"Write a CPU profile of the searches to this file." placeholder:"FILE" type:"path"`
	Only     string  `help:"Only the searches whose name matches this regular expression."`
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
	begin, before := time.Now(), heap()
	if err := errors.Join(organizationlist.New().Put(ctx, db, func(func(organizationlist.Row) bool) {}), accountlist.New().Put(ctx, db, c.rows())); err != nil {
		return err
	}
	line("rows", "put in %s", time.Since(begin).Round(time.Second))
	ask := func(ctx context.Context, q listing.Question) error {
		q.Now = time.Now()
		_, err := accountlist.Model.Page(ctx, db, q)
		return err
	}
	ready, spent, err := c.untilSearchable(ctx, db)
	if err != nil {
		return err
	}
	grew := int64(heap()-before) >> 20
	begin = time.Now()
	if err := ask(ctx, asking(fmt.Sprintf("persoon%06d", c.Accounts/2))); err != nil {
		return err
	}
	line("first search", "%s; the program is ready for it %s after the start (%s of a processor); the heap grew by %d MiB", time.Since(begin).Round(10*time.Microsecond), ready, spent, grew)
	only, err := regexp.Compile(c.Only)
	if err != nil {
		return fmt.Errorf("which searches: %w", err)
	}
	stop, err := profiled(c.Profile)
	if err != nil {
		return err
	}
	for _, kind := range c.searches() {
		if !only.MatchString(kind.name) {
			continue
		}
		rate, took, err := hammer(ctx, 2, c.Seconds, func(ctx context.Context, client, n int) error { return ask(ctx, kind.asked(2*n+client)) })
		if err != nil {
			return err
		}
		cost, err := c.cost(ctx, func(n int) error { return ask(ctx, kind.asked(n)) })
		if err != nil {
			return err
		}
		line(kind.name, "%.0f/s (p50 %s, p99 %s; of a processor p50 %s, p99 %s)", rate, took.at(50), took.at(99), cost.exactly(50), cost.exactly(99))
	}
	return errors.Join(stop(), table.Flush())
}

// cost returns how much of a processor single searches take, which differs little when others use the machine. It has
// one client, so that nothing but a search is counted, and what collects the garbage of searches.
func (c *searchCommand) cost(ctx context.Context, ask func(n int) error) (times, error) {
	var spent times
	for n, end := 0, time.Now().Add(time.Duration(c.Seconds*float64(time.Second))); time.Now().Before(end); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		before := processor()
		if err := ask(n); err != nil {
			return nil, err
		}
		spent = append(spent, processor()-before)
	}
	return spent, nil
}

// untilSearchable waits until the texts are in memory, as the readiness of the program does, and returns how
// long that took since the table was live, and how much of a processor.
func (c *searchCommand) untilSearchable(ctx context.Context, db machinery.DB) (ready, spent time.Duration, err error) {
	begin, before := time.Now(), processor()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !accountlist.New().Searchable(db) {
		select {
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		case <-look.C:
		}
	}
	return time.Since(begin).Round(time.Millisecond), (processor() - before).Round(time.Millisecond), nil
}

func asking(text string) listing.Question {
	return listing.Question{Query: listing.Query{Search: text}, Sights: listing.Everything()}
}

type searched struct {
	name  string
	asked func(n int) listing.Question
}

func (c *searchCommand) searches() []searched {
	lastName := func(n int) string { return lastNames[n%len(lastNames)] }
	twoNames := func(n int) string { return lastName(n) + " " + firstNames[n/7%len(firstNames)] }
	all := func(name string, text func(n int) string) searched {
		return searched{name, func(n int) listing.Question { return asking(text(n)) }}
	}
	within := func(name string, text func(n int) string, fits map[string]string) searched {
		return searched{name, func(n int) listing.Question {
			q := asking(text(n))
			q.Organization, q.Fits = organizationID(n%organizations), fits
			return q
		}}
	}
	return []searched{
		all("one person", func(n int) string { return fmt.Sprintf("persoon%06d", n*7919%c.Accounts) }),
		all("two names and a number", func(n int) string {
			return fmt.Sprintf("%s %d %s", lastName(n), n%c.Accounts, firstNames[n%len(firstNames)])
		}),
		all("a telephone number", func(n int) string { return fmt.Sprintf("0475 %06d", n*7919%c.Accounts) }),
		all("a mail address", func(n int) string {
			return fmt.Sprintf("%s%d@post.example", firstNames[n*7919%c.Accounts%len(firstNames)], n*7919%c.Accounts)
		}),
		all("two names", twoNames),
		all("a name that many have", lastName),
		{"the same, backwards", func(n int) listing.Question { q := asking(lastName(n)); q.Sort = "-name"; return q }},
		{"the same, newest first", func(n int) listing.Question { q := asking(lastName(n)); q.Sort = "-createdAt"; return q }},
		all("what every address holds", func(n int) string { return "voorbeeld"[n%4:] }),
		all("one letter", func(n int) string { return string(rune('a' + n%26)) }),
		all("a letter that nobody has", func(n int) string { return "#%="[n%3 : n%3+1] }),
		all("nobody", func(n int) string { return fmt.Sprintf("niemand%d", n) }),
		{"the eight that a field suggests", func(n int) listing.Question {
			q := asking(lastName(n)[:1+n%3])
			q.Organization, q.Limit = organizationID(n%organizations), 8
			return q
		}},
		within("two names in an organization", twoNames, nil),
		within("a name that many have in an organization", lastName, nil),
		within("the same, of those not blocked", lastName, map[string]string{"blocked": "false"}),
		within("the same, of those blocked (none)", lastName, map[string]string{"blocked": "true"}),
	}
}

// organizations is how many share the accounts.
const organizations = 50

func organizationID(n int) string { return fmt.Sprintf("00000000-0000-7000-9000-%012d", n) }

// rows yields the accounts, as the read model folds them.
func (c *searchCommand) rows() iter.Seq[accountlist.Row] {
	model := accountlist.New()
	return func(yield func(accountlist.Row) bool) {
		for n := range c.Accounts {
			id := fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
			entry := eventstore.Entry{
				Record: eventstore.Record{Recorded: eventstore.Recorded{Stream: eventstore.AccountSubject(id)}, Subject: eventstore.AccountSubject(id)},
				Event: account.Created{
					OrganizationID: organizationID(n % organizations), Username: fmt.Sprintf("persoon%06d@voorbeeld%02d.nl", n, n%97),
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
