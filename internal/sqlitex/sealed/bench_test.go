package sealed

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkFile compares a sealed file with a plain one: a transaction of 500 inserts, and a list of
// 50 rows from a table that is four times as large as the cache.
func BenchmarkFile(b *testing.B) {
	for name, key := range map[string]*Key{"plain": nil, "sealed": &testKey} {
		path := filepath.Join(b.TempDir(), "rows.db")
		address := "file:" + path + "?_pragma=journal_mode=WAL&_pragma=synchronous=NORMAL&_pragma=temp_store=MEMORY&_pragma=wal_autocheckpoint=16000&_pragma=cache_size=-16000"
		if key != nil {
			if err := Make(path, *key); err != nil {
				b.Fatal(err)
			}
			vfs, err := Register(*key)
			if err != nil {
				b.Fatal(err)
			}
			address += "&vfs=" + vfs
		}
		db, err := sql.Open("sqlite", address)
		if err != nil {
			b.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		do(b, db, "CREATE TABLE t (n INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, filler TEXT)")
		do(b, db, "CREATE INDEX names ON t (name, id)")
		insert := func() {
			tx, err := db.Begin()
			if err != nil {
				b.Fatal(err)
			}
			for range 500 {
				_, err := tx.Exec("INSERT INTO t (id, name, filler) VALUES (?, ?, ?)", fmt.Sprintf("%016x", rand.Uint64()), fmt.Sprintf("Name %d", rand.IntN(1e6)), strings.Repeat("abcdefgh", 60))
				if err != nil {
					b.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
		for range 200 {
			insert()
		}
		b.Run("list/"+name, func(b *testing.B) {
			measured(b, func() {
				rows, err := db.Query("SELECT id, name, filler FROM t WHERE name > ? ORDER BY name, id LIMIT 50", fmt.Sprintf("Name %d", rand.IntN(1e6)))
				if err != nil {
					b.Fatal(err)
				}
				defer rows.Close()
				for rows.Next() {
					var id, name, filler string
					if err := rows.Scan(&id, &name, &filler); err != nil {
						b.Fatal(err)
					}
				}
				if err := rows.Err(); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.Run("insert/"+name, func(b *testing.B) { measured(b, insert) })
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// measured reports the time of a processor, since that of the clock is others', too.
func measured(b *testing.B, do func()) {
	before := processor()
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64((processor()-before).Microseconds())/float64(b.N), "processor-µs/op")
}

func processor() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // it fails for a wrong pointer only
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
