package machinery_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// wide is a row as wide as that of a real list.
type wide struct {
	ID      string    `db:"id"`
	Name    string    `db:"name"`
	Search  string    `db:"search,search"`
	Mail    string    `db:"mail"`
	City    string    `db:"city"`
	Role    string    `db:"role"`
	Active  bool      `db:"active"`
	Count   int64     `db:"count"`
	Made    time.Time `db:"made"`
	Changed time.Time `db:"changed"`
}

const wideSchema = `CREATE INDEX {index}_name ON {table} (name, id); CREATE INDEX {index}_made ON {table} (made, id);
	CREATE INDEX {index}_role ON {table} (role, name, id);`

func wideTable(name string) *machinery.Table[wide] {
	t := machinery.NewTable[wide](name, wideSchema)
	machinery.On(t, machinery.ByStream, func(row wide, e made, r eventstore.Record) wide {
		row.Name, row.Search, row.Mail, row.City = e.Name, typed.Fold(e.Name, row.ID), row.ID+"@example.nl", "Utrecht"
		row.Role, row.Made, row.Changed = "holder", r.Envelope.OccurredAt, r.Envelope.OccurredAt
		return row
	})
	machinery.On(t, machinery.ByStream, func(row wide, e counted, r eventstore.Record) wide {
		row.Count, row.Active, row.Changed = row.Count+e.By, true, r.Envelope.OccurredAt
		return row
	})
	return t
}

func benchEngines(b *testing.B, run func(b *testing.B, bench *bench, bare loop)) {
	b.Run("sqlite", func(b *testing.B) {
		dir := b.TempDir()
		run(b, newBench(b, func() machinery.DB { return openSQLite(b, dir) }), sqliteLoop(b))
	})
	b.Run("postgres", func(b *testing.B) {
		url := postgrestest.URL(b)
		run(b, newBench(b, func() machinery.DB { return openPostgres(b, url) }), postgresLoop(b, url))
	})
}

// BenchmarkRebuild rebuilds a table of 100,000 events on 25,000 rows beside a loop of 500
// upserts a transaction that makes the same rows.
func BenchmarkRebuild(b *testing.B) {
	benchEngines(b, func(b *testing.B, bench *bench, bare loop) {
		const total = 100_000
		fill(bench, total)
		o := bench.options()
		o.Tables = []machinery.Projection{wideTable("wide_v1")}
		r, err := machinery.NewRunner(o)
		must(b, err)
		must(b, r.Rebuild(b.Context(), "wide_v1", nil))
		for b.Loop() {
			began := time.Now()
			must(b, r.Rebuild(b.Context(), "wide_v1", nil))
			rebuilt := time.Since(began)
			began = time.Now()
			upsertLoop(b, bare, total)
			looped := time.Since(began)
			b.ReportMetric(total/rebuilt.Seconds(), "rebuild-events/s")
			b.ReportMetric(total/looped.Seconds(), "loop-events/s")
			b.ReportMetric(looped.Seconds()/rebuilt.Seconds(), "ratio")
		}
	})
}

func fill(b *bench, total int) {
	rows := total / 4
	for n := 0; n < total; n += 4 * 25 {
		for i := range 25 {
			b.append(fmt.Sprintf("account-%d", (n/4+i)%rows), made{"person of some name"}, counted{1}, counted{1}, counted{1})
		}
	}
}

// loop is the bare way: one upsert an event, 500 a transaction, nothing read or decoded.
type loop func(ctx context.Context, statement string, rows [][]any) error

const bareTable = `CREATE TABLE loop_v1 (id TEXT PRIMARY KEY, name TEXT, search TEXT, mail TEXT, city TEXT, role TEXT, active BOOLEAN, count BIGINT, made TEXT, changed TEXT);
	CREATE INDEX loop_name ON loop_v1 (name, id); CREATE INDEX loop_made ON loop_v1 (made, id); CREATE INDEX loop_role ON loop_v1 (role, name, id)`

const bareUpsert = `INSERT INTO loop_v1 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, search = excluded.search,
	mail = excluded.mail, city = excluded.city, role = excluded.role, active = excluded.active, count = excluded.count, made = excluded.made, changed = excluded.changed`

func upsertLoop(b *testing.B, write loop, total int) {
	at := machinery.TimeText(noon)
	for n := 0; n < total; n += 500 {
		rows := make([][]any, 500)
		for i := range rows {
			id := fmt.Sprint((n + i) / 4)
			rows[i] = []any{id, "person of some name", "person of some name " + id, id + "@example.nl", "Utrecht", "holder", i%4 > 0, int64(i % 4), at, at}
		}
		must(b, write(b.Context(), bareUpsert, rows))
	}
}

func sqliteLoop(b *testing.B) loop {
	db, err := sql.Open("sqlite", "file:"+b.TempDir()+"/loop.db?_pragma=journal_mode(wal)&_pragma=synchronous(normal)")
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	_, err = db.Exec(bareTable)
	must(b, err)
	return func(ctx context.Context, statement string, rows [][]any) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		stmt, err := tx.Prepare(statement)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := stmt.Exec(row...); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
}

func postgresLoop(b *testing.B, url string) loop {
	conn, err := pgx.Connect(b.Context(), url)
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close(context.Background())) })
	_, err = conn.Exec(b.Context(), bareTable)
	must(b, err)
	return func(ctx context.Context, statement string, rows [][]any) error {
		var batch pgx.Batch
		for _, row := range rows {
			batch.Queue(statement, row...)
		}
		return conn.SendBatch(ctx, &batch).Close()
	}
}

// BenchmarkVisible measures from the acknowledged append to the wake-up of who waits, with
// eight projections.
func BenchmarkVisible(b *testing.B) {
	benchEngines(b, func(b *testing.B, bench *bench, _ loop) {
		o := bench.options()
		for n := range 6 {
			o.Tables = append(o.Tables, wideTable(fmt.Sprintf("wide_%c_v1", 'a'+n)))
		}
		r, _ := bench.run(o)
		bench.wait(r, bench.append("account-0", made{"x"}))
		var took []time.Duration
		for n := 1; b.Loop(); n++ {
			at := bench.append(fmt.Sprintf("account-%d", n), made{"person"}, counted{1})
			began := time.Now()
			must(b, r.WaitFor(context.Background(), at, "wide_a_v1"))
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	})
}

// BenchmarkFollow measures how quickly eight projections follow 16 writers.
func BenchmarkFollow(b *testing.B) {
	benchEngines(b, func(b *testing.B, bench *bench, _ loop) {
		o := bench.options()
		for n := range 6 {
			o.Tables = append(o.Tables, wideTable(fmt.Sprintf("wide_%c_v1", 'a'+n)))
		}
		r, _ := bench.run(o)
		bench.wait(r, bench.append("account-0", made{"x"}))
		for b.Loop() {
			began := time.Now()
			slots := make(chan struct{}, 16)
			run := rand.Int()
			for n := range 5000 {
				slots <- struct{}{}
				go func() {
					_, err := appendTo(bench.journal, fmt.Sprintf("account-%d.%d", run, n), made{"person"}, counted{1})
					if err != nil {
						b.Error(err)
					}
					<-slots
				}()
			}
			for range 16 {
				slots <- struct{}{}
			}
			appended := time.Since(began)
			head, err := bench.journal.Store.Head(context.Background())
			must(b, err)
			bench.wait(r, head)
			b.ReportMetric(5000/appended.Seconds(), "appends/s")
			b.ReportMetric(float64((time.Since(began) - appended).Milliseconds()), "behind-ms")
		}
	})
}
