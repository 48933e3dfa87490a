package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/http/answers"
)

// TestMailTexts changes a text, reads it with its placeholders and as it was, and finds both texts in
// the history.
func TestMailTexts(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	admin, path := noord.adminClient, "/api/v1/organizations/"+noord.organization+"/templates"
	of := func(c *client, query string) answers.MailText {
		t.Helper()
		found := parse[answers.MailTexts](t, c.fresh(path+query))
		same(t, len(found.Items), len(message.Templates())*len(message.Languages()))
		return found.Items[slices.IndexFunc(found.Items, func(m answers.MailText) bool {
			return m.Template == message.TemplatePortalActivation && m.Language == "nl"
		})]
	}
	before, builtIn := of(admin, ""), mailtemplate.BuiltIn(message.TemplatePortalActivation, "nl")
	same(t, before.BuiltIn && before.Since == nil && before.Revision == -1 && before.Body == builtIn.Body, true)
	same(t, before.Placeholders[:2], []answers.MailPlaceholder{{Name: mailtemplate.Link, Required: true}, {Name: mailtemplate.LastDay, Required: true, InSubject: true}})
	then := s.Clock.Now().UTC().Format(time.RFC3339)
	s.advance(time.Minute)

	body := map[string]any{"organizationId": noord.organization, "template": "portal_activation", "language": "nl", "subject": "Welkom", "body": "Hallo {NAAM},\r\n\r\n{LINK} tot {VERLOOPDATUM}"}
	admin.run("ChangeTemplate", body)
	now := of(admin, "")
	if now.BuiltIn || now.Subject != "Welkom" || now.Body != "Hallo {NAAM},\n\n{LINK} tot {VERLOOPDATUM}" || now.By == nil || now.Since == nil || now.Revision != 0 {
		t.Errorf("%+v", now)
	}
	same(t, of(admin, "?asOf="+then), before)
	lines := admin.list("/api/v1/audit?type=template.*&organization=" + noord.organization)
	same(t, len(lines), 1)
	same(t, lines[0]["text"], any("Admin Noord changed the mail text “Activate your account” (nl)"))
	same(t, lines[0]["changes"], any([]any{
		map[string]any{"field": "subject", "old": builtIn.Subject, "new": "Welkom"}, map[string]any{"field": "body", "old": builtIn.Body, "new": now.Body},
	}))
	for _, wrong := range []struct {
		member, value string
		status        int
		code          string
	}{
		{"body", "tot {VERLOOPDATUM}", 422, "link-missing"}, {"body", "{LINK}", 422, "last-day-missing"}, {"body", "{LINK} {VERLOOPDATUM} {X}", 422, "placeholder-unknown"},
		{"template", "nothing", 422, "template-invalid"}, {"language", "de", 422, "language-invalid"},
	} {
		changed := map[string]any{}
		for name, value := range body {
			changed[name] = value
		}
		changed[wrong.member] = wrong.value
		admin.command("ChangeTemplate", changed).refused(t, wrong.status, wrong.code)
	}
	admin.run("ResetTemplate", map[string]any{"organizationId": noord.organization, "template": "portal_activation", "language": "nl"})
	if again := of(admin, ""); !again.BuiltIn || again.Body != builtIn.Body || again.Revision != 1 {
		t.Errorf("%+v", again)
	}

	same(t, noord.userClient.get(path).status, http.StatusForbidden)
	same(t, zuid.adminClient.get(path).status, http.StatusNotFound)
	same(t, admin.get(path+"?asOf=yesterday").status, http.StatusBadRequest)
}
