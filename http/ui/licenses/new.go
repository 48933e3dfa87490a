package licenses

import (
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/http/ui/frame/forms"
)

// newLicense is the page on which a license is registered.
var newLicense = forms.New[licenses.RegisterLicense]{
	Base: "/licenses", Nav: "licenses", ID: "licenseId", Title: "license.new", Add: "license.submit", Done: "done.license-registered",
	Organization: "licenses.organization", Choose: "license.choose", Shows: ofLicense,
	Fields: []forms.Field{
		{Name: "name", Label: "licenses.name", Proposed: true},
		{Name: "companyWide", Label: "license.tick-company-wide", Help: "license.company-wide-help", Group: "license.for-whom", Right: rights.ApproveCompanyWide},
		{Name: "shownInSelection", Label: "license.tick-shown", Help: "license.shown-help", Ticked: true},
	},
}
