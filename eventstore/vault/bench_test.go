package vault_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/eventstore/vault"
)

// BenchmarkMakeKeys makes subject keys with 16 goroutines, and reports beside it how often
// this disk syncs one appended page a second, alone.
func BenchmarkMakeKeys(b *testing.B) {
	engines := map[string]func(b *testing.B) (*vault.Vault, error){
		"sqlite": func(b *testing.B) (*vault.Vault, error) {
			return vault.OpenSQLite(b.Context(), b.TempDir(), master, vault.Options{})
		},
		"postgres": func(b *testing.B) (*vault.Vault, error) {
			return vault.OpenPostgres(b.Context(), freshDatabase(b), master, vault.Options{})
		},
	}
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			syncs := syncRate(b)
			v, err := open(b)
			must(b, err)
			defer v.Close() // the benchmark ends
			var next atomic.Int64
			b.ResetTimer()
			together(16, func(int) {
				for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
					if _, err := v.Key(b.Context(), fmt.Sprintf("account-%d", i), true); err != nil {
						b.Error(err)
						return
					}
				}
			})
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "keys/s")
			b.ReportMetric(syncs, "syncs/s")
			b.ReportMetric(rate/syncs, "keys/sync")
		})
	}
}

func syncRate(b *testing.B) float64 {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "sync"))
	must(b, err)
	defer f.Close() // the benchmark ends
	page, n, start := make([]byte, 4096), 0, time.Now()
	for ; time.Since(start) < 300*time.Millisecond; n++ {
		_, err = f.Write(page)
		must(b, err)
		must(b, f.Sync())
	}
	return float64(n) / time.Since(start).Seconds()
}

// BenchmarkKey returns keys from memory, ready for use and not.
func BenchmarkKey(b *testing.B) {
	v, err := vault.OpenSQLite(b.Context(), b.TempDir(), master, vault.Options{})
	must(b, err)
	defer v.Close() // the benchmark ends
	names := make([]string, 40000)
	together(16, func(g int) {
		for i := g; i < len(names); i += 16 {
			names[i] = fmt.Sprintf("account-%d", i)
			if _, err := v.Key(b.Context(), names[i], true); err != nil {
				b.Error(err)
			}
		}
	})
	for name, n := range map[string]int{"ready": 1000, "raw": len(names)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := v.Key(b.Context(), names[i%n], false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStoreAnswer is what every command with an idempotency key pays.
func BenchmarkStoreAnswer(b *testing.B) {
	v, err := vault.OpenSQLite(b.Context(), b.TempDir(), master, vault.Options{})
	must(b, err)
	defer v.Close() // the benchmark ends
	answer := vault.Answer{RequestHash: make([]byte, 32), Status: 200, Body: make([]byte, 600)}
	var next atomic.Int64
	b.ResetTimer()
	together(16, func(int) {
		for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
			if err := v.StoreAnswer(b.Context(), "actor", fmt.Sprintf("key-%d", i), answer); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}
