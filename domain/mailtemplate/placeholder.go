package mailtemplate

import (
	"regexp"
	"slices"
	"strings"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
)

// Placeholder stands in a text, in braces, for what each mail says there. Its name is that of the
// system it comes from.
type Placeholder string

// The placeholders.
const (
	Link         Placeholder = "LINK"
	LastDay      Placeholder = "VERLOOPDATUM" // until when the link has force
	Name         Placeholder = "NAAM"
	Username     Placeholder = "GEBRUIKERSNAAM"
	Organization Placeholder = "ORGANISATIE"
	License      Placeholder = "LICENTIE"
	Standard     Placeholder = "NORM"
	Domain       Placeholder = "DOMEIN" // that was added to the organization
	Reason       Placeholder = "REDEN"  // its paragraph is left out where there is none
)

// Placeholders returns every placeholder.
func Placeholders() []Placeholder {
	return []Placeholder{Link, LastDay, Name, Username, Organization, License, Standard, Domain, Reason}
}

// Values implements domain.Enumeration.
func (Placeholder) Values() []string { return domain.Values(Placeholders()) }

// Written returns the placeholder as it stands in a text.
func (p Placeholder) Written() string { return "{" + string(p) + "}" }

// InSubject says whether the placeholder may stand in a subject, which everybody sees whom the mail
// passes.
func (p Placeholder) InSubject() bool { return p != Link && p != Reason }

// Allowed says which placeholders the text of a mail must have, and which it may have beside them.
type Allowed struct{ Must, May []Placeholder }

// All returns those that the text may have.
func (a Allowed) All() []Placeholder { return slices.Concat(a.Must, a.May) }

// AllowedIn returns the placeholders of a kind of mail; false for one that has none declared.
func AllowedIn(t message.Template) (Allowed, bool) {
	holder := []Placeholder{Name, Username, Organization}
	switch t {
	case message.TemplatePortalActivation, message.TemplateInvitation, message.TemplateRegistration, message.TemplateRegistrationAgain:
		return Allowed{Must: []Placeholder{Link, LastDay}, May: holder}, true
	case message.TemplateReminder:
		return Allowed{May: holder}, true
	case message.TemplateLicenseRequest:
		return Allowed{Must: []Placeholder{Link, License, Name, Reason}, May: []Placeholder{Username, Organization}}, true
	case message.TemplateStandardRequest:
		return Allowed{Must: []Placeholder{Link, Standard, License, Name, Reason}, May: []Placeholder{Username, Organization}}, true
	case message.TemplateDomainAdded:
		return Allowed{Must: []Placeholder{Link, Domain}, May: holder}, true
	case message.TemplateLicenseRejected:
		return Allowed{Must: []Placeholder{License, Reason}, May: holder}, true
	case message.TemplateLicenseApproved, message.TemplateLicenseGranted, message.TemplateLicenseRevoked:
		return Allowed{Must: []Placeholder{License}, May: holder}, true
	}
	return Allowed{}, false
}

// Refusals.
var (
	ErrUnknown    = domain.InvalidCode("body", "placeholder-unknown", "There is a placeholder in it that this mail does not have, or a brace that belongs to none.")
	ErrMissing    = domain.InvalidCode("body", "placeholder-missing", "A placeholder is missing in it that this mail must have.")
	ErrLink       = domain.InvalidCode("body", "link-missing", "{LINK} is missing in it: without the link nobody can do what the mail asks for.")
	ErrLastDay    = domain.InvalidCode("body", "last-day-missing", "{VERLOOPDATUM} is missing in it: the mail must say until when the link has force.")
	ErrNotThere   = domain.InvalidCode("subject", "placeholder-not-in-subject", "The link and a reason belong in the text, not in the subject.")
	ErrNoneThere  = domain.InvalidCode("subject", "placeholder-unknown", "There is a placeholder in it that this mail does not have, or a brace that belongs to none.")
	braced        = regexp.MustCompile(`\{[^{}]*\}|[{}]`)
	missingErrors = map[Placeholder]error{Link: ErrLink, LastDay: ErrLastDay}
)

// fits refuses a text without a placeholder that the mail must have, or with one that it does not have.
func (t Text) fits(template message.Template) error {
	allowed, _ := AllowedIn(template)
	for _, found := range braced.FindAllString(t.Subject, -1) {
		switch p := placeholder(found); {
		case !slices.Contains(allowed.All(), p):
			return ErrNoneThere
		case !p.InSubject():
			return ErrNotThere
		}
	}
	for _, found := range braced.FindAllString(t.Body, -1) {
		if !slices.Contains(allowed.All(), placeholder(found)) {
			return ErrUnknown
		}
	}
	for _, p := range allowed.Must {
		if strings.Contains(t.Body, p.Written()) {
			continue
		}
		if err := missingErrors[p]; err != nil {
			return err
		}
		return ErrMissing
	}
	return nil
}

func placeholder(written string) Placeholder {
	return Placeholder(strings.TrimSuffix(strings.TrimPrefix(written, "{"), "}"))
}
