package organizationlist

import (
	"context"

	"sleutelbos/domain/organization"
	"sleutelbos/projections/machinery"
)

// Sender is what the organization's letters say of their sender.
type Sender struct {
	SenderName          string `db:"sender_name"`
	SenderDepartment    string `db:"sender_department"`
	SenderStreet        string `db:"sender_street"`
	SenderPostcode      string `db:"sender_postcode"`
	SenderCity          string `db:"sender_city"`
	SenderPostalCountry string `db:"sender_country"`
	SenderPhone         string `db:"sender_phone"`
	SenderEmail         string `db:"sender_email"`
}

func letterSenderChanged(row Row, e organization.LetterSenderChanged) Row {
	s := e.Sender
	row.Sender = Sender{s.Name, s.Department, s.Street, s.Postcode, s.City, s.PostalCountry, s.Phone, s.Email}
	return row
}

// Senders returns the senders of the letters of organizations, by the ids of these. There is none for
// an organization that is not visible yet.
func Senders(ctx context.Context, db machinery.Reader, ids ...string) (map[string]Sender, error) {
	type sending struct {
		ID string `db:"id"`
		Sender
	}
	rows, err := machinery.Select[sending](ctx, db, `SELECT id, sender_name, sender_department, sender_street, sender_postcode, sender_city,
		sender_country, sender_phone, sender_email FROM `+Table+` WHERE `+db.InList("id", "$1"), ids)
	senders := make(map[string]Sender, len(rows))
	for _, row := range rows {
		senders[row.ID] = row.Sender
	}
	return senders, err
}
