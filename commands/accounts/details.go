package accounts

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
)

func details(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("ChangeDetails", rights.ManageAccounts, "Changes what is known of the holder: what is not named stays as it is, what is empty is taken away.",
			u.changeDetails, onAccount, engine.UndoneBy[ChangeDetails](), engine.Icon("edit")),
		engine.OneStream(u.AccountGuard(), "RedirectMail", rights.ManageAccounts, "Lets the administrators get the mail for the holder, who gets none.",
			func(c *engine.Call, in RedirectMail) (string, account.Command) {
				return in.AccountID, account.RedirectMail{Now: c.Now}
			},
			engine.UndoneBy[EndMailRedirect](), engine.Icon("mail")),
		engine.OneStream(u.AccountGuard(), "EndMailRedirect", rights.ManageAccounts, "Lets the holder get the mail again.",
			func(c *engine.Call, in EndMailRedirect) (string, account.Command) {
				return in.AccountID, account.EndMailRedirect{Now: c.Now}
			},
			engine.UndoneBy[RedirectMail](), engine.Icon("undo")),
	}
}

// Details are what may be known of a holder beside the name, as clients give it; see
// account.Details for T. The forms of the pages range over its members.
type Details[T any] struct {
	Nickname    T `json:"nickname,omitzero" maxLength:"100"`
	Email       T `json:"email,omitzero" maxLength:"254" text:"mail"`
	Phone       T `json:"phone,omitzero" maxLength:"30"`
	Country     T `json:"country,omitzero" maxLength:"2" doc:"ISO 3166, two capitals; XK is Kosovo."`
	Description T `json:"description,omitzero" maxLength:"2000" lines:"many"`

	Street        T `json:"street,omitzero" maxLength:"100" doc:"Where letters go: street, number and box. With any part of the address, street, city and country are needed."`
	Postcode      T `json:"postcode,omitzero" maxLength:"12"`
	City          T `json:"city,omitzero" maxLength:"80"`
	PostalCountry T `json:"postalCountry,omitzero" maxLength:"2" doc:"As country."`
}

// NameParts are the parts of a holder's name, as clients give them; see account.Details for T.
type NameParts[T any] struct {
	GivenName     T `json:"givenName,omitzero" maxLength:"80"`
	SurnamePrefix T `json:"surnamePrefix,omitzero" maxLength:"30" doc:"The words before the surname, by which Dutch lists do not sort: van der."`
	Surname       T `json:"surname,omitzero" maxLength:"80" doc:"Without its prefix. Needed if there is another part."`
}

// ChangeDetails is the body of the command of that name. What is nil stays as it is.
type ChangeDetails struct {
	AccountID string  `json:"accountId" format:"uuid"`
	Name      *string `json:"name,omitzero" maxLength:"200" doc:"The whole name. Without it the whole follows from the parts; without the parts they are no longer known."`
	NameParts[*string]
	Details[*string]
}

// RedirectMail is the body of the command of that name.
type RedirectMail struct {
	AccountID string `json:"accountId" format:"uuid"`
}

// EndMailRedirect is the body of the command of that name.
type EndMailRedirect struct {
	AccountID string `json:"accountId" format:"uuid"`
}

// changeDetails changes what is known of a holder. Who may not see the contact data of a shielded
// account may not change them either: a preview would tell whether a guess is what is there
// already. The account is read, not locked: a shield that comes in the same moment is for the
// next change.
func (u UseCases) changeDetails(ctx context.Context, c *engine.Call, in ChangeDetails) (engine.None, error) {
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	if before.Shielded && in.Details != (Details[*string]{}) && !c.Actor.Reaches(rights.ReadShielded, before.OrganizationID, id) {
		return engine.None{}, engine.ErrDenied
	}
	o, err := u.Organizations.Seen(ctx, c, before.OrganizationID) // its country matters, which hardly ever changes
	if err != nil {
		return engine.None{}, err
	}
	change := account.ChangeDetails{
		NameChange:  account.NameChange{Name: in.Name, GivenName: in.GivenName, SurnamePrefix: in.SurnamePrefix, Surname: in.Surname},
		Details:     account.Details[*string](in.Details),
		HomeCountry: o.State.Policies.Country(), Now: c.Now,
	}
	_, err = u.Accounts.Decide(ctx, c, id, change, engine.Step{Own: true})
	return engine.None{}, err
}
