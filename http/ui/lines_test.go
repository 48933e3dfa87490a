package ui_test

import (
	"regexp"
	"testing"
)

func TestF28_FormsHaveLinesWhereTheCommandTakesThem(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	account := "/accounts/" + h.user
	b.sendChanged(b.open(account+"/edit"), account+"/edit", "description", "regel een\r\nregel twee", "country", "XK").leads(t, account)
	edit := b.open(account+"/edit").says(t, "regel een\nregel twee</textarea>", `<option value="XK" selected>Kosovo</option>`, `<option value="DE">Duitsland</option>`)
	same(t, regexp.MustCompile(`<textarea[^>]* name="(\w+)"`).FindAllStringSubmatch(edit.body, -1)[0][1], "description")
	same(t, len(regexp.MustCompile(`<textarea`).FindAllString(edit.body, -1)), 1)
	b.open(account).says(t, "Kosovo", "regel een\nregel twee")
	b.open(account+"/block").says(t, `<textarea id="field-reason"`)
	b.post(account+"/block", "reason", "een\r\ntwee")
	b.open(account).says(t, "een\ntwee")
}
