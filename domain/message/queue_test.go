package message

import (
	"strings"
	"testing"
)

func TestQueue(t *testing.T) {
	queue := Queue{AccountID: "ann", OrganizationID: "org", Template: "registration", Recipient: "ann@voorbeeld.nl", Language: "nl"}
	t.Run("asks for a mail", func(t *testing.T) { given(t).When(queue).Then(queued) })
	t.Run("keeps its own copy of the variables", func(t *testing.T) {
		c, want := queue, queued
		c.CredentialID, want.CredentialID, c.ToAdmin, want.ToAdmin = "link-1", "link-1", true, true
		c.Variables, want.Variables = map[string]string{"deadline": "2026-04-02"}, map[string]string{"deadline": "2026-04-02"}
		events, err := Decider.Decide(State{}, c)
		if err != nil {
			t.Fatal(err)
		}
		given(t).When(c).Then(want)
		c.Variables["deadline"] = "never"
		if got := events[0].(Queued).Variables["deadline"]; got != "2026-04-02" {
			t.Errorf("the event changed to %q", got)
		}
	})
	t.Run("of the provider itself has no organization", func(t *testing.T) {
		c, want := queue, queued
		c.OrganizationID, want.OrganizationID = "", ""
		given(t).When(c).Then(want)
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, queued).When(queue).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		c := queue
		c.Template = TemplateInvitation
		given(t, queued).When(c).ThenRefused(ErrExists)
	})
	for want, change := range map[string]func(*Queue){
		"account-id-required": func(c *Queue) { c.AccountID = "" },
		"template-invalid":    func(c *Queue) { c.Template = "unheard_of" },
		"recipient-invalid":   func(c *Queue) { c.Recipient = "ann@voorbeeld.nl\r\nBcc: x@evil.com" },
		"language-invalid":    func(c *Queue) { c.Language = "fr" },
		"variables-invalid":   func(c *Queue) { c.Variables = map[string]string{"deadline": "a\nb"} },
		"variables-required":  func(c *Queue) { c.Variables = map[string]string{"": "a"} },
		"variables-too-long":  func(c *Queue) { c.Variables = map[string]string{"deadline": strings.Repeat("x", 501)} },
	} {
		t.Run("is refused: "+want, func(t *testing.T) {
			c := queue
			change(&c)
			given(t).When(c).ThenRefused(code(want))
		})
	}
}
