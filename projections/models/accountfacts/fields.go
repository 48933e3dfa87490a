package accountfacts

import (
	"slices"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// The groups in which the detail of an account shows its facts.
const (
	Access     listing.Group = "access"
	Person     listing.Group = "person"
	Activation listing.Group = "activation"
	Rights     listing.Group = "rights"
)

// Groups returns the groups in the order in which they are shown.
func Groups() []listing.Group { return []listing.Group{Access, Person, Activation, Rights} }

// Fields are the facts as everything shows them that ranges over an account: the list, its
// filters, orders and CSV, the detail, a past state, a comparison. The detail adds its own.
var Fields = slices.Concat([]listing.Field[Facts]{
	listing.Of(listing.ID, "id", func(f *Facts) *string { return &f.ID }),
	listing.Of(listing.ID, "organizationId", func(f *Facts) *string { return &f.OrganizationID }),
	listing.Of(listing.Text, "username", func(f *Facts) *string { return &f.Username }).In(Person, 5).
		SortedBy("sort_username", func(f *Facts) string { return typed.SortKey(f.Username) }),
}, listing.Lift(holderFields, func(f *Facts) *Holder { return &f.Holder }), []listing.Field[Facts]{
	listing.Of(listing.OneOf, "role", func(f *Facts) *string { return &f.Role }).From(domain.Values(account.Roles())).In(Person, 6).
		Filtered(listing.ByOneOf("role", "role", domain.Values(account.Roles()))),
	listing.Computed(listing.OneOf, "activation", func(f *Facts, now time.Time) string { return f.ActivationAt(now) }).From(domain.Values(account.ActivationStatuses())).
		In(Activation, 1).Filtered(listing.ByRule("activation", account.ActivationStatuses(), activationIs)),
	listing.Of(listing.Text, "activationChannel", func(f *Facts) *string { return &f.ActivationChannel }).In(Activation, 2).
		Filtered(listing.ByOneOf("activationChannel", "activation_channel", domain.Values(account.Channels()))),
	listing.Of(listing.Moment, "activationSentAt", func(f *Facts) *time.Time { return &f.ActivationSentAt }).
		In(Activation, 3, "activationSentBy").Sorted("activation_sent_at"),
	listing.Of(listing.Number, "activationSentCount", func(f *Facts) *int64 { return &f.ActivationSentCount }).In(Activation, 4),
	listing.Of(listing.Moment, "activationExpiresAt", func(f *Facts) *time.Time { return &f.ActivationExpiresAt }).In(Activation, 5),
	listing.Of(listing.Moment, "activatedAt", func(f *Facts) *time.Time { return &f.ActivatedAt }).In(Activation, 6).Sorted("activated_at"),
}, listing.Lift(stoppedFields, func(f *Facts) *Stopped { return &f.Stopped }), []listing.Field[Facts]{
	listing.Computed(listing.Flag, "locked", func(*Facts, time.Time) bool { return false }), // no rule locks an account yet
	listing.Computed(listing.Flag, "expired", func(f *Facts, now time.Time) bool { return f.Over(now) }).In(Access, 6).
		Filtered(listing.ByEither("expired", over, notOver)),
	listing.Of(listing.Day, "validUntil", func(f *Facts) *string { return &f.ValidUntil }).In(Access, 5, "validitySetAt", "validitySetBy").
		SortedBy("ends_at", func(f *Facts) string { return machinery.TimeText(f.EndsAt) }).
		Filtered(listing.BeforeDay("validUntilBefore", "valid_until", "ends_at").Says("Has an end date before. A date is compared with the end date itself.")),
	closedField,
	listing.Computed(listing.Flag, "canLogIn", func(f *Facts, now time.Time) bool { return f.CanLogIn(now) }).In(Access, 2).
		Filtered(listing.ByEither("canLogIn", badgeIs[account.BadgeActive], badgeIs[account.BadgeActive].Not())),
	listing.Computed(listing.OneOf, "badge", func(f *Facts, now time.Time) string { return f.Badge(now) }).From(domain.Values(account.Badges())).In(Access, 1).
		Filtered(listing.ByRule("badge", account.Badges(), badgeIs)),
	listing.Of(listing.IDs, "licenses", func(f *Facts) *[]string { return &f.Licenses }).In(Rights, 1).
		Filtered(listing.ByMember("license", "licenses").Says("Holds a grant of it.")),
	listing.Of(listing.IDs, "roleGroups", func(f *Facts) *[]string { return &f.Roles }).In(Rights, 3).
		Filtered(listing.ByMember("roleGroup", "roles").Says("Has it.")),
	listing.Computed(listing.Flag, "withoutRoles", func(f *Facts, _ time.Time) bool { return len(f.Roles) == 0 }).Says("Has no role group.").Kept().
		Filtered(listing.ByEither("withoutRoles", machinery.Equals("roles", "[]"), machinery.Equals("roles", "[]").Not())),
	listing.Of(listing.Moment, "createdAt", func(f *Facts) *time.Time { return &f.CreatedAt }).In(Person, 14, "createdBy").Sorted("created_at").
		Filtered(listing.After("createdAfter", "created_at"), listing.Before("createdBefore", "created_at")),
	listing.Of(listing.Moment, "changedAt", func(f *Facts) *time.Time { return &f.ChangedAt }).Kept().Sorted("changed_at"),
	listing.Of(listing.Number, "revision", func(f *Facts) *int64 { return &f.Revision }).Kept(),
})

// FieldsOf returns the fields for a row that has the facts, and the name of the organization.
func FieldsOf[Row any](facts func(*Row) *Facts, organizationName func(*Row) *string) []listing.Field[Row] {
	return slices.Insert(listing.Lift(Fields, facts), 2,
		listing.Of(listing.Text, "organizationName", organizationName).In(Person, 7))
}
