package api

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// What is not there, or lies outside the asker's reach.
var (
	errOrganization = domain.NotFound("organization-not-found", "There is no such organization.")
	errLicense      = domain.NotFound("license-not-found", "There is no such license.")
	errRequest      = domain.NotFound("license-request-not-found", "There is no such license request.")
	errLetter       = domain.NotFound("letter-not-found", "There is no such letter.")
	errMessage      = domain.NotFound("message-not-found", "There is no such message.")
)

// scoped is a list whose filter knows an organization and an account.
type scoped[Filter, Row any] struct {
	filter func(k *asking, organization, account string) Filter
	list   func(context.Context, reader, Filter, listing.Query) (listing.Page[Row], error)
	all    func(context.Context, reader, Filter, listing.Query) iter.Seq2[Row, error]
}

func (s scoped[Filter, Row]) page(a *API) func(context.Context, *asking, listing.Query) (listing.Page[Row], error) {
	return func(ctx context.Context, k *asking, q listing.Query) (listing.Page[Row], error) {
		organization, account, err := a.scope(k, k.args["organizationId"])
		if err != nil {
			return listing.Page[Row]{}, err
		}
		return s.list(ctx, a.DB, s.filter(k, organization, account), q)
	}
}

func (s scoped[Filter, Row]) rows(a *API) func(context.Context, *asking, listing.Query) iter.Seq2[Row, error] {
	return func(ctx context.Context, k *asking, q listing.Query) iter.Seq2[Row, error] {
		organization, account, err := a.scope(k, k.args["organizationId"])
		if err != nil {
			return func(yield func(Row, error) bool) { var none Row; yield(none, err) }
		}
		return s.all(ctx, a.DB, s.filter(k, organization, account), q)
	}
}

// plain is a view that cannot fail.
func plain[Row, Item any](view func(*asking, Row) Item) func(*asking, Row) (Item, error) {
	return func(k *asking, row Row) (Item, error) { return view(k, row), nil }
}

var ofOrganization = Param{Name: "organizationId", Kind: ID, Doc: "Of one organization."}

