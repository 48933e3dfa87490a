package vault_test

import (
	"testing"

	"sleutelbos/eventstore/vault"
)

// TestF57_AFrozenTransaction: PostgreSQL ends the transaction of a process that stands still, or whose
// network is cut, and other processes go on.
func TestF57_AFrozenTransaction(t *testing.T) {
	v, err := vault.OpenPostgres(t.Context(), freshDatabase(t), master, vault.Options{})
	must(t, err)
	defer func() { must(t, v.Close()) }()
	same(t, vault.Setting(t, v, "idle_in_transaction_session_timeout"), "10s")
}
