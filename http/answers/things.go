package answers

import (
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// Accounts are the accounts.
var Accounts = Thing[accountlist.Item, accountdetail.Item]{
	Name: "Account", Names: "Accounts", Path: "/accounts", Right: rights.ReadAccounts, Category: "account", Scope: "organizationId",
	Lists: "The accounts, with every column and filter.", Gets: "One account with all its facts.",
	Happened: "What happened to one account, in plain language.",
	List:     accountlist.Model, Whole: accountdetail.Model, Joined: []string{organizationlist.Table}, Missing: account.ErrNotFound,
}

// Organizations are the organizations.
var Organizations = Thing[organizationlist.Row, organizationlist.Row]{
	Name: "Organization", Names: "Organizations", Path: "/organizations", Right: rights.ReadOrganizations, Category: "organization", Scope: "id",
	Lists: "The organizations, with their rules, domains and administrators.", Gets: "One organization.", Happened: "What happened to one organization.",
	List: organizationlist.Model, Whole: organizationlist.Model, Missing: organization.ErrNotFound,
}

// Licenses are the licenses.
var Licenses = Thing[licenselist.Item, licenselist.Item]{
	Name: "License", Names: "Licenses", Path: "/licenses", Right: rights.ReadLicenses, Category: "license", Scope: "organizationId",
	Lists: "The licenses.", Gets: "One license.", Happened: "What happened to one license.",
	List: licenselist.Model, Whole: licenselist.Model, Joined: []string{organizationlist.Table}, Missing: license.ErrNotFound,
}

// Requests are the requests for licenses.
var Requests = Thing[licenserequests.Item, licenserequests.Item]{
	Name: "LicenseRequest", Names: "LicenseRequests", Path: "/license-requests", Right: rights.ReadRequests, Category: "licenserequest", Scope: "organizationId",
	Lists: "Who asked for which license, and what was decided.", Gets: "One license request.", Happened: "What happened to one license request.",
	List: licenserequests.Model, Whole: licenserequests.Model, Joined: []string{licenselist.Table, accountlist.Table},
	Missing: domain.NotFound("license-request-not-found", "There is no such license request."),
}

// Letters are the letters.
var Letters = Thing[letters.Row, letters.Row]{
	Name: "Letter", Names: "Letters", Path: "/letters", Right: rights.ReadLetters, Category: "letter", Scope: "organizationId",
	Lists: "The letters.", Gets: "One letter.", Happened: "What happened to one letter.",
	List: letters.Model, Whole: letters.Model, Missing: letter.ErrNotFound,
}

// Messages are the mails.
var Messages = Thing[messages.Row, messages.Row]{
	Name: "Message", Names: "Messages", Path: "/messages", Right: rights.ReadMessages, Category: "message", Scope: "organizationId",
	Lists: "The mails, and what became of them.", Gets: "One mail.", Happened: "What happened to one mail.",
	List: withSubject, Whole: withSubject, Missing: message.ErrNotFound,
}

// withSubject adds what stands above a mail, in the language of the mail.
var withSubject = messages.Model.With("organizationId", listing.Computed(listing.Text, "subject", func(row *messages.Row, _ time.Time) string {
	return words.Subject(words.Language(row.Language), row.Template)
}))

// Things returns everything that has a list and a history, whatever its rows.
func Things() []Contract {
	return []Contract{Accounts, Organizations, Licenses, Requests, Letters, Messages}
}