// accountParams are the filters of the list of accounts.
var accountParams = []Param{
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

func (a *API) accountList() operation {
	s := scoped[accountlist.Filter, accountlist.Item]{list: accountlist.List, all: accountlist.All, filter: a.accountFilter}
	return listOf[accountlist.Item, account]{
		id: "ListAccounts", path: "/accounts", summary: "The accounts, with every column and filter.", right: rights.ReadAccounts,
		tables: []string{accountlist.Table, organizationlist.Table}, sorts: accountlist.Sorts(),
		filters: accountParams,
		page:    s.page(a), all: s.rows(a),
		item: plain(func(_ *asking, r accountlist.Item) account { return viewAccount(r.Facts, r.OrganizationName, a.Now()) }),
	}.operation(a)
}

func (a *API) accountFilter(k *asking, organization, account string) accountlist.Filter {
	return filterAccounts(k.args, organization, account, a.Now())
}

func filterAccounts(args args, organization, account string, now time.Time) accountlist.Filter {
	return accountlist.Filter{
		Organization: organization, Account: account, Role: args["role"], Channel: args["activationChannel"],
		Activation: args["activation"], Badge: args["badge"], License: args["license"],
		Enabled: args.flag("enabled"), Blocked: args.flag("blocked"),
		Expired: args.flag("expired"), Closed: args.flag("closed"), CanLogIn: args.flag("canLogIn"),
		EndsBefore: args.moment("validUntilBefore"), CreatedAfter: args.moment("createdAfter"),
		CreatedBefore: args.moment("createdBefore"), Now: now,
	}
}

// AccountQuestion reads a query about the list of accounts for another edge that shows it,
// with the names and values that the API takes; what it does not take is refused alike.
// It answers the parameters in their one spelling, and the filter that they make, within
// an organization (empty: the one asked for) and of an account (empty: all).
func AccountQuestion(rawQuery, organization, account string, now time.Time) (map[string]string, accountlist.Filter, error) {
	parsed, err := parseArgs(listParams(accountParams, accountlist.Sorts()), rawQuery)
	if err != nil {
		return nil, accountlist.Filter{}, err
	}
	if organization == "" {
		organization = parsed["organizationId"]
	}
	return parsed, filterAccounts(parsed, organization, account, now), nil
}

func (a *API) listOperations() []operation {
	return slices.Concat(a.organizationOperations(), a.licenseOperations(), a.requestOperations(), a.messageOperations())
}

func (a *API) organizationOperations() []operation {
	filter := func(k *asking) (organizationlist.Filter, error) {
		organization, _, err := a.scope(k, k.args["id"])
		if organization == "" && k.who.May(k.op.right) != rights.ScopeAll {
			organization = k.who.Organization
		}
		return organizationlist.Filter{ID: organization, Preset: k.args["preset"]}, err
	}
	list := listOf[organizationlist.Row, organization]{
		id: "ListOrganizations", path: "/organizations", summary: "The organizations, with their rules, domains and administrators.",
		right: rights.ReadOrganizations, tables: []string{organizationlist.Table}, sorts: organizationlist.Sorts(),
		filters: []Param{
			{Name: "id", Kind: ID},
			{Name: "preset", Kind: OneOf, Enum: []string{"regicare", "officeheart", "informat", "klic", "nen"}},
		},
		page: func(ctx context.Context, k *asking, q listing.Query) (listing.Page[organizationlist.Row], error) {
			f, err := filter(k)
			if err != nil {
				return listing.Page[organizationlist.Row]{}, err
			}
			return organizationlist.List(ctx, a.DB, f, q)
		},
		all: func(ctx context.Context, k *asking, q listing.Query) iter.Seq2[organizationlist.Row, error] {
			f, err := filter(k)
			if err != nil {
				return func(yield func(organizationlist.Row, error) bool) { yield(organizationlist.Row{}, err) }
			}
			return organizationlist.All(ctx, a.DB, f, q)
		},
		item: plain(viewOrganization),
	}
	get := oneOf[organization]{
		id: "GetOrganization", path: "/organizations/{id}", summary: "One organization.", right: rights.ReadOrganizations, table: organizationlist.Table,
		get: func(k *asking, id string) (organization, owner, error) {
			r, err := organizationlist.Get(k.Context(), a.DB, id)
			return viewOrganization(k, r), owner{"organization-" + id, id, "", r.Revision}, err
		},
		missing: errOrganization,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetOrganizationHistory", "What happened to one organization.")}
}

func (a *API) licenseOperations() []operation {
	s := scoped[licenselist.Filter, licenselist.Item]{list: licenselist.List, all: licenselist.All,
		filter: func(k *asking, organization, _ string) licenselist.Filter {
			return filterLicenses(k.args, organization)
		}}
	list := listOf[licenselist.Item, license]{
		id: "ListLicenses", path: "/licenses", summary: "The licenses.", right: rights.ReadLicenses,
		tables: []string{licenselist.Table, organizationlist.Table}, sorts: licenselist.Sorts(),
		filters: licenseParams,
		page:    s.page(a), all: s.rows(a), item: plain(viewLicense),
	}
	get := oneOf[license]{
		id: "GetLicense", path: "/licenses/{id}", summary: "One license.", right: rights.ReadLicenses, table: licenselist.Table,
		get: func(k *asking, id string) (license, owner, error) {
			r, err := licenselist.Get(k.Context(), a.DB, id)
			return viewLicense(k, r), owner{"license-" + id, r.OrganizationID, "", r.Revision}, err
		},
		missing: errLicense,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLicenseHistory", "What happened to one license.")}
}

func (a *API) requestOperations() []operation {
	s := scoped[licenserequests.Filter, licenserequests.Item]{list: licenserequests.List, all: licenserequests.All,
		filter: func(k *asking, organization, account string) licenserequests.Filter {
			return filterRequests(k.args, organization, account)
		}}
	list := listOf[licenserequests.Item, licenseRequest]{
		id: "ListLicenseRequests", path: "/license-requests", summary: "Who asked for which license, and what was decided.", right: rights.ReadRequests,
		tables: []string{licenserequests.Table, licenselist.Table, accountlist.Table}, sorts: licenserequests.Sorts(),
		filters: requestParams,
		page:    s.page(a), all: s.rows(a), item: plain(viewRequest),
	}
	get := oneOf[licenseRequest]{
		id: "GetLicenseRequest", path: "/license-requests/{id}", summary: "One license request.", right: rights.ReadRequests, table: licenserequests.Table,
		get: func(k *asking, id string) (licenseRequest, owner, error) {
			r, err := single(licenserequests.List(k.Context(), a.DB, licenserequests.Filter{ID: id}, listing.Query{Limit: 1}))
			return viewRequest(k, r), owner{"licenserequest-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: errRequest,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLicenseRequestHistory", "What happened to one license request.")}
}

func (a *API) messageOperations() []operation {
	s := scoped[messages.Filter, messages.Row]{list: messages.List, all: messages.All,
		filter: func(k *asking, organization, account string) messages.Filter {
			return filterMessages(k.args, organization, account)
		}}
	list := listOf[messages.Row, mail]{
		id: "ListMessages", path: "/messages", summary: "The mails, and what became of them.", right: rights.ReadMessages,
		tables: []string{messages.Table}, sorts: messages.Sorts(),
		filters: messageParams,
		page:    s.page(a), all: s.rows(a), item: plain(viewMail),
	}
	get := oneOf[mail]{
		id: "GetMessage", path: "/messages/{id}", summary: "One mail.", right: rights.ReadMessages, table: messages.Table,
		get: func(k *asking, id string) (mail, owner, error) {
			r, err := single(messages.List(k.Context(), a.DB, messages.Filter{ID: id}, listing.Query{Limit: 1}))
			return viewMail(k, r), owner{"message-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: errMessage,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetMessageHistory", "What happened to one mail.")}
}

func (a *API) letterOperations() []operation {
	s := scoped[letters.Filter, letters.Row]{list: letters.List, all: letters.All,
		filter: func(k *asking, organization, account string) letters.Filter {
			return filterLetters(k.args, organization, account)
		}}
	list := listOf[letters.Row, letter]{
		id: "ListLetters", path: "/letters", summary: "The letters.", right: rights.ReadLetters,
		tables: []string{letters.Table}, sorts: letters.Sorts(),
		filters: letterParams,
		page:    s.page(a), all: s.rows(a), item: plain(viewLetter),
	}
	get := oneOf[letter]{
		id: "GetLetter", path: "/letters/{id}", summary: "One letter.", right: rights.ReadLetters, table: letters.Table,
		get: func(k *asking, id string) (letter, owner, error) {
			r, err := single(letters.List(k.Context(), a.DB, letters.Filter{ID: id}, listing.Query{Limit: 1}))
			return viewLetter(k, r), owner{"letter-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: errLetter,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLetterHistory", "What happened to one letter."), {
		id: "GetLetterPDF", method: http.MethodGet, path: "/letters/{id}/pdf", summary: "The letter to print. The code is in it until it was printed.",
		right: rights.ManageLetters, params: []Param{waiting}, media: []string{"application/pdf"}, handle: a.letterPDF,
	}}
}

func (a *API) letterPDF(k *asking) error {
	id, err := k.id()
	if err != nil {
		return err
	}
	if err := a.waitFor(k, letters.Table); err != nil {
		return err
	}
	content, err := a.Service.OpenLetter(k.Context(), k.who, id)
	if _, refused := errors.AsType[*domain.Error](err); refused {
		return a.denied(k, err)
	}
	if err != nil {
		return err
	}
	if content.Code == "" {
		return ErrLetterPrinted
	}
	pdf, err := a.Letter(content)
	if err != nil {
		return err
	}
	k.w.Header().Set("Content-Type", "application/pdf")
	k.w.Header().Set("Content-Disposition", `inline; filename="`+id+`.pdf"`)
	_, _ = k.w.Write(pdf) // the client may be gone; there is nobody to tell
	return nil
}
