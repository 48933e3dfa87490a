package api

import (
	"cmp"

	"sleutelbos/domain"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
)

// ErrLetterPrinted refuses to draw a letter again: its code went with the first print.
var ErrLetterPrinted = domain.Rule("letter-printed", "The letter was printed; its code can't be shown again. Send another activation if it was lost.")

// The filters of the lists, as every edge takes them.
var (
	licenseParams = []Param{ofOrganization, {Name: "companyWide", Kind: Flag}, {Name: "shownInSelection", Kind: Flag}}
	requestParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "licenseId", Kind: ID},
		{Name: "status", Kind: OneOf, Enum: []string{"open", "approved", "rejected", "withdrawn"}},
	}
	messageParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "template"},
		{Name: "status", Kind: OneOf, Enum: []string{"queued", "sent", "failed", "given_up"}},
	}
	letterParams = []Param{
		ofOrganization, {Name: "accountId", Kind: ID}, {Name: "kind", Kind: OneOf, Enum: []string{"activation_code", "login_details"}},
		{Name: "printed", Kind: Flag}, {Name: "sent", Kind: Flag}, {Name: "invalid", Kind: Flag},
	}
)

func filterLicenses(a args, organization string) licenselist.Filter {
	return licenselist.Filter{Organization: organization, CompanyWide: a.flag("companyWide"), ShownInSelection: a.flag("shownInSelection")}
}

func filterRequests(a args, organization, account string) licenserequests.Filter {
	return licenserequests.Filter{Organization: organization, Account: cmp.Or(account, a["accountId"]), License: a["licenseId"], Status: a["status"]}
}

func filterMessages(a args, organization, account string) messages.Filter {
	return messages.Filter{Organization: organization, Account: cmp.Or(account, a["accountId"]), Template: a["template"], Status: a["status"]}
}

func filterLetters(a args, organization, account string) letters.Filter {
	return letters.Filter{
		Organization: organization, Account: cmp.Or(account, a["accountId"]), Kind: a["kind"],
		Printed: a.flag("printed"), Sent: a.flag("sent"), Invalid: a.flag("invalid"),
	}
}

// LicenseQuestion is AccountQuestion for the list of licenses.
func LicenseQuestion(rawQuery, organization string) (map[string]string, licenselist.Filter, error) {
	a, organization, err := ask(licenseParams, licenselist.Sorts(), rawQuery, organization)
	return a, filterLicenses(a, organization), err
}

// RequestQuestion is AccountQuestion for the list of license requests.
func RequestQuestion(rawQuery, organization, account string) (map[string]string, licenserequests.Filter, error) {
	a, organization, err := ask(requestParams, licenserequests.Sorts(), rawQuery, organization)
	return a, filterRequests(a, organization, account), err
}

// MessageQuestion is AccountQuestion for the list of mails.
func MessageQuestion(rawQuery, organization, account string) (map[string]string, messages.Filter, error) {
	a, organization, err := ask(messageParams, messages.Sorts(), rawQuery, organization)
	return a, filterMessages(a, organization, account), err
}

// LetterQuestion is AccountQuestion for the list of letters.
func LetterQuestion(rawQuery, organization, account string) (map[string]string, letters.Filter, error) {
	a, organization, err := ask(letterParams, letters.Sorts(), rawQuery, organization)
	return a, filterLetters(a, organization, account), err
}

func ask(filters []Param, sorts []listing.Sort, rawQuery, organization string) (args, string, error) {
	a, err := parseArgs(listParams(filters, sorts), rawQuery)
	return a, cmp.Or(organization, a["organizationId"]), err
}
