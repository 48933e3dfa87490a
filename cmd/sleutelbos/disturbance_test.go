package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

// outage is longer than any pause between two attempts: of a projection 5 s.
const outage = 7 * time.Second

// The database goes away under load and comes back: everything works again without a
// restart, and nothing acknowledged is missing.
func TestDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	server, ok := ownPostgres(t)
	if !ok {
		t.Skip("PostgreSQL is not installed here")
	}
	r := start(t, app.Places{Data: t.TempDir(), Database: server.URL("postgres")})
	organization := r.organization(1)
	r.run("CreateAccount", newAccount(organization, 2, 0))
	r.settle()

	acknowledged := make(chan int)
	stop := make(chan struct{})
	for w := range 4 {
		go func() {
			n := 0
			for i := 0; ; i++ {
				select {
				case <-stop:
					acknowledged <- n
					return
				default:
				}
				_, err := r.api.command(t.Context(), "CreateAccount", newAccount(organization, 100+w, i))
				if refusal, ok := err.(*answered); ok && refusal.status != http.StatusServiceUnavailable { //nolint:errorlint // ask answers it unwrapped
					t.Errorf("while the database is away: %v", refusal)
				}
				if err == nil {
					n++
				} else {
					<-time.After(10 * time.Millisecond)
				}
			}
		}()
	}
	eventually(t, time.Minute, func() error {
		if n := len(r.records()); n < 100 {
			return fmt.Errorf("%d events", n)
		}
		return nil
	})
	must(t, server.Stop())
	began := time.Now()
	eventually(t, time.Minute, func() error {
		if status, body := r.manage("/readyz"); status != http.StatusServiceUnavailable {
			return fmt.Errorf("readyz: %d %s", status, body)
		}
		return nil
	})
	if status, _ := r.manage("/livez"); status != http.StatusOK {
		t.Errorf("livez: %d; a restart would mend nothing", status)
	}
	<-time.After(outage - time.Since(began))
	must(t, server.Resume())

	eventually(t, time.Minute, func() error {
		_, err := r.api.command(t.Context(), "CreateAccount", newAccount(organization, 2, 1))
		return err
	})
	close(stop)
	created := 0
	for range 4 {
		created += <-acknowledged
	}
	r.settle()
	if status, body := r.manage("/readyz"); status != http.StatusOK {
		t.Errorf("readyz: %d %s", status, body)
	}
	n, err := machinery.Get[int64](t.Context(), r.Rows, "SELECT count(*) FROM account_list_v1")
	must(t, err)
	if int(n) < created+3 { // some were made whose answer was lost
		t.Errorf("%d accounts were acknowledged, the list has %d", created, n)
	}
	r.verified()
}

// A projection that meets an event that it does not know stops, says which, and goes on
// when it is rebuilt by a program that knows it; the others never stopped.
func TestUnknownEventStopsOneProjection(t *testing.T) {
	t.Parallel()
	for engine, database := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			r := start(t, app.Places{Data: t.TempDir(), Database: database(t)})
			organization := r.organization(1)
			r.run("CreateAccount", newAccount(organization, 2, 0))
			r.settle()
			stream := "letter-" + id(9, 1)
			_, err := r.Journal.Store.Append(t.Context(), stream, eventstore.NoStream, eventstore.Event{
				ID: uuid.UUID{1}, Type: "letter.burnt.v9", Data: []byte("{}"), Metadata: []byte("{}"),
			})
			must(t, err)
			r.run("CreateAccount", newAccount(organization, 2, 1))
			r.run("BlockAccount", body{"accountId": id(2, 0), "reason": "behind the unknown"})

			stopped := []string{"letters_v1", "letters_by_account_v1", "audit_history_v1"} // who is concerned, and who takes everything
			eventually(t, time.Minute, func() error {
				for _, p := range projectionsAt(t, r.PublicURL.String()) {
					switch concerned := slices.Contains(stopped, p.Name); {
					case !concerned && (p.State != "live" || p.LagEvents > 0):
						return fmt.Errorf("%s is %s, %d events behind", p.Name, p.State, p.LagEvents)
					case concerned && (p.State != "stopped" || p.StoppedAt == nil):
						return fmt.Errorf("%s is %s", p.Name, p.State)
					case concerned && (p.StoppedAt.Type != "letter.burnt.v9" || p.StoppedAt.Stream != stream || p.StoppedAt.Revision != 0):
						t.Fatalf("%s stopped at %+v", p.Name, p.StoppedAt)
					}
				}
				return nil
			})
			status, text := r.manage("/readyz")
			var ready struct {
				Ready       bool
				Projections []struct{ Name, State string }
			}
			must(t, json.Unmarshal([]byte(text), &ready))
			var shown []string
			for _, p := range ready.Projections {
				if p.State == "stopped" {
					shown = append(shown, p.Name)
				}
			}
			slices.Sort(stopped)
			slices.Sort(shown)
			same(t, []any{status, ready.Ready, shown}, []any{http.StatusServiceUnavailable, false, stopped})
			for name, want := range map[string]bool{"letters_v1": true, "account_list_v1": false} { // F-58
				report, err := r.Runner.Verify(t.Context(), name, nil)
				must(t, err)
				if len(report.Differences) > 0 || (report.Stopped != nil) != want {
					t.Errorf("verifying %s finds %+v", name, report)
				}
			}
			if !strings.Contains(r.log.String(), `"msg":"projection stopped","projection":"letters_v1","type":"letter.burnt.v9"`) {
				t.Error("the log does not tell of it")
			}

			// What does not need them works: the list shows both accounts, and the block.
			list := r.fresh("/accounts?q=person")
			if strings.Count(list, `"username":"person-`) != 2 || !strings.Contains(list, "behind the unknown") {
				t.Errorf("the list: %s", list)
			}
		})
	}
}
