package licenserequest

import (
	"strings"
	"testing"
)

func TestRequest(t *testing.T) {
	request := Request{AccountID: "ann", OrganizationID: "org", LicenseID: "norms", Reason: "a project", Reservation: "openrequest-1"}
	t.Run("asks for a license", func(t *testing.T) { given(t).When(request).Then(requested) })
	t.Run("needs no reason", func(t *testing.T) {
		c, want := request, requested
		c.Reason, want.Reason = "", ""
		given(t).When(c).Then(want)
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, requested).When(request).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		c := request
		c.LicenseID = "other"
		given(t, requested).When(c).ThenRefused(ErrExists)
	})
	for want, change := range map[string]func(*Request){
		"account-id-required":      func(c *Request) { c.AccountID = "" },
		"organization-id-required": func(c *Request) { c.OrganizationID = "" },
		"license-id-required":      func(c *Request) { c.LicenseID = "" },
		"reservation-required":     func(c *Request) { c.Reservation = "" },
		"reason-too-long":          func(c *Request) { c.Reason = strings.Repeat("x", 501) },
	} {
		t.Run("is refused: "+want, func(t *testing.T) {
			c := request
			change(&c)
			given(t).When(c).ThenRefused(code(want))
		})
	}
}
