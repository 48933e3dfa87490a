package rolegrouplist

import (
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Changes is the name of the read model of who got and lost a role group: the events stand on the
// streams of the accounts, and the history of a group tells them too.
const Changes = "role_group_changes_v1"

// Change is one such event, by its place in the log.
type Change struct {
	Position    int64  `db:"position,key"`
	RoleGroupID string `db:"role_group_id"`
}

// NewChanges returns the projection.
func NewChanges() *machinery.Table[Change] {
	t := machinery.NewTable[Change](Changes, `
		CREATE INDEX {index}_group ON {table} (role_group_id, position);`)
	machinery.On(t, machinery.ByPosition, func(row Change, e account.RoleAssigned, _ eventstore.Record) Change {
		row.RoleGroupID = e.RoleGroupID
		return row
	})
	machinery.On(t, machinery.ByPosition, func(row Change, e account.RoleRevoked, _ eventstore.Record) Change {
		row.RoleGroupID = e.RoleGroupID
		return row
	})
	return t
}
