package api

import (
	"sleutelbos/commands"
	"sleutelbos/commands/rights"
)

func offerAccounts(o *Offers) {
	s := o.service
	offer(o, about{"CreateAccount", "Creates an account. The channel says how it gets its first password.", rights.ManageAccounts, ""},
		createAccount.command, s.CreateAccount)
	offer(o, about{"BlockAccount", "Stops an account from being used until it is unblocked.", rights.ManageAccounts, "UnblockAccount"},
		func(b accountReason) commands.BlockAccount { return commands.BlockAccount(b) }, s.BlockAccount)
	offer(o, about{"UnblockAccount", "Lets a blocked account be used again.", rights.ManageAccounts, "BlockAccount"},
		func(b accountMaybeReason) commands.UnblockAccount { return commands.UnblockAccount(b) }, s.UnblockAccount)
	offer(o, about{"DisableAccount", "Switches an account off.", rights.ManageAccounts, "EnableAccount"},
		func(b accountReason) commands.DisableAccount { return commands.DisableAccount(b) }, s.DisableAccount)
	offer(o, about{"EnableAccount", "Switches an account on again.", rights.ManageAccounts, "DisableAccount"},
		func(b accountMaybeReason) commands.EnableAccount { return commands.EnableAccount(b) }, s.EnableAccount)
	offer(o, about{"CloseAccount", "Ends an account for good. Its history stays; its username becomes free.", rights.ManageAccounts, ""},
		func(b accountReason) commands.CloseAccount { return commands.CloseAccount(b) }, s.CloseAccount)
	offer(o, about{"SetValidUntil", "Sets the last day on which an account may be used.", rights.ManageAccounts, "ClearValidUntil"},
		func(b setValidUntil) commands.SetValidUntil { return commands.SetValidUntil(b) }, s.SetValidUntil)
	offer(o, about{"ClearValidUntil", "Takes an account's last day away.", rights.ManageAccounts, "SetValidUntil"},
		func(b accountOnly) commands.ClearValidUntil { return commands.ClearValidUntil(b) }, s.ClearValidUntil)
	offer(o, about{"ChangeUsername", "Gives an account another username.", rights.ManageAccounts, "ChangeUsername"},
		func(b changeUsername) commands.ChangeUsername { return commands.ChangeUsername(b) }, s.ChangeUsername)
	offer(o, about{"ChangeDetails", "Changes what is known of the holder; what is not named stays as it is.", rights.ManageAccounts, "ChangeDetails"},
		func(b changeDetails) commands.ChangeDetails { return commands.ChangeDetails(b) }, s.ChangeDetails)
	offer(o, about{"IssueApiKey", "Makes an API key of a service account. It is shown this once.", rights.ManageAPIKeys, "RevokeApiKey"},
		func(b issueAPIKey) commands.IssueAPIKey { return commands.IssueAPIKey(b) }, s.IssueAPIKey)
	offer(o, about{"RevokeApiKey", "Ends an API key at once.", rights.ManageAPIKeys, ""},
		func(b revokeAPIKey) commands.RevokeAPIKey { return commands.RevokeAPIKey(b) }, s.RevokeAPIKey)
}

type (
	accountOnly struct {
		AccountID string `json:"accountId" format:"uuid"`
	}
	accountReason struct {
		AccountID string `json:"accountId" format:"uuid"`
		Reason    string `json:"reason" minLength:"1" maxLength:"500" doc:"Shown in the history."`
	}
	accountMaybeReason struct {
		AccountID string `json:"accountId" format:"uuid"`
		Reason    string `json:"reason,omitzero" maxLength:"500" doc:"Shown in the history."`
	}
	setValidUntil struct {
		AccountID  string `json:"accountId" format:"uuid"`
		ValidUntil string `json:"validUntil" minLength:"1" maxLength:"40" doc:"The last day, yyyy-mm-dd; a time of RFC 3339 counts as its day in the organization's time zone."`
	}
	changeUsername struct {
		AccountID string `json:"accountId" format:"uuid"`
		Username  string `json:"username" minLength:"1" maxLength:"254"`
	}
	changeDetails struct {
		AccountID   string  `json:"accountId" format:"uuid"`
		Name        *string `json:"name,omitzero" maxLength:"200"`
		Email       *string `json:"email,omitzero" maxLength:"254" doc:"Empty takes it away."`
		Phone       *string `json:"phone,omitzero" maxLength:"30" doc:"Empty takes it away."`
		Country     *string `json:"country,omitzero" maxLength:"2" doc:"ISO 3166, two capitals; empty takes it away."`
		Description *string `json:"description,omitzero" maxLength:"2000" doc:"Empty takes it away."`
	}
	issueAPIKey struct {
		AccountID string `json:"accountId" format:"uuid"`
		Name      string `json:"name" minLength:"1" maxLength:"200" doc:"What the key is for."`
	}
	revokeAPIKey struct {
		AccountID string `json:"accountId" format:"uuid"`
		KeyID     string `json:"keyId" minLength:"1" maxLength:"200"`
	}
)

type createAccount struct {
	AccountID        string `json:"accountId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID   string `json:"organizationId" format:"uuid"`
	Username         string `json:"username" minLength:"1" maxLength:"254"`
	Name             string `json:"name" minLength:"1" maxLength:"200"`
	Role             string `json:"role" enum:"user,admin,compliance,service,platform"`
	Channel          string `json:"channel" enum:"mail_link,mail_link_and_letter_code,admin_password"`
	Password         string `json:"password,omitzero" secret:"yes" doc:"For the channel admin_password, unless it is generated."`
	GeneratePassword bool   `json:"generatePassword,omitzero" doc:"Answers the password this once."`
	KeepPassword     bool   `json:"keepPassword,omitzero" doc:"The holder need not choose another one."`
	Email            string `json:"email,omitzero" maxLength:"254"`
	Phone            string `json:"phone,omitzero" maxLength:"30"`
	Country          string `json:"country,omitzero" maxLength:"2" doc:"ISO 3166, two capitals."`
	Description      string `json:"description,omitzero" maxLength:"2000"`
	ValidUntil       string `json:"validUntil,omitzero" maxLength:"40" doc:"The last day, yyyy-mm-dd."`
	MailToAdmin      bool   `json:"mailToAdmin,omitzero" doc:"Mails for the holder go to the administrators."`
}

func (b createAccount) command() commands.CreateAccount {
	return commands.CreateAccount{
		AccountID: b.AccountID, OrganizationID: b.OrganizationID, Username: b.Username, Name: b.Name, Role: b.Role, Channel: b.Channel,
		Password: b.Password, GeneratePassword: b.GeneratePassword, KeepPassword: b.KeepPassword,
		Email: b.Email, Phone: b.Phone, Country: b.Country, Description: b.Description, ValidUntil: b.ValidUntil, MailToAdmin: b.MailToAdmin,
	}
}
