package api

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
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
func plain[Row, Item any](view func(rights.Principal, Row) Item) func(*asking, Row) (Item, error) {
	return func(k *asking, row Row) (Item, error) { return view(k.who, row), nil }
}

func (a *API) accountList() operation {
	s := scoped[accountlist.Filter, accountlist.Item]{list: accountlist.List, all: accountlist.All, filter: a.accountFilter}
	return listOf[accountlist.Item, answers.AccountView]{
		id: "ListAccounts", path: "/accounts", summary: "The accounts, with every column and filter.", right: rights.ReadAccounts,
		tables: []string{accountlist.Table, organizationlist.Table}, sorts: accountlist.Model.Sorts(),
		filters: answers.AccountParams,
		page:    s.page(a), all: s.rows(a),
		item: plain(func(_ rights.Principal, r accountlist.Item) answers.AccountView {
			return answers.ViewAccount(r.Facts, r.OrganizationName, a.Now())
		}),
	}.operation(a)
}

func (a *API) accountFilter(k *asking, organization, account string) accountlist.Filter {
	return answers.FilterAccounts(k.args, organization, account, a.Now())
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
	list := listOf[organizationlist.Row, answers.OrganizationView]{
		id: "ListOrganizations", path: "/organizations", summary: "The organizations, with their rules, domains and administrators.",
		right: rights.ReadOrganizations, tables: []string{organizationlist.Table}, sorts: organizationlist.Model.Sorts(),
		filters: []answers.Param{
			{Name: "id", Kind: answers.ID},
			{Name: "preset", Kind: answers.OneOf, Enum: []string{"regicare", "officeheart", "informat", "klic", "nen"}},
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
		item: plain(answers.ViewOrganization),
	}
	get := oneOf[answers.OrganizationView]{
		id: "GetOrganization", path: "/organizations/{id}", summary: "One organization.", right: rights.ReadOrganizations, table: organizationlist.Table,
		get: func(k *asking, id string) (answers.OrganizationView, owner, error) {
			r, err := organizationlist.Get(k.Context(), a.DB, id)
			return answers.ViewOrganization(k.who, r), owner{"organization-" + id, id, "", r.Revision}, err
		},
		missing: organization.ErrNotFound,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetOrganizationHistory", "What happened to one organization.")}
}

func (a *API) licenseOperations() []operation {
	s := scoped[licenselist.Filter, licenselist.Item]{list: licenselist.List, all: licenselist.All,
		filter: func(k *asking, organization, _ string) licenselist.Filter {
			return answers.FilterLicenses(k.args, organization)
		}}
	list := listOf[licenselist.Item, answers.LicenseView]{
		id: "ListLicenses", path: "/licenses", summary: "The licenses.", right: rights.ReadLicenses,
		tables: []string{licenselist.Table, organizationlist.Table}, sorts: licenselist.Model.Sorts(),
		filters: answers.LicenseParams,
		page:    s.page(a), all: s.rows(a), item: plain(answers.ViewLicense),
	}
	get := oneOf[answers.LicenseView]{
		id: "GetLicense", path: "/licenses/{id}", summary: "One license.", right: rights.ReadLicenses, table: licenselist.Table,
		get: func(k *asking, id string) (answers.LicenseView, owner, error) {
			r, err := licenselist.Get(k.Context(), a.DB, id)
			return answers.ViewLicense(k.who, r), owner{"license-" + id, r.OrganizationID, "", r.Revision}, err
		},
		missing: license.ErrNotFound,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLicenseHistory", "What happened to one license.")}
}

func (a *API) requestOperations() []operation {
	s := scoped[licenserequests.Filter, licenserequests.Item]{list: licenserequests.List, all: licenserequests.All,
		filter: func(k *asking, organization, account string) licenserequests.Filter {
			return answers.FilterRequests(k.args, organization, account)
		}}
	list := listOf[licenserequests.Item, answers.RequestView]{
		id: "ListLicenseRequests", path: "/license-requests", summary: "Who asked for which license, and what was decided.", right: rights.ReadRequests,
		tables: []string{licenserequests.Table, licenselist.Table, accountlist.Table}, sorts: licenserequests.Model.Sorts(),
		filters: answers.RequestParams,
		page:    s.page(a), all: s.rows(a), item: plain(answers.ViewRequest),
	}
	get := oneOf[answers.RequestView]{
		id: "GetLicenseRequest", path: "/license-requests/{id}", summary: "One license request.", right: rights.ReadRequests, table: licenserequests.Table,
		get: func(k *asking, id string) (answers.RequestView, owner, error) {
			r, err := single(licenserequests.List(k.Context(), a.DB, licenserequests.Filter{ID: id}, listing.Query{Limit: 1}))
			return answers.ViewRequest(k.who, r), owner{"licenserequest-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: answers.ErrRequest,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLicenseRequestHistory", "What happened to one license request.")}
}

func (a *API) messageOperations() []operation {
	s := scoped[messages.Filter, messages.Row]{list: messages.List, all: messages.All,
		filter: func(k *asking, organization, account string) messages.Filter {
			return answers.FilterMessages(k.args, organization, account)
		}}
	list := listOf[messages.Row, answers.MailView]{
		id: "ListMessages", path: "/messages", summary: "The mails, and what became of them.", right: rights.ReadMessages,
		tables: []string{messages.Table}, sorts: messages.Model.Sorts(),
		filters: answers.MessageParams,
		page:    s.page(a), all: s.rows(a), item: plain(answers.ViewMail),
	}
	get := oneOf[answers.MailView]{
		id: "GetMessage", path: "/messages/{id}", summary: "One mail.", right: rights.ReadMessages, table: messages.Table,
		get: func(k *asking, id string) (answers.MailView, owner, error) {
			r, err := single(messages.List(k.Context(), a.DB, messages.Filter{ID: id}, listing.Query{Limit: 1}))
			return answers.ViewMail(k.who, r), owner{"message-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: message.ErrNotFound,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetMessageHistory", "What happened to one mail.")}
}

func (a *API) letterOperations() []operation {
	s := scoped[letters.Filter, letters.Row]{list: letters.List, all: letters.All,
		filter: func(k *asking, organization, account string) letters.Filter {
			return answers.FilterLetters(k.args, organization, account)
		}}
	list := listOf[letters.Row, answers.LetterView]{
		id: "ListLetters", path: "/letters", summary: "The letters.", right: rights.ReadLetters,
		tables: []string{letters.Table}, sorts: letters.Model.Sorts(),
		filters: answers.LetterParams,
		page:    s.page(a), all: s.rows(a), item: plain(answers.ViewLetter),
	}
	get := oneOf[answers.LetterView]{
		id: "GetLetter", path: "/letters/{id}", summary: "One letter.", right: rights.ReadLetters, table: letters.Table,
		get: func(k *asking, id string) (answers.LetterView, owner, error) {
			r, err := single(letters.List(k.Context(), a.DB, letters.Filter{ID: id}, listing.Query{Limit: 1}))
			return answers.ViewLetter(k.who, r), owner{"letter-" + id, r.OrganizationID, r.AccountID, r.Revision}, err
		},
		missing: letter.ErrNotFound,
	}
	return []operation{list.operation(a), get.operation(a), get.history(a, "GetLetterHistory", "What happened to one letter."), {
		id: "GetLetterPDF", method: http.MethodGet, path: "/letters/{id}/pdf", summary: "The letter to print. The code is in it until it was printed.",
		right: rights.ManageLetters, params: []answers.Param{waiting}, media: []string{"application/pdf"}, handle: a.letterPDF,
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
		return answers.ErrLetterPrinted
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
