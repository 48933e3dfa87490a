package licenses

import (
	"net/url"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/licenselist"
)

// licenseList is the list of licenses.
var licenseList = lists.List[licenselist.Item, licenselist.Item]{
	Path: "/licenses", Key: "licenses", Says: "list", Nav: "licenses", Icon: "key", Bare: "licenses.bare",
	Right: rights.ReadLicenses, Thing: answers.Licenses,
	Order:   func(url.Values) string { return "name" },
	Filters: []lists.Filter{lists.Organizations(), lists.Flag("companyWide"), lists.Flag("companyWideApproved"), lists.Flag("shownInSelection")},
	Rows:    lists.Same[licenselist.Item],
	Columns: licenseColumns,
	Of: func(row *licenselist.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: "/licenses/" + row.ID, Name: row.Name}
	},
	Add: func(v *lists.View) *lists.Link {
		if !v.Sees(rights.ManageLicenses) {
			return nil
		}
		return &lists.Link{Href: "/licenses/new", Text: "licenses.add"}
	},
}

func licenseColumns(v *lists.View) []lists.Column[licenselist.Item] {
	type row = licenselist.Item
	columns := []lists.Column[row]{{
		Text: "licenses.name", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(l *row) any { return lists.Main{Href: "/licenses/" + l.ID, Text: l.Name} },
	}}
	if v.Everywhere() {
		columns = append(columns, lists.Column[row]{Text: "licenses.organization", Cell: "cell-text", Value: func(l *row) any { return l.OrganizationName }})
	}
	columns = append(columns,
		lists.Column[row]{Text: "licenses.company-wide", Cell: "cell-tick", Value: func(l *row) any { return l.CompanyWide }},
		lists.Column[row]{Text: "license.approved", Cell: "cell-tick", Value: func(l *row) any { return l.Approved }},
		lists.Column[row]{Text: "licenses.shown", Cell: "cell-tick", Value: func(l *row) any { return l.ShownInSelection }})
	if v.Sees(rights.ReadAccounts) { // who holds what is for who may see accounts
		columns = append(columns,
			lists.Column[row]{Text: "licenses.holders", Number: true, Cell: "license-holders", Value: func(l *row) any { return l }},
			lists.Column[row]{Text: "licenses.requests", Number: true, Cell: "license-requests", Value: func(l *row) any { return l }})
	}
	return append(columns, lists.Column[row]{Text: "licenses.created", Sort: "createdAt", Cell: "cell-day", Value: func(l *row) any { return l.CreatedAt }})
}
