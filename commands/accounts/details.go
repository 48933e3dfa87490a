package accounts

import (
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
)

// Details are what may be known of a holder beside the name, as clients give it; see
// account.Details for T. The forms of the pages range over its members.
type Details[T any] struct {
	Nickname    T `json:"nickname,omitzero" maxLength:"100"`
	Email       T `json:"email,omitzero" maxLength:"254"`
	Phone       T `json:"phone,omitzero" maxLength:"30"`
	Country     T `json:"country,omitzero" maxLength:"2" doc:"ISO 3166, two capitals."`
	Description T `json:"description,omitzero" maxLength:"2000"`
}

// ChangeDetails is the body of the command of that name. What is nil stays as it is.
type ChangeDetails struct {
	AccountID string  `json:"accountId" format:"uuid"`
	Name      *string `json:"name,omitzero" maxLength:"200"`
	Details[*string]
}

func changeDetails(c *engine.Call, in ChangeDetails) (string, account.Command) {
	return in.AccountID, account.ChangeDetails{Name: in.Name, Details: account.Details[*string](in.Details), Now: c.Now}
}
