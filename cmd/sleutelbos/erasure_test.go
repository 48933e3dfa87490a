package main

import (
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

// A destroyed key erases one person from every copy of the log: the history still verifies,
// replays and reads "[erased]", and nobody else's is touched.
func TestDestroyedKey(t *testing.T) {
	t.Parallel()
	for engine, database := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			r := start(t, app.Places{Data: t.TempDir(), Database: database(t)})
			organization := r.organization(1)
			const gone, stays = "Verdwijnster", "Blijfster"
			for n, name := range []string{gone, stays} {
				in := newAccount(organization, 2, n)
				in["username"], in["name"], in["phone"] = strings.ToLower(name)+"@example.nl", name+" de Vries", "+31 6 12345678"
				r.run("CreateAccount", in)
				r.run("SendActivation", body{"accountId": id(2, n)})
				r.run("BlockAccount", body{"accountId": id(2, n), "reason": name + " deed het"})
				r.run("ChangeDetails", body{
					"accountId": id(2, n), "name": name + " Jansen",
					"street": name + "straat 1", "postcode": name[:9], "city": name + "dorp", "postalCountry": "LU",
				})
			}
			r.settle()
			views := func(n int) (all []string) {
				for _, path := range []string{"", "/history", "/as-of?revision=2", "/as-of?revision=3", "/replay", "/compare?from=0&to=3"} {
					all = append(all, r.fresh("/accounts/"+id(2, n)+path))
				}
				return all
			}
			before, other := views(0), views(1)
			if text := strings.ToLower(strings.Join(before, "")); !strings.Contains(text, strings.ToLower(gone)) || strings.Contains(text, eventstore.Erased) {
				t.Fatalf("before it was erased: %s", text)
			}

			must(t, r.Vault.DestroyKey(t.Context(), eventstore.AccountSubject(id(2, 0)), time.Now()))
			for _, name := range r.Runner.Names() {
				must(t, r.Runner.Rebuild(t.Context(), name, nil))
			}
			after := views(0)
			for i, text := range after {
				if strings.Contains(strings.ToLower(text), strings.ToLower(gone)) || !strings.Contains(text, eventstore.Erased) {
					t.Errorf("what was %s now is %s", before[i], text)
				}
			}
			for _, kept := range []string{`"blocked":true`, `"account.blocked.v1"`, `"revision":3`} {
				if !strings.Contains(strings.Join(after, ""), kept) {
					t.Errorf("that it happened is gone: no %s in %s", kept, after)
				}
			}
			same(t, views(1), other)
			r.verified()
			for _, table := range []string{"account_list_v1", "account_detail_v1"} {
				name, err := machinery.Get[string](t.Context(), r.Rows, "SELECT name FROM "+table+" WHERE id = $1", id(2, 0))
				must(t, err)
				same(t, name, eventstore.Erased)
			}
			for _, column := range []string{"street", "postcode", "city", "postal_country"} {
				kept, err := machinery.Get[string](t.Context(), r.Rows, "SELECT "+column+" FROM account_list_v1 WHERE id = $1", id(2, 0))
				must(t, err)
				same(t, kept, eventstore.Erased)
			}
			search, err := machinery.Get[string](t.Context(), r.Rows, "SELECT search FROM account_list_v1 WHERE id = $1", id(2, 0))
			must(t, err)
			same(t, strings.Contains(strings.ToLower(search), strings.ToLower(gone)), false)
			report, err := audit.Verify(t.Context(), r.Journal.Store, audit.Options{Keys: []string{r.Sealer.Key.Public}, Dir: r.Stores.Places.Data})
			must(t, err)
			same(t, report.Problems, []audit.Problem(nil))

			// The account goes on as one without a name; a restart finds it so.
			r.run("UnblockAccount", body{"accountId": id(2, 0)})
			r.settle()
			r.verified()
		})
	}
}
