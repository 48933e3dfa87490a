package accountlist

import (
	"context"

	"sleutelbos/projections/machinery"
)

var columns = New().Columns()

// ByID returns the accounts with these ids, by id, of an organization (empty: of all).
func ByID(ctx context.Context, db machinery.Reader, organization string, ids []string) (map[string]Row, error) {
	rows, err := machinery.Select[Row](ctx, db, `SELECT `+columns+` FROM `+Table+
		` WHERE `+db.InList("id", "$1")+` AND ($2 = '' OR organization_id = $2)`, append([]string{}, ids...), organization)
	found := make(map[string]Row, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}
