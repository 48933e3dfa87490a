// Package accountfacts folds what an account is at this moment: the independent facts of
// spec/model.md 1.2, never merged into one status. The list and the detail embed it, so
// that both tell the same.
package accountfacts

import (
	"slices"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Facts are the columns that list and detail share. Times are UTC; the zero time is "not".
type Facts struct {
	ID             string `db:"id,key"`
	OrganizationID string `db:"organization_id"`
	Username       string `db:"username"`
	Holder
	Role                string    `db:"role"`
	Activation          string    `db:"activation"` // an account.ActivationStatus as it was recorded; ActivationAt knows the clock, too
	ActivationChannel   string    `db:"activation_channel"`
	ActivationSentAt    time.Time `db:"activation_sent_at"`
	ActivationSentCount int64     `db:"activation_sent_count"`
	ActivationExpiresAt time.Time `db:"activation_expires_at"`
	ActivatedAt         time.Time `db:"activated_at"`
	Stopped
	ExpiredAt   time.Time `db:"expired_at"` // when the clock recorded that the end date had passed
	ValidUntil  string    `db:"valid_until"`
	EndsAt      time.Time `db:"ends_at"`
	MailToAdmin bool      `db:"mail_to_admin"`
	Licenses    []string  `db:"licenses"` // ids of the licenses granted, in the order of granting
	Roles       []string  `db:"roles"`    // ids of the role groups, in the order of assigning
	CreatedAt   time.Time `db:"created_at"`
	ChangedAt   time.Time `db:"changed_at"`
	Revision    int64     `db:"revision"` // of the account's own stream: its ETag
}

// Standing returns what decides whether the account may be used; the rules are the domain's.
func (f Facts) Standing() account.Standing {
	return account.Standing{
		Stops: account.Stops(f.Stops), EndsAt: f.EndsAt,
		Activation: account.ActivationStatus(f.Activation), ActivationExpiresAt: f.ActivationExpiresAt,
	}
}

// ActivationAt returns what became of the activation by this moment.
func (f Facts) ActivationAt(now time.Time) string { return string(f.Standing().ActivationAt(now)) }

// Over says whether the end date has passed by this moment.
func (f Facts) Over(now time.Time) bool { return f.Standing().Over(now) }

// CanLogIn says whether the account may be used at this moment.
func (f Facts) CanLogIn(now time.Time) bool { return f.Standing().CanLogIn(now) }

// Badge returns the strongest reason why the account cannot be used, or the active badge.
func (f Facts) Badge(now time.Time) string { return string(f.Standing().Badge(now)) }

// Register folds every event that changes a fact into the row's Facts.
func Register[Row any](t *machinery.Table[Row], facts func(*Row) *Facts) {
	machinery.Begins[account.Created](t)
	on(t, facts, created)
	registerHolder(t, facts)
	onAt(t, facts, activationSent)
	on(t, facts, func(f *Facts, _ account.ActivationSuperseded) { f.Activation = string(account.StatusNotSent) })
	on(t, facts, func(f *Facts, _ account.ActivationExpired) { f.Activation = string(account.StatusExpired) })
	onAt(t, facts, func(f *Facts, _ account.Activated, at time.Time) {
		f.Activation, f.ActivatedAt = string(account.StatusCompleted), at
	})
	registerStopped(t, facts)
	on(t, facts, func(f *Facts, _ account.MailRedirected) { f.MailToAdmin = true })
	on(t, facts, func(f *Facts, _ account.MailRedirectEnded) { f.MailToAdmin = false })
	on(t, facts, func(f *Facts, e account.ValiditySet) {
		f.ValidUntil, f.EndsAt, f.ExpiredAt = e.ValidUntil, e.EndsAt, time.Time{}
	})
	on(t, facts, func(f *Facts, _ account.ValidityCleared) {
		f.ValidUntil, f.EndsAt, f.ExpiredAt = "", time.Time{}, time.Time{}
	})
	onAt(t, facts, func(f *Facts, _ account.Expired, at time.Time) { f.ExpiredAt = at })
	on(t, facts, func(f *Facts, e account.UsernameChanged) { f.Username = e.Username })
	on(t, facts, func(f *Facts, _ organization.AdminAppointed) {
		f.Role = turned(f.Role, account.RoleUser, account.RoleAdmin)
	})
	on(t, facts, func(f *Facts, _ organization.AdminDismissed) {
		f.Role = turned(f.Role, account.RoleAdmin, account.RoleUser)
	})
	on(t, facts, func(f *Facts, e account.RoleAssigned) { f.Roles = append(slices.Clone(f.Roles), e.RoleGroupID) })
	on(t, facts, func(f *Facts, e account.RoleRevoked) {
		f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(id string) bool { return id == e.RoleGroupID })
		if len(f.Roles) == 0 {
			f.Roles = nil // as it reads from a table
		}
	})
	machinery.On(t, machinery.ByAccount, func(row Row, _ license.Revoked, r eventstore.Record) Row {
		f := facts(&row)
		f.Touch(r)
		f.Licenses = slices.DeleteFunc(slices.Clone(f.Licenses), func(id string) bool { return id == r.AggregateID() })
		if len(f.Licenses) == 0 {
			f.Licenses = nil // as it reads from a table
		}
		return row
	})
	machinery.On(t, machinery.ByAccount, func(row Row, _ license.Granted, r eventstore.Record) Row {
		f := facts(&row)
		f.Touch(r)
		if !slices.Contains(f.Licenses, r.AggregateID()) {
			f.Licenses = append(slices.Clone(f.Licenses), r.AggregateID())
		}
		return row
	})
}

// turned returns the role after an appointment or its end; the provider's own staff keep
// theirs, whatever organization they also administer.
func turned(role string, from, to account.Role) string {
	if role == string(from) {
		return string(to)
	}
	return role
}

func created(f *Facts, e account.Created) {
	f.OrganizationID, f.Username, f.Role = e.OrganizationID, e.Username, string(e.Role)
	f.Activation, f.ActivationChannel = string(account.StatusNotSent), string(e.Channel)
	f.ValidUntil, f.EndsAt, f.MailToAdmin = e.ValidUntil, e.EndsAt, e.MailToAdmin
}

func activationSent(f *Facts, e account.ActivationSent, at time.Time) {
	f.Activation, f.ActivationSentAt, f.ActivationSentCount = string(account.StatusSent), at, int64(e.Attempt)
	f.ActivationExpiresAt = e.ExpiresAt
}

func on[Row, E any](t *machinery.Table[Row], facts func(*Row) *Facts, fold func(*Facts, E)) {
	onAt(t, facts, func(f *Facts, e E, _ time.Time) { fold(f, e) })
}

func onAt[Row, E any](t *machinery.Table[Row], facts func(*Row) *Facts, fold func(*Facts, E, time.Time)) {
	machinery.On(t, machinery.ByAccount, func(row Row, e E, r eventstore.Record) Row {
		f := facts(&row)
		fold(f, e, r.Envelope.OccurredAt)
		f.Touch(r)
		return row
	})
}

// Touch notes that the account changed. Only its own stream moves the ETag: what happens to
// it elsewhere (a license granted, an appointment) does not stale a form about it.
func (f *Facts) Touch(r eventstore.Record) {
	f.ChangedAt = r.Envelope.OccurredAt
	if r.Stream != eventstore.AccountSubject(f.ID) {
		return
	}
	f.Revision = r.Revision
	if r.Revision == 0 {
		f.CreatedAt = r.Envelope.OccurredAt
	}
}
