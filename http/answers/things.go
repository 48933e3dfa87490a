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
	"sleutelbos/domain/person"
	"sleutelbos/domain/region"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/lettersbyaccount"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/personlist"
	"sleutelbos/projections/models/regionlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// Accounts are the accounts.
var Accounts = Thing[accountlist.Item, accountdetail.Item]{
	Listing: Listing[accountlist.Item]{
		Names: "Accounts", Path: "/accounts", Right: rights.ReadAccounts, Scope: "organizationId", Lists: "The accounts, with every column and filter.",
		List: accountlist.Model, Joined: []string{organizationlist.Table},
	},
	Name: "Account", Gets: "One account with all its facts.", Happened: "What happened to one account, in plain language.",
	Whole: accountdetail.Model, Category: "account", Missing: account.ErrNotFound,
}

// Persons are the persons.
var Persons = Thing[personlist.Item, personlist.Item]{
	Listing: Listing[personlist.Item]{
		Names: "Persons", Path: "/persons", Right: rights.ReadPersons, Scope: "organizationId", Lists: "The persons, with what they are to their organization.",
		List: personlist.Model, Joined: []string{organizationlist.Table},
	},
	Name: "Person", Gets: "One person, with every employment.", Happened: "What happened to one person.",
	Whole: personlist.Model, Category: "person", Missing: person.ErrNotFound,
	Place: "/persons",
}

// Organizations are the organizations.
var Organizations = Thing[organizationlist.Row, organizationlist.Row]{
	Listing: Listing[organizationlist.Row]{
		Names: "Organizations", Path: "/organizations", Right: rights.ReadOrganizations, Scope: "id", Lists: "The organizations, with their rules, domains and administrators.",
		List: organizationlist.Model,
	},
	Name: "Organization", Gets: "One organization.", Happened: "What happened to one organization.",
	Whole: organizationlist.Model, Category: "organization", Missing: organization.ErrNotFound,
	Place: "/organizations",
}

// Licenses are the licenses.
var Licenses = Thing[licenselist.Item, licenselist.Item]{
	Listing: Listing[licenselist.Item]{
		Names: "Licenses", Path: "/licenses", Right: rights.ReadLicenses, Scope: "organizationId", Lists: "The licenses.",
		List: licenselist.Model, Joined: []string{organizationlist.Table},
	},
	Name: "License", Gets: "One license.", Happened: "What happened to one license.",
	Whole: licenselist.Model, Category: "license", Missing: license.ErrNotFound,
	Place: "/licenses",
}

// Requests are the requests for licenses.
var Requests = Thing[licenserequests.Item, licenserequests.Item]{
	Listing: Listing[licenserequests.Item]{
		Names: "LicenseRequests", Path: "/license-requests", Right: rights.ReadRequests, Scope: "organizationId", Lists: "Who asked for which license, and what was decided.",
		List: licenserequests.Model, Joined: []string{licenselist.Table, accountlist.Table},
	},
	Name: "LicenseRequest", Gets: "One license request.", Happened: "What happened to one license request.",
	Whole: licenserequests.Model, Category: "licenserequest", Missing: domain.NotFound("license-request-not-found", "There is no such license request."),
}

// Regions are the regions.
var Regions = Thing[regionlist.Item, regionlist.Item]{
	Listing: Listing[regionlist.Item]{
		Names: "Regions", Path: "/regions", Right: rights.ReadRegions, Scope: "organizationId", Lists: "The regions.",
		List: regionlist.Model, Joined: []string{organizationlist.Table},
	},
	Name: "Region", Gets: "One region, with the accounts that are in it.", Happened: "What happened to one region.",
	Whole: regionlist.Model, Category: "region", Missing: region.ErrNotFound,
	Place: "/regions",
}

// RoleGroups are the role groups.
var RoleGroups = Thing[rolegrouplist.Item, rolegrouplist.Item]{
	Listing: Listing[rolegrouplist.Item]{
		Names: "RoleGroups", Path: "/role-groups", Right: rights.ReadRoles, Scope: "organizationId", Lists: "The role groups, with what each permits.",
		List: rolegrouplist.Model, Joined: []string{organizationlist.Table},
	},
	Name: "RoleGroup", Gets: "One role group.", Happened: "What happened to one role group, and who got it and lost it.",
	Whole: rolegrouplist.Model, Category: "rolegroup", Beside: []string{rolegrouplist.Changes}, Missing: rolegroup.ErrNotFound,
	Place: "/role-groups",
}

// Letters are the letters.
var Letters = Thing[letters.Row, letters.Row]{
	Listing: Listing[letters.Row]{
		Names: "Letters", Path: "/letters", Right: rights.ReadLetters, Scope: "organizationId", Lists: "The letters.",
		List: letters.Model,
	},
	Name: "Letter", Gets: "One letter.", Happened: "What happened to one letter.",
	Whole: letters.Model, Category: "letter", Missing: letter.ErrNotFound,
}

// LettersByAccount counts the letters of each account.
var LettersByAccount = Listing[lettersbyaccount.Item]{
	Names: "LettersByAccount", Path: "/letters-by-account", Right: rights.ReadLetters, Scope: "organizationId",
	Lists: "The accounts that ever got a letter, with how many were made, printed, sent and became invalid.",
	List:  lettersbyaccount.Model, Joined: []string{accountlist.Table, organizationlist.Table},
}

// Messages are the mails.
var Messages = Thing[messages.Item, messages.Item]{
	Listing: Listing[messages.Item]{
		Names: "Messages", Path: "/messages", Right: rights.ReadMessages, Scope: "organizationId", Lists: "The mails, and what became of them.",
		List: withSubject, Joined: []string{accountlist.Table},
	},
	Name: "Message", Gets: "One mail.", Happened: "What happened to one mail.",
	Whole: withSubject, Category: "message", Missing: message.ErrNotFound,
}

// withSubject adds what stands above a mail, in the language of the mail.
var withSubject = messages.Model.With("organizationId", listing.Computed(listing.Text, "subject", func(row *messages.Item, _ time.Time) string {
	return words.Subject(words.Language(row.Language), row.Template)
}))

// Things returns everything that has a list, whatever its rows.
func Things() []Contract {
	return []Contract{Accounts, Persons, Organizations, Licenses, Requests, Regions, RoleGroups, Letters, LettersByAccount, Messages}
}
