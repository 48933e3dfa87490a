package api

import (
	"sleutelbos/commands"
	"sleutelbos/commands/rights"
)

func offerActivation(o *Offers) {
	s := o.service
	offer(o, about{"SendActivation", "Sends an account its activation, or sends it again; an earlier one loses its force.", rights.ManageAccounts, ""},
		func(b accountOnly) commands.SendActivation { return commands.SendActivation(b) }, s.SendActivation)
	offer(o, about{"ActivateAccount", "Chooses the first password, with the link from the mail and, where asked for, the code from the letter.", "", ""},
		func(b activateAccount) commands.ActivateAccount { return commands.ActivateAccount(b) }, s.ActivateAccount)
	offer(o, about{"RequestNewActivation", "Asks for a new activation, with a link that has no force any more.", "", ""},
		func(b requestNewActivation) commands.RequestNewActivation { return commands.RequestNewActivation(b) }, s.RequestNewActivation)
}

func offerPasswords(o *Offers) {
	s := o.service
	offer(o, about{"SetPassword", "Gives an account a password chosen by an administrator, or generated.", rights.ManageAccounts, ""},
		func(b setPassword) commands.SetPassword { return commands.SetPassword(b) }, s.SetPassword)
	offer(o, about{"ChangePassword", "Chooses another password for one's own account.", rights.OwnAccount, ""},
		func(b changePassword) commands.ChangePassword { return commands.ChangePassword(b) }, s.ChangePassword)
	offer(o, about{"SetupFirstAdmin", "Makes the first platform administrator, with the one-time link of an empty store.", "", ""},
		func(b setupFirstAdmin) commands.SetupFirstAdmin { return commands.SetupFirstAdmin(b) }, s.SetupFirstAdmin)
}

type (
	activateAccount struct {
		Token    string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
		Code     string `json:"code,omitzero" maxLength:"40" secret:"yes" doc:"From the letter."`
		Password string `json:"password" secret:"yes"`
	}
	requestNewActivation struct {
		Token string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
	}
	setPassword struct {
		AccountID        string `json:"accountId" format:"uuid"`
		Password         string `json:"password,omitzero" secret:"yes"`
		GeneratePassword bool   `json:"generatePassword,omitzero" doc:"Answers the password this once."`
		KeepPassword     bool   `json:"keepPassword,omitzero" doc:"The holder need not choose another one."`
	}
	changePassword struct {
		CurrentPassword string `json:"currentPassword" secret:"yes"`
		Password        string `json:"password" secret:"yes"`
	}
	setupFirstAdmin struct {
		Token    string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
		Username string `json:"username" minLength:"1" maxLength:"254"`
		Name     string `json:"name" minLength:"1" maxLength:"200"`
		Password string `json:"password" secret:"yes"`
	}
)
