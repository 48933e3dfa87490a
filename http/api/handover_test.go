package api_test

import (
	"net/http"
	"testing"
)

// TestHandOverCredentials hands a password over that an administrator gave an account.
func TestHandOverCredentials(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	hand := func(c *client, account, method string) answer {
		return c.command("HandOverCredentials", map[string]any{"accountId": account, "method": method})
	}
	same(t, parse[outcome](t, hand(h.adminClient, h.user, "phone")).types(), []string{"account.credentials_handed_over.v1"})
	same(t, parse[outcome](t, hand(h.adminClient, h.user, "phone")).types(), []string(nil))
	line := h.adminClient.with("Accept-Language", "nl").list("/api/v1/accounts/" + h.user + "/history?type=account.credentials_handed_over.v1")[0]
	same(t, line["text"], any("Admin Noord gaf gebruikersnaam en wachtwoord door (per telefoon)"))
	same(t, line["changes"], any([]any{map[string]any{"field": "method", "old": nil, "new": "phone"}}))
	hand(h.adminClient, h.user, "pigeon").refused(t, http.StatusUnprocessableEntity, "method-invalid")
	hand(h.userClient, h.user, "phone").refused(t, http.StatusForbidden, "no-right")
	invited := h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "bep@noord.nl", "name": "Bep", "role": "user", "channel": "mail_link",
	}).Result["accountId"].(string)
	r := hand(h.adminClient.with("Accept-Language", "nl"), invited, "letter").refused(t, http.StatusConflict, "password-not-given")
	same(t, r.Detail, "Het account heeft geen wachtwoord dat een beheerder gaf.")
}
