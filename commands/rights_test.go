package commands_test

import (
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
)

// TestMatrix declares the whole matrix once more, so that no right is widened by a slip (BIO2 5.03).
func TestMatrix(t *testing.T) {
	const none, self, org, all = rights.ScopeNone, rights.ScopeSelf, rights.ScopeOrganization, rights.ScopeAll
	askers := []rights.Principal{
		{Role: rights.RolePlatform, Organization: rights.PlatformOrganization},
		{Role: rights.RoleAdmin, Organization: id(1)},
		{Role: rights.RoleCompliance, Organization: id(1)},
		{Role: rights.RoleCompliance, Organization: rights.PlatformOrganization},
		{Role: rights.RoleService, Organization: id(1)},
		{Role: rights.RoleUser, Organization: id(1)},
		rights.Stranger,
		{Role: rights.RoleAdmin, Organization: id(1), PasswordChangeRequired: true},
		{Role: "helpdesk", Organization: id(1)}, // unknown
	}
	for right, want := range map[rights.Right][]rights.Scope{
		rights.ManageOrganizations: {all, none, none, none, none, none, none, none, none},
		rights.ManageDomains:       {all, none, none, none, none, none, none, none, none},
		rights.ManageAdmins:        {all, org, none, none, none, none, none, none, none},
		rights.ManageAccounts:      {all, org, none, none, org, none, none, none, none},
		rights.ManageAPIKeys:       {all, org, none, none, none, none, none, none, none},
		rights.ManageLicenses:      {all, org, none, none, none, none, none, none, none},
		rights.ApproveCompanyWide:  {all, none, none, none, none, none, none, none, none},
		rights.DecideRequests:      {all, org, none, none, none, none, none, none, none},
		rights.RequestLicenses:     {all, org, none, none, none, self, none, none, none},
		rights.ManageRegions:       {all, org, none, none, none, none, none, none, none},
		rights.ManageRoles:         {all, org, none, none, none, none, none, none, none},
		rights.ManagePersons:       {all, org, none, none, org, none, none, none, none},
		rights.ManageLetters:       {all, org, none, none, none, none, none, none, none},
		rights.ManageTemplates:     {all, org, none, none, none, none, none, none, none},
		rights.OwnAccount:          {self, self, self, self, self, self, none, self, none},
		rights.ReadAccounts:        {all, org, org, all, org, self, none, none, none},
		rights.ReadPersons:         {all, org, org, all, org, none, none, none, none},
		rights.ReadLicenses:        {all, org, org, all, org, org, none, none, none},
		rights.ReadRequests:        {all, org, org, all, org, self, none, none, none},
		rights.ReadRegions:         {all, org, org, all, none, self, none, none, none},
		rights.ReadRoles:           {all, org, org, all, org, none, none, none, none},
		rights.ReadOrganizations:   {all, org, org, all, org, org, none, none, none},
		rights.ReadHistory:         {all, org, org, all, org, self, none, none, none},
		rights.ReadAudit:           {all, org, org, all, none, none, none, none, none},
		rights.ReadLetters:         {all, org, org, all, none, none, none, none, none},
		rights.ReadMessages:        {all, org, org, all, none, none, none, none, none},
		rights.ReadEvents:          {all, org, org, all, org, none, none, none, none},
		rights.ReadProjections:     {all, none, org, all, none, none, none, none, none},
		rights.RebuildProjections:  {all, none, none, none, none, none, none, none, none},
		rights.PassOverEvents:      {all, none, none, none, none, none, none, none, none},
		rights.ReadDecider:         {all, org, org, all, none, none, none, none, none},
		rights.ManageShields:       {all, org, none, none, none, none, none, none, none},
		rights.ReadShielded:        {all, org, self, self, self, self, none, none, none},
		"Unheard":                  {none, none, none, none, none, none, none, none, none},
	} {
		for i, asker := range askers {
			if got := asker.May(right); got != want[i] {
				t.Errorf("%s of %s (%d): got %d, want %d", right, asker.Role, i, got, want[i])
			}
		}
	}
}

// TestReach holds AMB-K4.
func TestReach(t *testing.T) {
	h := newHouse(t)
	mine, theirs := h.organization(1, "klic"), h.organization(2, "klic")
	admin, other := h.account(3, mine, "admin"), h.account(4, theirs, "admin")
	user, compliance := h.account(5, mine, "user"), h.account(6, mine, "compliance")
	service := h.account(7, mine, "service")
	block := func(n int) accounts.BlockAccount { return accounts.BlockAccount{AccountID: id(n), Reason: "test"} }
	for _, c := range []struct {
		who    rights.Principal
		target int
		code   string
	}{
		{other, 5, "account-not-found"}, // as if it were not there
		{admin, 99, "account-not-found"},
		{user, 5, "no-right"}, {user, 3, "no-right"},
		{compliance, 5, "no-right"}, {rights.Stranger, 5, "not-signed-in"},
		{service, 3, "no-right"}, // mightier than itself
		{service, 5, "<nil>"}, {admin, 6, "<nil>"},
	} {
		refused(h, c.who, block(c.target), c.code)
	}
	for _, c := range []struct {
		who  rights.Principal
		role account.Role
		org  string
		code string
	}{
		{admin, "platform", mine, "no-right"}, {admin, "user", theirs, "organization-not-found"},
		{h.platform(), "platform", mine, "no-right"}, {service, "admin", mine, "no-right"},
		{admin, "owner", mine, "role-invalid"}, {admin, "compliance", mine, "<nil>"},
	} {
		in := create(50, c.org)
		in.Role = c.role
		refused(h, c.who, in, c.code)
	}
	refused(h, admin, admins.AppointAdmin{OrganizationID: mine, AccountID: id(6)}, "admin-role-conflict")
	refused(h, admin, admins.AppointAdmin{OrganizationID: mine, AccountID: id(4)}, "account-not-found")
	refused(h, admin, organizations.RegisterOrganization{Name: "X", Preset: "nen"}, "no-right")

	t.Run("a block works within one request", func(t *testing.T) {
		must(t, onlyError(h.Access.Principal(t.Context(), id(3))))
		h.account(8, mine, "user")
		ok(h, h.platform(), admins.AppointAdmin{OrganizationID: mine, AccountID: id(8)})
		ok(h, h.who(8), block(3))
		same(t, codeOf(onlyError(h.Access.Principal(t.Context(), id(3)))), "not-signed-in")
	})
	t.Run("a revoked key opens nothing", func(t *testing.T) {
		made := result[accounts.APIKeyMade](h, h.platform(), accounts.IssueAPIKey{AccountID: id(7), Name: "nightly"})
		_, err := h.Access.Authenticate(t.Context(), made.Key)
		must(t, err)
		ok(h, h.platform(), accounts.RevokeAPIKey{AccountID: id(7), KeyID: made.KeyID})
		same(t, codeOf(onlyError(h.Access.Authenticate(t.Context(), made.Key))), "not-signed-in")
		refused(h, h.platform(), accounts.IssueAPIKey{AccountID: id(5), Name: "x"}, "api-key-not-applicable")
	})
}

func onlyError[T any](_ T, err error) error { return err }
