package organizations

import (
	"strconv"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/organization"
)

// SetPolicy is the body of the command of that name.
type SetPolicy struct {
	OrganizationID string                  `json:"organizationId" format:"uuid"`
	Policy         organization.PolicyName `json:"policy" enum:"values"`
	Value          string                  `json:"value,omitzero" maxLength:"200" doc:"One of the policy's values; of several, with commas between. A day is yyyy-mm-dd, or empty for none. GET /organizations/{id}/policies lists what each may be."`
	Reason         string                  `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

func setPolicy(c *engine.Call, in SetPolicy) (string, organization.Command) {
	c.Because(in.Reason)
	return in.OrganizationID, organization.SetPolicies{Set: []organization.Setting{{Policy: in.Policy, Value: in.Value}}}
}

// SetPasswordPolicy is the body of the command of that name.
type SetPasswordPolicy struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	MinLength      int    `json:"minLength" doc:"Characters."`
	MinUpper       int    `json:"minUpper,omitzero" doc:"Upper case letters."`
	MinDigits      int    `json:"minDigits,omitzero" doc:"Digits."`
}

func setPasswordPolicy(_ *engine.Call, in SetPasswordPolicy) (string, organization.Command) {
	return in.OrganizationID, organization.SetPolicies{Set: []organization.Setting{
		{Policy: organization.PolicyPasswordMinLength, Value: strconv.Itoa(in.MinLength)},
		{Policy: organization.PolicyPasswordMinUpper, Value: strconv.Itoa(in.MinUpper)},
		{Policy: organization.PolicyPasswordMinDigits, Value: strconv.Itoa(in.MinDigits)},
	}}
}

// SetActivationPolicy is the body of the command of that name.
type SetActivationPolicy struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Months         int    `json:"months" doc:"Calendar months."`
}

func setActivationPolicy(_ *engine.Call, in SetActivationPolicy) (string, organization.Command) {
	return in.OrganizationID, one(organization.PolicyActivationMonths, strconv.Itoa(in.Months))
}

// SetTimeZone is the body of the command of that name.
type SetTimeZone struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	TimeZone       string `json:"timeZone" minLength:"1" maxLength:"60" doc:"IANA name, e.g. Europe/Amsterdam."`
}

func setTimeZone(_ *engine.Call, in SetTimeZone) (string, organization.Command) {
	return in.OrganizationID, one(organization.PolicyTimeZone, in.TimeZone)
}

// SetUsernameRule is the body of the command of that name.
type SetUsernameRule struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Rule           string `json:"rule" minLength:"1" maxLength:"40"`
}

func setUsernameRule(_ *engine.Call, in SetUsernameRule) (string, organization.Command) {
	return in.OrganizationID, one(organization.PolicyUsernameRule, in.Rule)
}

func one(policy organization.PolicyName, value string) organization.Command {
	return organization.SetPolicies{Set: []organization.Setting{{Policy: policy, Value: value}}}
}
