// Package rolegrouplist is the read model of the role groups: which permissions each gives, and to
// how many.
package rolegrouplist

import (
	"slices"
	"strings"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "role_group_list_v1"

// Row is one role group.
type Row struct {
	ID             string    `db:"id,key"`
	OrganizationID string    `db:"organization_id"`
	Name           string    `db:"name"`
	SortName       string    `db:"sort_name"`
	Search         string    `db:"search,search"`
	Archived       bool      `db:"archived"`
	Permissions    []string  `db:"permissions"` // in the order of the domain
	Described      []string  `db:"described"`   // a permission, a space, and what the organization says it means
	Members        int64     `db:"members"`
	CreatedAt      time.Time `db:"created_at"`
	ChangedAt      time.Time `db:"changed_at"`
	Revision       int64     `db:"revision"` // of its own stream: its ETag
}

// State returns what the rules of the domain need of the group.
func (r Row) State() rolegroup.State {
	s := rolegroup.State{Exists: true, Archived: r.Archived, OrganizationID: r.OrganizationID, Name: r.Name}
	for _, p := range r.Permissions {
		s.Permissions = s.Permissions.With(p)
	}
	return s
}

// Description returns what the organization says that a permission means; empty if it says nothing.
func (r Row) Description(p rolegroup.Permission) string {
	for _, each := range r.Described {
		if of, text, _ := strings.Cut(each, " "); of == string(p) {
			return text
		}
	}
	return ""
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_name ON {table} (sort_name, id);
		CREATE INDEX {index}_created ON {table} (created_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);`)
	machinery.Begins[rolegroup.Created](t)
	on(t, func(row Row, e rolegroup.Created) Row {
		row.OrganizationID = e.OrganizationID
		return named(row, e.Name)
	})
	on(t, func(row Row, e rolegroup.Renamed) Row { return named(row, e.Name) })
	on(t, func(row Row, _ rolegroup.Archived) Row { row.Archived = true; return row })
	on(t, func(row Row, e rolegroup.PermissionGranted) Row {
		return permitting(row, append(slices.Clone(row.Permissions), string(e.Permission)))
	})
	on(t, func(row Row, e rolegroup.PermissionWithdrawn) Row {
		return permitting(row, without(row.Permissions, string(e.Permission)))
	})
	on(t, described)
	machinery.OnKeyed(t, func(e account.RoleAssigned, _ eventstore.Record) string { return e.RoleGroupID },
		func(row Row, _ account.RoleAssigned, _ eventstore.Record) Row { row.Members++; return row })
	machinery.OnKeyed(t, func(e account.RoleRevoked, _ eventstore.Record) string { return e.RoleGroupID },
		func(row Row, _ account.RoleRevoked, _ eventstore.Record) Row { row.Members--; return row })
	return t
}

func on[E any](t *machinery.Table[Row], fold func(Row, E) Row) {
	machinery.On(t, machinery.ByStream, func(row Row, e E, r eventstore.Record) Row {
		row = fold(row, e)
		row.ChangedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		if r.Revision == 0 {
			row.CreatedAt = r.Envelope.OccurredAt
		}
		return row
	})
}

func named(row Row, name string) Row {
	row.Name, row.SortName = name, typed.SortKey(name)
	row.Search = typed.Searched(name)
	return row
}

var order = domain.Values(rolegroup.Permissions())

func permitting(row Row, permissions []string) Row {
	slices.SortFunc(permissions, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	row.Permissions = permissions
	return row
}

func described(row Row, e rolegroup.PermissionDescribed) Row {
	row.Described = slices.DeleteFunc(slices.Clone(row.Described), func(each string) bool {
		return strings.HasPrefix(each, string(e.Permission)+" ")
	})
	if e.Description != "" {
		row.Described = append(row.Described, string(e.Permission)+" "+e.Description)
	}
	if len(row.Described) == 0 {
		row.Described = nil // as an empty list reads from a table
	}
	return row
}

func without(list []string, gone string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(each string) bool { return each == gone })
	if len(list) == 0 {
		return nil // as an empty list reads from a table
	}
	return list
}
