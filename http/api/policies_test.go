package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
)

// policies returns the policies of an organization by their names.
func (c *client) policies(organizationID, query string) map[organization.PolicyName]answers.PolicyInForce {
	c.s.t.Helper()
	found := map[organization.PolicyName]answers.PolicyInForce{}
	for _, item := range parse[answers.PoliciesInForce](c.s.t, c.fresh("/api/v1/organizations/"+organizationID+"/policies"+query)).Items {
		found[item.Policy] = item
	}
	return found
}

// anotherValue returns a value that a policy does not have.
func anotherValue(p answers.PolicyInForce) string {
	of, _ := organization.PolicyNamed(p.Policy)
	candidates := append([]string{"true", "false", "2026-09-01", "America/Curacao", "2", "9"}, of.Values...)
	for _, value := range candidates {
		if value != p.Value && fits(of, value) {
			return value
		}
	}
	return ""
}

// fits reports whether a value is of the kind of a policy.
func fits(p organization.Policy, value string) bool {
	switch p.Kind {
	case organization.KindFlag:
		return value == "true" || value == "false"
	case organization.KindNumber:
		return value == "9" || value == "2" && p.Least <= 2
	case organization.KindDay:
		return value == "2026-09-01"
	case organization.KindZone:
		return strings.Contains(value, "/")
	default:
		return strings.Contains(strings.Join(p.Values, " "), value) && value != "true" && value != "false"
	}
}

// TestEveryPolicyIsSet sets each policy, and reads what it is, who set it, why, and that it was another one before.
func TestEveryPolicyIsSet(t *testing.T) {
	s := newStack(t)
	p := s.platform()
	org := p.run("RegisterOrganization", map[string]any{"name": "Org", "preset": "klic"}).Result["organizationId"].(string)
	before := p.policies(org, "")
	same(t, len(before), len(organization.Table()))
	registered := s.Clock.Now().UTC().Format(time.RFC3339)
	s.advance(48 * time.Hour)
	for _, policy := range organization.Table() {
		was := before[policy.Name]
		value := anotherValue(was)
		if was.Differs || value == "" {
			t.Fatalf("%s is %+v at first, and can become %q", policy.Name, was, value)
		}
		body := map[string]any{"organizationId": org, "policy": policy.Name, "value": value, "reason": "Since " + string(policy.Name)}
		p.run("SetPolicy", body)
		now := p.policies(org, "")[policy.Name]
		if now.Value != value || now.Usual != was.Value || !now.Differs || now.Reason == nil || *now.Reason != "Since "+string(policy.Name) || now.Since == was.Since || now.By.Name == nil {
			t.Errorf("%s became %+v", policy.Name, now)
		}
		if then := p.policies(org, "?asOf="+registered)[policy.Name]; then.Value != was.Value || then.Differs || then.Since != was.Since {
			t.Errorf("%s was %+v, and is told to have been %+v", policy.Name, was, then)
		}
		body["value"] = "nothing like it"
		if a := p.command("SetPolicy", body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", policy.Name, a.status, a.body)
		}
	}
}

// TestPoliciesAreOfTheirOrganization: its people read them, those of another one don't learn that it is there, and only
// the provider changes them.
func TestPoliciesAreOfTheirOrganization(t *testing.T) {
	s := newStack(t)
	one, other := s.house("One"), s.house("Other")
	path := "/api/v1/organizations/" + one.organization + "/policies"
	same(t, one.adminClient.fresh(path).status, http.StatusOK)
	for name, c := range map[string]*client{"of another one": other.adminClient, "a stranger": s.stranger()} {
		nowhere := c.get("/api/v1/organizations/00000000-0000-7000-8000-0000000000ff/policies")
		if a := c.get(path); a.status == http.StatusOK || a.status != nowhere.status {
			t.Errorf("%s: %d %s, and of none at all: %d", name, a.status, a.body, nowhere.status)
		}
	}
	same(t, one.userClient.get(path+"?asOf=2026-01-01").status, http.StatusNotFound)
	same(t, one.adminClient.fresh(path+"?asOf="+s.Clock.Now().Format(time.RFC3339)).status, http.StatusOK)
	same(t, one.adminClient.get(path+"?asOf=1999-01-01").status, http.StatusNotFound)
	same(t, one.adminClient.get(path+"?asOf=yesterday").status, http.StatusBadRequest)
	same(t, one.adminClient.command("SetPolicy", map[string]any{"organizationId": one.organization, "policy": "regions", "value": "false"}).status, http.StatusForbidden)
	same(t, s.platform().command("SetPolicy", map[string]any{"organizationId": one.organization, "policy": "nothing", "value": "false"}).status, http.StatusUnprocessableEntity)
}
