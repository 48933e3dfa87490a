package api

import (
	"sleutelbos/commands"
	"sleutelbos/commands/rights"
)

func offerOrganizations(o *Offers) {
	s := o.service
	offer(o, about{"RegisterOrganization", "Registers an organization with the policies of a preset.", rights.ManageOrganizations, ""},
		func(b registerOrganization) commands.RegisterOrganization {
			return commands.RegisterOrganization{OrganizationID: b.OrganizationID, Name: b.Name, Preset: b.Preset, Domains: b.Domains}
		}, s.RegisterOrganization)
	offer(o, about{"AllowDomain", "Lets mail addresses of a domain be usernames of an organization.", rights.ManageDomains, "WithdrawDomain"},
		func(b organizationDomain) commands.AllowDomain { return commands.AllowDomain(b) }, s.AllowDomain)
	offer(o, about{"WithdrawDomain", "Takes an allowed domain away from an organization.", rights.ManageDomains, "AllowDomain"},
		func(b organizationDomain) commands.WithdrawDomain { return commands.WithdrawDomain(b) }, s.WithdrawDomain)
	offer(o, about{"AppointAdmin", "Makes an account an administrator of its organization.", rights.ManageAdmins, "DismissAdmin"},
		func(b organizationAccount) commands.AppointAdmin { return commands.AppointAdmin(b) }, s.AppointAdmin)
	offer(o, about{"DismissAdmin", "Ends an account's administration of its organization. The last one stays.", rights.ManageAdmins, "AppointAdmin"},
		func(b organizationAccount) commands.DismissAdmin { return commands.DismissAdmin(b) }, s.DismissAdmin)
	offer(o, about{"SetPasswordPolicy", "Sets what a password of an organization's accounts must have.", rights.ManageOrganizations, "SetPasswordPolicy"},
		func(b setPasswordPolicy) commands.SetPasswordPolicy { return commands.SetPasswordPolicy(b) }, s.SetPasswordPolicy)
	offer(o, about{"SetActivationPolicy", "Sets for how many months an activation is valid.", rights.ManageOrganizations, "SetActivationPolicy"},
		func(b setActivationPolicy) commands.SetActivationPolicy { return commands.SetActivationPolicy(b) }, s.SetActivationPolicy)
	offer(o, about{"SetUsernameRule", "Sets what a username of an organization's accounts must be.", rights.ManageOrganizations, "SetUsernameRule"},
		func(b setUsernameRule) commands.SetUsernameRule { return commands.SetUsernameRule(b) }, s.SetUsernameRule)
}

// The bodies. A conversion to the command's type holds as long as their members agree.
type (
	registerOrganization struct {
		OrganizationID string   `json:"organizationId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
		Name           string   `json:"name" minLength:"1" maxLength:"200"`
		Preset         string   `json:"preset" enum:"regicare,officeheart,informat,klic,nen" doc:"The policies that the organization starts with."`
		Domains        []string `json:"domains,omitzero" maxLength:"253" doc:"Allowed mail domains."`
	}
	organizationDomain struct {
		OrganizationID string `json:"organizationId" format:"uuid"`
		Domain         string `json:"domain" minLength:"1" maxLength:"253" doc:"In small letters, e.g. example.nl."`
	}
	organizationAccount struct {
		OrganizationID string `json:"organizationId" format:"uuid"`
		AccountID      string `json:"accountId" format:"uuid"`
	}
	setPasswordPolicy struct {
		OrganizationID string `json:"organizationId" format:"uuid"`
		MinLength      int    `json:"minLength" doc:"Characters."`
		MinUpper       int    `json:"minUpper,omitzero" doc:"Upper case letters."`
		MinDigits      int    `json:"minDigits,omitzero" doc:"Digits."`
	}
	setActivationPolicy struct {
		OrganizationID string `json:"organizationId" format:"uuid"`
		Months         int    `json:"months" doc:"Calendar months."`
	}
	setUsernameRule struct {
		OrganizationID string `json:"organizationId" format:"uuid"`
		Rule           string `json:"rule" minLength:"1" maxLength:"40"`
	}
)
