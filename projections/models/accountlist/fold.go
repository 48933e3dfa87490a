// Package accountlist lists the accounts: every column, filter and order of
// the list of accounts.
package accountlist

import (
	"strings"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountfacts"
)

// Table is the name of the read model.
const Table = "account_list_v1"

// Row is one account.
type Row struct {
	accountfacts.Facts
	SortName     string `db:"sort_name"`
	SortUsername string `db:"sort_username"`
	// UsernameDomain is the mail domain of a username that is an address; nobody is shown it.
	UsernameDomain string `db:"username_domain"`
	Search         string `db:"search,search"` // a line for each part, see found
	// SearchOpen is what is searched of a shielded account from whoever does not see its contact data.
	SearchOpen string `db:"search_open"`
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, strings.ReplaceAll(schema, "{stops}", accountfacts.StopColumns())+accountfacts.ShieldIndex).FoundBy("sort_name", "organization_id", Model.Facts()...)
	accountfacts.Register(t, func(row *Row) *accountfacts.Facts { return &row.Facts })
	machinery.On(t, machinery.ByAccount, func(row Row, e account.Created, _ eventstore.Record) Row {
		return found(sorted(row), map[int]string{email: typed.Fold(e.Email, typed.ShownMail(e.Email)), phone: typed.FoldPhone(e.Phone, e.PhoneNumber)})
	})
	searched(t, func(row Row, _ account.NameChanged) Row { return sorted(row) })
	searched(t, func(row Row, _ account.NamePartsSet) Row { return sorted(row) })
	searched(t, func(row Row, _ account.UsernameChanged) Row { return sorted(row) })
	searched(t, func(row Row, e account.NicknameSet) Row {
		return found(row, map[int]string{nickname: typed.Searched(e.Nickname)})
	})
	searched(t, func(row Row, e account.EmailChanged) Row {
		return found(row, map[int]string{email: typed.Fold(e.Email, typed.ShownMail(e.Email))})
	})
	searched(t, func(row Row, e account.PhoneChanged) Row {
		return found(row, map[int]string{phone: typed.FoldPhone(e.Phone, e.PhoneNumber)})
	})
	searched(t, func(row Row, e account.PostalAddressChanged) Row {
		return found(row, map[int]string{address: typed.Searched(e.Street, e.Postcode, e.City)})
	})
	searched(t, func(row Row, _ account.Shielded) Row { return found(row, nil) })
	searched(t, func(row Row, _ account.Unshielded) Row { return found(row, nil) })
	return t
}

// schema has an index for every order, led by nothing but the column, since a reader of
// one organization and one of all use the same lists; and one that holds all that is
// filtered by, so that counting reads it and not the rows. Few accounts are blocked or wait for
// their activation: the rest pay nothing for the two of these. The last one
// finds the names in a domain that are not those of its own organization.
const schema = `
CREATE INDEX {index}_name ON {table} (sort_name, id);
CREATE INDEX {index}_username ON {table} (sort_username, id);
CREATE INDEX {index}_created ON {table} (created_at, id);
CREATE INDEX {index}_changed ON {table} (changed_at, id);
CREATE INDEX {index}_sent ON {table} (activation_sent_at, id);
CREATE INDEX {index}_activated ON {table} (activated_at, id);
CREATE INDEX {index}_ends ON {table} (ends_at, id);
CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);
CREATE INDEX {index}_facts ON {table} ({stops}, activation, activation_expires_at, ends_at, role, organization_id);
CREATE INDEX {index}_blocked ON {table} (created_at, id) WHERE blocked = TRUE;
CREATE INDEX {index}_due ON {table} (activation_expires_at) WHERE activation = 'sent';
CREATE INDEX {index}_domain ON {table} (username_domain, organization_id) WHERE username_domain <> '';
`

// searched follows the facts (its step comes after theirs) with what is sorted and searched.
func searched[E any](t *machinery.Table[Row], fold func(Row, E) Row) {
	machinery.On(t, machinery.ByAccount, func(row Row, e E, _ eventstore.Record) Row { return fold(row, e) })
}

func sorted(row Row) Row {
	row.SortName, row.SortUsername, row.UsernameDomain = typed.SortKey(row.ListedName), typed.SortKey(row.Username), organization.DomainOf(row.Username)
	names := []string{row.Name}
	if parts := row.Parts().String(); parts != "" && parts != row.Name { // the whole was said beside them
		names = append(names, parts)
	}
	return found(row, map[int]string{name: typed.Searched(names...), username: typed.Fold(row.Username)})
}

// The parts of what is searched of an account. Whoever sees the account sees the first two.
const (
	name = iota
	username
	nickname
	email
	phone
	address
	parts
)

// found puts parts, each folded, at their places in what is searched. A search is for words, and
// no word holds a line feed.
func found(row Row, placed map[int]string) Row {
	lines := strings.Split(row.Search, "\n")
	lines = append(lines, make([]string, parts-len(lines))...)
	for place, text := range placed {
		lines[place] = text
	}
	row.Search, row.SearchOpen = strings.Join(lines, "\n"), ""
	if row.Internal {
		row.SearchOpen = strings.Join(lines[:nickname], "\n")
	}
	return row
}
