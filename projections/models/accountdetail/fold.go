// Package accountdetail tells what one account is, every fact with who, when and why;
// now, as of a moment, or step by step.
package accountdetail

import (
	"slices"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountfacts"
)

// Table is the name of the read model.
const Table = "account_detail_v1"

// Row is one account with the story of each fact. The By columns hold account ids, or the
// name of the part of the program that acted.
type Row struct {
	accountfacts.Facts
	accountfacts.Contact
	PasswordChangeRequired bool      `db:"password_change_required"`
	PasswordSetAt          time.Time `db:"password_set_at"`
	PasswordSetBy          string    `db:"password_set_by"`
	CodeTriesLeft          int64     `db:"code_tries_left"` // of the letter's code; -1 where no code was sent
	CreatedBy              string    `db:"created_by"`
	ActivationSentBy       string    `db:"activation_sent_by"`
	accountfacts.StopMarks
	ValiditySetAt time.Time `db:"validity_set_at"`
	ValiditySetBy string    `db:"validity_set_by"`
	APIKeys       []string  `db:"api_keys"` // "keyId prefix name" of the usable ones
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, accountfacts.ShieldIndex)
	accountfacts.Register(t, func(row *Row) *accountfacts.Facts { return &row.Facts })
	accountfacts.RegisterContact(t, func(row *Row) (*accountfacts.Facts, *accountfacts.Contact) { return &row.Facts, &row.Contact })
	accountfacts.RegisterStopMarks(t, func(row *Row) (*accountfacts.Facts, *accountfacts.StopMarks) { return &row.Facts, &row.StopMarks })
	on(t, created)
	on(t, activationSent)
	on(t, codeRejected)
	on(t, passwordSet)
	on(t, passwordChosen)
	on(t, passwordChanged)
	on(t, passwordChangeRequired)
	on(t, validitySet)
	on(t, validityCleared)
	on(t, keyIssued)
	on(t, keyRevoked)
	return t
}

// on folds what only the detail shows, and notes the change as the facts do.
func on[E any](t *machinery.Table[Row], fold func(Row, E, eventstore.Record) Row) {
	machinery.On(t, machinery.ByAccount, func(row Row, e E, r eventstore.Record) Row {
		row = fold(row, e, r)
		row.Touch(r)
		return row
	})
}

func created(row Row, e account.Created, r eventstore.Record) Row {
	row.CreatedBy, row.CodeTriesLeft = r.Envelope.Actor.ID, -1
	if e.ValidUntil != "" {
		row.ValiditySetAt, row.ValiditySetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	}
	return row
}

func activationSent(row Row, e account.ActivationSent, r eventstore.Record) Row {
	row.ActivationSentBy, row.CodeTriesLeft = r.Envelope.Actor.ID, -1
	if e.CodeCredentialID != "" {
		row.CodeTriesLeft = account.CodeTries
	}
	return row
}

func codeRejected(row Row, e account.ActivationCodeRejected, _ eventstore.Record) Row {
	row.CodeTriesLeft = int64(e.TriesLeft)
	return row
}

func passwordSet(row Row, _ account.PasswordSetByAdmin, r eventstore.Record) Row {
	row.PasswordSetAt, row.PasswordSetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	return row
}

func passwordChosen(row Row, _ account.PasswordChosen, r eventstore.Record) Row {
	row.PasswordSetAt, row.PasswordSetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	return row
}

func passwordChanged(row Row, _ account.PasswordChanged, r eventstore.Record) Row {
	row.PasswordSetAt, row.PasswordSetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	row.PasswordChangeRequired = false
	return row
}

func passwordChangeRequired(row Row, _ account.PasswordChangeRequired, _ eventstore.Record) Row {
	row.PasswordChangeRequired = true
	return row
}

func validitySet(row Row, _ account.ValiditySet, r eventstore.Record) Row {
	row.ValiditySetAt, row.ValiditySetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	return row
}

func validityCleared(row Row, _ account.ValidityCleared, r eventstore.Record) Row {
	row.ValiditySetAt, row.ValiditySetBy = r.Envelope.OccurredAt, r.Envelope.Actor.ID
	return row
}

func keyIssued(row Row, e account.APIKeyIssued, _ eventstore.Record) Row {
	row.APIKeys = append(slices.Clone(row.APIKeys), e.KeyID+" "+e.Prefix+" "+e.Name)
	return row
}

func keyRevoked(row Row, e account.APIKeyRevoked, _ eventstore.Record) Row {
	row.APIKeys = slices.DeleteFunc(slices.Clone(row.APIKeys), func(key string) bool { return key[:len(e.KeyID)] == e.KeyID })
	if len(row.APIKeys) == 0 {
		row.APIKeys = nil // as it reads from a table
	}
	return row
}
