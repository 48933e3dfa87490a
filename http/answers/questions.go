package answers

import (
	"cmp"
	"slices"
	"time"

	"sleutelbos/domain"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
)

var ofOrganization = Param{Name: "organizationId", Kind: ID, Doc: "Of one organization."}

// AccountParams are the filters of the list of accounts.
var AccountParams = []Param{
	ofOrganization,
	{Name: "role", Kind: OneOf, Enum: []string{"user", "admin", "compliance", "service", "platform"}},
	{Name: "activationChannel", Kind: OneOf, Enum: []string{"mail_link", "mail_link_and_letter_code", "admin_password", "setup"}},
	{Name: "activation", Kind: OneOf, Enum: []string{"not_sent", "sent", "expired", "completed"}},
	{Name: "badge", Kind: OneOf, Enum: []string{"closed", "blocked", "disabled", "expired", "activation_expired", "activation_not_sent", "activation_sent", "active"}},
	{Name: "license", Kind: ID, Doc: "Holds a grant of it."},
	{Name: "enabled", Kind: Flag},
	{Name: "blocked", Kind: Flag},
	{Name: "expired", Kind: Flag},
	{Name: "closed", Kind: Flag},
	{Name: "canLogIn", Kind: Flag},
	{Name: "validUntilBefore", Kind: Moment, Doc: "Has an end date before."},
	{Name: "createdAfter", Kind: Moment},
	{Name: "createdBefore", Kind: Moment},
}

// ErrLetterPrinted refuses to draw a letter again: its code went with the first print.
var ErrLetterPrinted = domain.Rule("letter-printed", "The letter was printed; its code can't be shown again. Send another activation if it was lost.")

// The filters of the lists, as every edge takes them.
var (
	LicenseParams = []Param{ofOrganization, {Name: "companyWide", Kind: Flag}, {Name: "shownInSelection", Kind: Flag}}
	RequestParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "licenseId", Kind: ID},
		{Name: "status", Kind: OneOf, Enum: []string{"open", "approved", "rejected", "withdrawn"}},
	}
	MessageParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "template"},
		{Name: "status", Kind: OneOf, Enum: []string{"queued", "sent", "failed", "given_up"}},
	}
	LetterParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "kind", Kind: OneOf, Enum: []string{"activation_code", "login_details"}},
		{Name: "printed", Kind: Flag}, {Name: "sent", Kind: Flag}, {Name: "invalid", Kind: Flag},
	}
)

func FilterAccounts(args Args, organization, account string, now time.Time) accountlist.Filter {
	return accountlist.Filter{
		Organization: organization, Account: account, Role: args["role"], Channel: args["activationChannel"],
		Activation: args["activation"], Badge: args["badge"], License: args["license"],
		Enabled: args.flag("enabled"), Blocked: args.flag("blocked"),
		Expired: args.flag("expired"), Closed: args.flag("closed"), CanLogIn: args.flag("canLogIn"),
		EndsBefore: args.Moment("validUntilBefore"), CreatedAfter: args.Moment("createdAfter"),
		CreatedBefore: args.Moment("createdBefore"), Now: now,
	}
}

// AccountQuestion reads a query about the list of accounts for another edge that shows it,
// with the names and values that the API takes; what it does not take is refused alike.
// It returns the parameters in their one spelling, and the filter that they make, within
// an organization (empty: the one asked for) and of an account (empty: all).
func AccountQuestion(rawQuery, organization, account string, now time.Time) (map[string]string, accountlist.Filter, error) {
	parsed, err := ParseArgs(ListParams(AccountParams, accountlist.Model.Sorts()), rawQuery)
	if err != nil {
		return nil, accountlist.Filter{}, err
	}
	if organization == "" {
		organization = parsed["organizationId"]
	}
	return parsed, FilterAccounts(parsed, organization, account, now), nil
}

func FilterLicenses(a Args, organization string) licenselist.Filter {
	return licenselist.Filter{Organization: organization, CompanyWide: a.flag("companyWide"), ShownInSelection: a.flag("shownInSelection")}
}

func FilterRequests(a Args, organization, account string) licenserequests.Filter {
	return licenserequests.Filter{Organization: organization, Account: cmp.Or(account, a["accountId"]), License: a["licenseId"], Status: a["status"]}
}

func FilterMessages(a Args, organization, account string) messages.Filter {
	return messages.Filter{Organization: organization, Account: cmp.Or(account, a["accountId"]), Template: a["template"], Status: a["status"]}
}

func FilterLetters(a Args, organization, account string) letters.Filter {
	return letters.Filter{
		Organization: organization, Account: cmp.Or(account, a["accountId"]), Kind: a["kind"],
		Printed: a.flag("printed"), Sent: a.flag("sent"), Invalid: a.flag("invalid"),
	}
}

// LicenseQuestion is AccountQuestion for the list of licenses.
func LicenseQuestion(rawQuery, organization string) (map[string]string, licenselist.Filter, error) {
	a, organization, err := ask(LicenseParams, licenselist.Model.Sorts(), rawQuery, organization)
	return a, FilterLicenses(a, organization), err
}

// RequestQuestion is AccountQuestion for the list of license requests.
func RequestQuestion(rawQuery, organization, account string) (map[string]string, licenserequests.Filter, error) {
	a, organization, err := ask(RequestParams, licenserequests.Model.Sorts(), rawQuery, organization)
	return a, FilterRequests(a, organization, account), err
}

// MessageQuestion is AccountQuestion for the list of mails.
func MessageQuestion(rawQuery, organization, account string) (map[string]string, messages.Filter, error) {
	a, organization, err := ask(MessageParams, messages.Model.Sorts(), rawQuery, organization)
	return a, FilterMessages(a, organization, account), err
}

// LetterQuestion is AccountQuestion for the list of letters.
func LetterQuestion(rawQuery, organization, account string) (map[string]string, letters.Filter, error) {
	a, organization, err := ask(LetterParams, letters.Model.Sorts(), rawQuery, organization)
	return a, FilterLetters(a, organization, account), err
}

func ask(filters []Param, sorts []listing.Sort, rawQuery, organization string) (Args, string, error) {
	a, err := ParseArgs(ListParams(filters, sorts), rawQuery)
	return a, cmp.Or(organization, a["organizationId"]), err
}

// ListParams are what every list takes, with its own filters and orders.
func ListParams(filters []Param, orders []listing.Sort) []Param {
	sorts := make([]string, 0, 2*len(orders))
	for _, s := range orders {
		sorts = append(sorts, s.Name, "-"+s.Name)
	}
	return append(slices.Clone(filters),
		Param{Name: "q", Doc: "Search, by parts of words."},
		Param{Name: "sort", Kind: OneOf, Enum: sorts, Doc: "With - before it: descending."},
		Param{Name: "limit", Kind: Number, Max: listing.MaxLimit, Doc: "Rows of a page; 50 if absent."},
		Param{Name: "cursor", Max: maxCursor, Doc: "From next of the page before."},
		Param{Name: "format", Kind: OneOf, Enum: []string{"json", "csv"}, Doc: "csv: the whole filtered list."})
}
