package organizations

import (
	"sleutelbos/commands/engine"
	"sleutelbos/domain/organization"
)

// SetPasswordPolicy is the body of the command of that name.
type SetPasswordPolicy struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	MinLength      int    `json:"minLength" doc:"Characters."`
	MinUpper       int    `json:"minUpper,omitzero" doc:"Upper case letters."`
	MinDigits      int    `json:"minDigits,omitzero" doc:"Digits."`
}

func setPasswordPolicy(_ *engine.Call, in SetPasswordPolicy) (string, organization.Command) {
	return in.OrganizationID, organization.SetPasswordPolicy{Password: organization.PasswordPolicy{
		MinLength: in.MinLength, MinUpper: in.MinUpper, MinDigits: in.MinDigits,
	}}
}

// SetActivationPolicy is the body of the command of that name.
type SetActivationPolicy struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Months         int    `json:"months" doc:"Calendar months."`
}

func setActivationPolicy(_ *engine.Call, in SetActivationPolicy) (string, organization.Command) {
	return in.OrganizationID, organization.SetActivationPolicy{ActivationMonths: in.Months}
}

// SetTimeZone is the body of the command of that name.
type SetTimeZone struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	TimeZone       string `json:"timeZone" minLength:"1" maxLength:"60" doc:"IANA name, e.g. Europe/Amsterdam."`
}

func setTimeZone(_ *engine.Call, in SetTimeZone) (string, organization.Command) {
	return in.OrganizationID, organization.SetTimeZone{TimeZone: in.TimeZone}
}

// SetUsernameRule is the body of the command of that name.
type SetUsernameRule struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Rule           string `json:"rule" minLength:"1" maxLength:"40"`
}

func setUsernameRule(_ *engine.Call, in SetUsernameRule) (string, organization.Command) {
	return in.OrganizationID, organization.SetUsernameRule{UsernameRule: organization.UsernameRule(in.Rule)}
}
