package message

import "sleutelbos/domain"

// Template is what a mail is about, and which text it has.
type Template string

// The templates.
const (
	TemplatePortalActivation  Template = "portal_activation" // has the link; the code comes by letter
	TemplateInvitation        Template = "invitation"
	TemplateRegistration      Template = "registration"
	TemplateRegistrationAgain Template = "registration_again"
	TemplateReminder          Template = "activation_reminder" // has no link: the one that counts was sent before
	TemplateLicenseRequest    Template = "license_request"
	TemplateStandardRequest   Template = "norm_in_hidden_license"
	TemplateLicenseApproved   Template = "license_approved"
	TemplateLicenseRejected   Template = "license_rejected"
	TemplateLicenseGranted    Template = "license_granted" // by an administrator, without a request
	TemplateLicenseRevoked    Template = "license_revoked"
	TemplateDomainAdded       Template = "domain_added" // to the users in it
)

// Templates returns every template.
func Templates() []Template {
	return []Template{
		TemplatePortalActivation, TemplateInvitation, TemplateRegistration, TemplateRegistrationAgain, TemplateReminder,
		TemplateLicenseRequest, TemplateStandardRequest, TemplateLicenseApproved, TemplateLicenseRejected, TemplateLicenseGranted, TemplateLicenseRevoked, TemplateDomainAdded,
	}
}

// Values implements domain.Enumeration.
func (Template) Values() []string { return domain.Values(Templates()) }

// Languages returns the languages that mails are written in.
func Languages() []string { return []string{"nl", "en"} }
