package api

import (
	"sleutelbos/commands"
	"sleutelbos/commands/rights"
)

func offerLicenses(o *Offers) {
	s := o.service
	offer(o, about{"RegisterLicense", "Registers a license of an organization.", rights.ManageLicenses, ""},
		func(b registerLicense) commands.RegisterLicense { return commands.RegisterLicense(b) }, s.RegisterLicense)
	offer(o, about{"RequestLicense", "Asks for a license for an account.", rights.RequestLicenses, "WithdrawLicenseRequest"},
		func(b requestLicense) commands.RequestLicense { return commands.RequestLicense(b) }, s.RequestLicense)
	offer(o, about{"ApproveLicense", "Approves a license request; the license is granted.", rights.DecideRequests, ""},
		func(b requestOnly) commands.ApproveLicense { return commands.ApproveLicense(b) }, s.ApproveLicense)
	offer(o, about{"RejectLicense", "Rejects a license request.", rights.DecideRequests, ""},
		func(b rejectLicense) commands.RejectLicense { return commands.RejectLicense(b) }, s.RejectLicense)
	offer(o, about{"WithdrawLicenseRequest", "Takes one's license request back.", rights.RequestLicenses, "RequestLicense"},
		func(b requestOnly) commands.WithdrawLicenseRequest { return commands.WithdrawLicenseRequest(b) }, s.WithdrawLicenseRequest)
}

func offerLetters(o *Offers) {
	s := o.service
	offer(o, about{"MarkLetterPrinted", "Says that a letter was printed.", rights.ManageLetters, ""},
		func(b letterOnly) commands.MarkLetterPrinted { return commands.MarkLetterPrinted(b) }, s.MarkLetterPrinted)
	offer(o, about{"MarkLetterSent", "Says that a letter was posted.", rights.ManageLetters, ""},
		func(b letterOnly) commands.MarkLetterSent { return commands.MarkLetterSent(b) }, s.MarkLetterSent)
}

type (
	registerLicense struct {
		LicenseID        string `json:"licenseId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
		OrganizationID   string `json:"organizationId" format:"uuid"`
		Name             string `json:"name" minLength:"1" maxLength:"200"`
		CompanyWide      bool   `json:"companyWide,omitzero" doc:"Everybody in the organization has it."`
		ShownInSelection bool   `json:"shownInSelection,omitzero" doc:"Holders may choose it when they ask."`
	}
	requestLicense struct {
		RequestID string `json:"requestId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
		AccountID string `json:"accountId" format:"uuid"`
		LicenseID string `json:"licenseId" format:"uuid"`
		Reason    string `json:"reason,omitzero" maxLength:"500"`
	}
	requestOnly struct {
		RequestID string `json:"requestId" format:"uuid"`
	}
	rejectLicense struct {
		RequestID string `json:"requestId" format:"uuid"`
		Reason    string `json:"reason,omitzero" maxLength:"500" doc:"Shown to who asked."`
	}
	letterOnly struct {
		LetterID string `json:"letterId" format:"uuid"`
	}
)
