package answers

import (
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// The rows as clients see them. A time or text that is not there is null.

type AccountView struct {
	ID                  string     `json:"id" format:"uuid"`
	OrganizationID      string     `json:"organizationId" format:"uuid"`
	OrganizationName    string     `json:"organizationName"`
	Username            string     `json:"username"`
	Name                string     `json:"name"`
	Role                string     `json:"role" enum:"user,admin,compliance,service,platform"`
	Activation          string     `json:"activation" enum:"not_sent,sent,expired,completed"`
	ActivationChannel   string     `json:"activationChannel"`
	ActivationSentAt    *time.Time `json:"activationSentAt"`
	ActivationSentCount int64      `json:"activationSentCount"`
	ActivationExpiresAt *time.Time `json:"activationExpiresAt"`
	ActivatedAt         *time.Time `json:"activatedAt"`
	Enabled             bool       `json:"enabled"`
	Blocked             bool       `json:"blocked"`
	BlockedReason       *string    `json:"blockedReason"`
	Locked              bool       `json:"locked"`
	Expired             bool       `json:"expired"`
	ValidUntil          *string    `json:"validUntil"`
	Closed              bool       `json:"closed"`
	CanLogIn            bool       `json:"canLogIn"`
	Badge               string     `json:"badge" enum:"closed,blocked,disabled,expired,activation_expired,activation_not_sent,activation_sent,active"`
	Licenses            []string   `json:"licenses" format:"uuid"`
	CreatedAt           *time.Time `json:"createdAt"`
	ChangedAt           *time.Time `json:"changedAt"`
	Revision            int64      `json:"revision"`
}

func ViewAccount(f accountfacts.Facts, organizationName string, now time.Time) AccountView {
	return AccountView{
		ID: f.ID, OrganizationID: f.OrganizationID, OrganizationName: organizationName,
		Username: f.Username, Name: f.Name, Role: f.Role,
		Activation: f.ActivationAt(now), ActivationChannel: f.ActivationChannel, ActivationSentAt: when(f.ActivationSentAt),
		ActivationSentCount: f.ActivationSentCount, ActivationExpiresAt: when(f.ActivationExpiresAt), ActivatedAt: when(f.ActivatedAt),
		Enabled: !f.Disabled, Blocked: f.Blocked, BlockedReason: Maybe(f.BlockedReason), Expired: f.Over(now),
		ValidUntil: Maybe(f.ValidUntil), Closed: f.Closed, CanLogIn: f.CanLogIn(now), Badge: f.Badge(now),
		Licenses: append([]string{}, f.Licenses...), CreatedAt: when(f.CreatedAt), ChangedAt: when(f.ChangedAt), Revision: f.Revision,
	}
}

// AccountDetail is an account with all its facts, who set them, when and why.
type AccountDetail struct {
	AccountView
	Email                  *string    `json:"email"`
	Phone                  *string    `json:"phone"`
	Country                *string    `json:"country"`
	Description            *string    `json:"description"`
	MailToAdmin            bool       `json:"mailToAdmin"`
	PasswordChangeRequired bool       `json:"passwordChangeRequired"`
	PasswordSetAt          *time.Time `json:"passwordSetAt"`
	PasswordSetBy          *string    `json:"passwordSetBy"`
	CodeTriesLeft          *int64     `json:"codeTriesLeft" doc:"Of the letter's code; null where none was sent."`
	CreatedBy              *string    `json:"createdBy"`
	ActivationSentBy       *string    `json:"activationSentBy"`
	BlockedAt              *time.Time `json:"blockedAt" doc:"Of the last block or its lifting."`
	BlockedBy              *string    `json:"blockedBy"`
	UnblockedReason        *string    `json:"unblockedReason"`
	DisabledAt             *time.Time `json:"disabledAt" doc:"Of the last switch off or on."`
	DisabledBy             *string    `json:"disabledBy"`
	DisabledReason         *string    `json:"disabledReason"`
	ValiditySetAt          *time.Time `json:"validitySetAt"`
	ValiditySetBy          *string    `json:"validitySetBy"`
	ClosedAt               *time.Time `json:"closedAt"`
	ClosedBy               *string    `json:"closedBy"`
	ClosedReason           *string    `json:"closedReason"`
	APIKeys                []string   `json:"apiKeys" doc:"Of each usable key its id, the beginning of it, and its name."`
}

func viewDetail(r accountdetail.Row, organizationName string, now time.Time) AccountDetail {
	d := AccountDetail{
		AccountView: ViewAccount(r.Facts, organizationName, now),
		Email:       Maybe(r.Email), Phone: Maybe(r.Phone), Country: Maybe(r.Country), Description: Maybe(r.Description),
		MailToAdmin: r.MailToAdmin, PasswordChangeRequired: r.PasswordChangeRequired,
		PasswordSetAt: when(r.PasswordSetAt), PasswordSetBy: Maybe(r.PasswordSetBy), CreatedBy: Maybe(r.CreatedBy),
		ActivationSentBy: Maybe(r.ActivationSentBy), BlockedAt: when(r.BlockedAt), BlockedBy: Maybe(r.BlockedBy),
		UnblockedReason: Maybe(r.UnblockedReason), DisabledAt: when(r.DisabledAt), DisabledBy: Maybe(r.DisabledBy),
		DisabledReason: Maybe(r.DisabledReason), ValiditySetAt: when(r.ValiditySetAt), ValiditySetBy: Maybe(r.ValiditySetBy),
		ClosedAt: when(r.ClosedAt), ClosedBy: Maybe(r.ClosedBy), ClosedReason: Maybe(r.ClosedReason),
		APIKeys: append([]string{}, r.APIKeys...),
	}
	if r.CodeTriesLeft >= 0 {
		d.CodeTriesLeft = &r.CodeTriesLeft
	}
	return d
}

// withoutActors hides who acted, from a holder who looks at the own account.
func (d AccountDetail) withoutActors() AccountDetail {
	d.PasswordSetBy, d.CreatedBy, d.ActivationSentBy, d.BlockedBy = nil, nil, nil, nil
	d.DisabledBy, d.ValiditySetBy, d.ClosedBy = nil, nil, nil
	return d
}

type OrganizationView struct {
	ID                 string     `json:"id" format:"uuid"`
	Name               string     `json:"name"`
	Preset             string     `json:"preset"`
	Domains            []string   `json:"domains"`
	Admins             []string   `json:"admins" format:"uuid" doc:"The accounts that administer it."`
	AdminsOutOfService []string   `json:"adminsOutOfService" format:"uuid" doc:"Of these, who can't sign in."`
	Accounts           int64      `json:"accounts" doc:"Those that are not closed."`
	UsernameRule       string     `json:"usernameRule"`
	FirstChannels      []string   `json:"firstChannels"`
	ActivationMonths   int64      `json:"activationMonths"`
	PasswordMinLength  int64      `json:"passwordMinLength"`
	PasswordMinUpper   int64      `json:"passwordMinUpper"`
	PasswordMinDigits  int64      `json:"passwordMinDigits"`
	Licenses           bool       `json:"licenses"`
	SelfRegistration   bool       `json:"selfRegistration"`
	LastAdminProtected bool       `json:"lastAdminProtected"`
	TimeZone           string     `json:"timeZone"`
	CreatedAt          *time.Time `json:"createdAt"`
	ChangedAt          *time.Time `json:"changedAt"`
	Revision           int64      `json:"revision"`
}

func ViewOrganization(who rights.Principal, r organizationlist.Row) OrganizationView {
	o := OrganizationView{
		ID: r.ID, Name: r.Name, Preset: r.Preset, Domains: append([]string{}, r.Domains...),
		Admins: append([]string{}, r.Admins...), AdminsOutOfService: append([]string{}, r.StoodDown...), Accounts: r.Accounts,
		UsernameRule: r.UsernameRule, FirstChannels: append([]string{}, r.FirstChannels...), ActivationMonths: r.ActivationMonths,
		PasswordMinLength: r.PasswordMinLength, PasswordMinUpper: r.PasswordMinUpper, PasswordMinDigits: r.PasswordMinDigits,
		Licenses: r.Licenses, SelfRegistration: r.SelfRegistration, LastAdminProtected: r.LastAdminProtected, TimeZone: r.TimeZone,
		CreatedAt: when(r.CreatedAt), ChangedAt: when(r.ChangedAt), Revision: r.Revision,
	}
	if who.May(rights.ReadAccounts) < rights.ScopeOrganization {
		o.Admins, o.AdminsOutOfService, o.Accounts = []string{}, []string{}, 0 // who else has an account is not theirs to know
	}
	return o
}

type LicenseView struct {
	ID               string     `json:"id" format:"uuid"`
	OrganizationID   string     `json:"organizationId" format:"uuid"`
	OrganizationName string     `json:"organizationName"`
	Name             string     `json:"name"`
	CompanyWide      bool       `json:"companyWide"`
	ShownInSelection bool       `json:"shownInSelection"`
	Holders          int64      `json:"holders" doc:"Accounts to which it was granted."`
	OpenRequests     int64      `json:"openRequests"`
	CreatedAt        *time.Time `json:"createdAt"`
	ChangedAt        *time.Time `json:"changedAt"`
	Revision         int64      `json:"revision"`
}

func ViewLicense(who rights.Principal, r licenselist.Item) LicenseView {
	return LicenseView{
		ID: r.ID, OrganizationID: r.OrganizationID, OrganizationName: r.OrganizationName, Name: r.Name,
		CompanyWide: r.CompanyWide, ShownInSelection: r.ShownInSelection, Holders: r.Holders, OpenRequests: r.OpenRequests,
		CreatedAt: when(r.CreatedAt), ChangedAt: when(r.ChangedAt), Revision: r.Revision,
	}
}

type RequestView struct {
	ID             string     `json:"id" format:"uuid"`
	AccountID      string     `json:"accountId" format:"uuid"`
	OrganizationID string     `json:"organizationId" format:"uuid"`
	Username       string     `json:"username"`
	Name           string     `json:"name"`
	LicenseID      string     `json:"licenseId" format:"uuid"`
	LicenseName    string     `json:"licenseName"`
	Reason         *string    `json:"reason"`
	Status         string     `json:"status" enum:"open,approved,rejected,withdrawn"`
	RequestedAt    *time.Time `json:"requestedAt"`
	DecidedAt      *time.Time `json:"decidedAt"`
	DecisionReason *string    `json:"decisionReason"`
	DecidedBy      *string    `json:"decidedBy,omitzero" doc:"Only for those who may see it."`
	DecidedByName  *string    `json:"decidedByName,omitzero" doc:"Only for those who may see it."`
	Revision       int64      `json:"revision"`
}

func ViewRequest(who rights.Principal, r licenserequests.Item) RequestView {
	v := RequestView{
		ID: r.ID, AccountID: r.AccountID, OrganizationID: r.OrganizationID, Username: r.Username, Name: r.Name,
		LicenseID: r.LicenseID, LicenseName: r.LicenseName, Reason: Maybe(r.Reason), Status: r.Status,
		RequestedAt: when(r.RequestedAt), DecidedAt: when(r.DecidedAt), DecisionReason: Maybe(r.DecisionReason), Revision: r.Revision,
	}
	if who.Reaches(rights.ReadDecider, r.OrganizationID, "") {
		v.DecidedBy, v.DecidedByName = Maybe(r.DecidedBy), Maybe(r.DecidedName)
	}
	return v
}

type LetterView struct {
	ID             string     `json:"id" format:"uuid"`
	AccountID      string     `json:"accountId" format:"uuid"`
	OrganizationID string     `json:"organizationId" format:"uuid"`
	Kind           string     `json:"kind" enum:"activation_code,login_details"`
	Subject        string     `json:"subject"`
	Recipient      string     `json:"recipient"`
	CreatedAt      *time.Time `json:"createdAt"`
	PrintedAt      *time.Time `json:"printedAt"`
	SentAt         *time.Time `json:"sentAt"`
	InvalidAt      *time.Time `json:"invalidAt"`
	InvalidBecause *string    `json:"invalidBecause"`
	Revision       int64      `json:"revision"`
}

func ViewLetter(who rights.Principal, r letters.Row) LetterView {
	return LetterView{
		ID: r.ID, AccountID: r.AccountID, OrganizationID: r.OrganizationID, Kind: r.Kind, Subject: r.Subject, Recipient: r.Recipient,
		CreatedAt: when(r.CreatedAt), PrintedAt: when(r.PrintedAt), SentAt: when(r.SentAt), InvalidAt: when(r.InvalidAt),
		InvalidBecause: Maybe(r.InvalidBecause), Revision: r.Revision,
	}
}

type MailView struct {
	ID             string     `json:"id" format:"uuid"`
	Template       string     `json:"template"`
	To             string     `json:"to"`
	ToAdmin        bool       `json:"toAdmin" doc:"It was redirected to an administrator."`
	AccountID      string     `json:"accountId"`
	OrganizationID string     `json:"organizationId"`
	Subject        string     `json:"subject"`
	Language       string     `json:"language"`
	Status         string     `json:"status" enum:"queued,sent,failed,given_up"`
	Attempts       int64      `json:"attempts"`
	LastError      *string    `json:"lastError"`
	QueuedAt       *time.Time `json:"queuedAt"`
	At             *time.Time `json:"at" doc:"Of the last change."`
	Revision       int64      `json:"revision"`
}

func ViewMail(who rights.Principal, r messages.Row) MailView {
	return MailView{
		ID: r.ID, Template: r.Template, To: r.Recipient, ToAdmin: r.ToAdmin, AccountID: r.AccountID, OrganizationID: r.OrganizationID,
		Subject: words.Subject(words.Language(r.Language), r.Template), Language: r.Language, Status: r.Status, Attempts: r.Attempts, LastError: Maybe(r.LastError),
		QueuedAt: when(r.QueuedAt), At: when(r.At), Revision: r.Revision,
	}
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func Maybe(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
