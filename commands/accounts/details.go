package accounts

import (
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
)

// ChangeDetails is the body of the command of that name. What is nil stays as it is.
type ChangeDetails struct {
	AccountID   string  `json:"accountId" format:"uuid"`
	Name        *string `json:"name,omitzero" maxLength:"200"`
	Email       *string `json:"email,omitzero" maxLength:"254" doc:"Empty takes it away."`
	Phone       *string `json:"phone,omitzero" maxLength:"30" doc:"Empty takes it away."`
	Country     *string `json:"country,omitzero" maxLength:"2" doc:"ISO 3166, two capitals; empty takes it away."`
	Description *string `json:"description,omitzero" maxLength:"2000" doc:"Empty takes it away."`
}

func changeDetails(c *engine.Call, in ChangeDetails) (string, account.Command) {
	return in.AccountID, account.ChangeDetails{
		Name: in.Name, Email: in.Email, Phone: in.Phone, Country: in.Country, Description: in.Description, Now: c.Now,
	}
}
