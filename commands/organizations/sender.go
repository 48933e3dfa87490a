package organizations

import (
	"sleutelbos/commands/engine"
	"sleutelbos/domain/organization"
)

// SetLetterSender is the body of the command of that name. Without anything beside the organization
// its letters have no sender.
type SetLetterSender struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	LetterSender
}

// LetterSender is what letters say of their sender. The form of the page ranges over its members.
type LetterSender struct {
	Name          string `json:"name,omitzero" maxLength:"200" doc:"As it stands on the letters. With anything of the sender, name, street, city and country are needed."`
	Department    string `json:"department,omitzero" maxLength:"100"`
	Street        string `json:"street,omitzero" maxLength:"100" doc:"Street and number, or a post office box."`
	Postcode      string `json:"postcode,omitzero" maxLength:"12"`
	City          string `json:"city,omitzero" maxLength:"80"`
	PostalCountry string `json:"postalCountry,omitzero" maxLength:"2" doc:"ISO 3166, two capitals; XK is Kosovo. It also says where the window of the envelopes is."`
	Phone         string `json:"phone,omitzero" maxLength:"30" doc:"For questions about a letter."`
	Email         string `json:"email,omitzero" maxLength:"254" text:"mail" doc:"Likewise."`
}

func setLetterSender(_ *engine.Call, in SetLetterSender) (string, organization.Command) {
	return in.OrganizationID, organization.SetLetterSender{Sender: organization.Sender(in.LetterSender)}
}
