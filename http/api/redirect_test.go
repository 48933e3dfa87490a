package api_test

import (
	"net/http"
	"testing"
)

// TestRedirectMail redirects the mail of a holder who was invited: the link in the holder's mail
// has no force any more, and the next one goes to the administrators.
func TestRedirectMail(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	about := func(id string) map[string]any { return map[string]any{"accountId": id} }
	invited := h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "bep@noord.nl", "name": "Bep", "role": "user", "channel": "mail_link",
	}).Result["accountId"].(string)
	h.adminClient.run("SendActivation", about(invited))
	same(t, parse[outcome](t, h.adminClient.command("RedirectMail", about(invited))).types(),
		[]string{"account.activation_superseded.v1", "account.mail_redirected.v1"})
	same(t, parse[outcome](t, h.adminClient.command("RedirectMail", about(invited))).types(), []string(nil))
	same(t, parse[map[string]any](t, h.adminClient.fresh("/api/v1/accounts/"+invited))["mailToAdmin"], any(true))
	same(t, parse[outcome](t, h.adminClient.command("EndMailRedirect", about(invited))).types(), []string{"account.mail_redirect_ended.v1"})
	same(t, parse[map[string]any](t, h.adminClient.fresh("/api/v1/accounts/"+invited))["mailToAdmin"], any(false))
	h.userClient.command("RedirectMail", about(invited)).refused(t, http.StatusForbidden, "no-right")
}
