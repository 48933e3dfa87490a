package vault_test

import (
	"testing"

	"sleutelbos/eventstore/vault"
)

func TestAskers(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		var last vault.SealedAsker
		var lastSaid string
		known := func(wantData, wantBeside string) {
			t.Helper()
			sealed, ok, err := v.FindAsker(ctx, "account-1")
			must(t, err)
			var data, beside []byte
			if ok {
				again, _, err := v.FindAsker(ctx, "account-1")
				must(t, err)
				same(t, []bool{sealed.Equal(again), sealed.Equal(last)}, []bool{true, wantData+wantBeside == lastSaid})
				last, lastSaid = sealed, wantData+wantBeside
				data, beside, ok = v.OpenAsker(sealed)
			}
			same(t, []any{string(data), string(beside), ok}, []any{wantData, wantBeside, wantData != ""})
		}
		keep := func(stream string, revision int64, data string) {
			t.Helper()
			must(t, v.KeepAsker(ctx, vault.Asker{Stream: stream, Revision: revision, Data: []byte(data)}))
		}
		keep("account-1", 1, "nobody expects it")
		known("", "")
		must(t, v.ExpectAsker(ctx, "account-1", "organization-1"))
		known("", "")
		keep("account-1", 2, "two")
		known("", "") // what is beside is not known yet
		keep("organization-1", 0, "zero")
		known("two", "zero")
		must(t, v.ExpectAsker(ctx, "account-1", "organization-1"))
		known("two", "zero")
		keep("account-1", 1, "one, told late")
		known("two", "zero")
		keep("account-1", 2, "two, by another version")
		known("two, by another version", "zero")
		keep("account-1", 3, "three")
		known("three", "zero")

		revision, ok, err := v.AskerRevision(ctx, "account-1")
		same(t, []any{revision, ok, err}, []any{int64(3), true, error(nil)})
		must(t, v.RemoveAccount(ctx, "1"))
		known("", "")
		keep("account-1", 4, "four")
		known("", "")
	})
}
