package commands_test

import (
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/organizations"
	"sleutelbos/domain/account"
)

func TestF19_UsernamesThatCannotBeToldApart(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), organizations.SetUsernameRule{OrganizationID: org, Rule: "unique"})
	jan := create(10, org)
	jan.Username, jan.Email = "jan", "jan@example.nl"
	ok(h, h.platform(), jan)
	other := create(11, org)
	other.Username, other.Email = "piet", "piet@example.nl"
	ok(h, h.platform(), other)
	n := 20
	for name, code := range map[string]string{
		"JAN": "username-taken", "ｊａｎ": "username-taken", "ja\u200bn": "username-invalid", "ja\u00adn": "username-invalid", "ja\u034fn": "username-invalid",
		"\ufeffjan": "username-invalid", "jаn": "username-invalid", " \u200b ": "username-required", "\u3164": "username-required", "\u2800": "username-required",
	} {
		n++
		in := create(n, org)
		in.Username, in.Email = name, "jan@example.nl"
		refused(h, h.platform(), in, code)
		refused(h, h.platform(), accounts.ChangeUsername{AccountID: id(11), Username: name}, code)
	}
	for name, code := range map[string]string{"\u200b": "name-required", "\u3164 \u00ad": "name-required"} {
		in := create(50, org)
		in.Name = name
		refused(h, h.platform(), in, code)
		refused(h, h.platform(), accounts.ChangeDetails{AccountID: id(10), Name: &name}, code)
		refused(h, h.platform(), accounts.BlockAccount{AccountID: id(10), Reason: name}, "reason-required")
	}
}

// TestF27_NamesHaveOneForm takes them by every command that names something.
func TestF27_NamesHaveOneForm(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	in := create(10, org)
	in.Name, in.Nickname = " Zoe\u0308\u00a0", " e\u0301\u2003"
	ok(h, h.platform(), in)
	events, _ := h.opened("account-" + id(10))
	same(t, events[0].(account.Created).Name, "Zoë")
	same(t, events[1].(account.NicknameSet).Nickname, "é")
	name := "\u3000Rene\u0301 "
	ok(h, h.platform(), accounts.ChangeDetails{AccountID: id(10), Name: &name})
	events, _ = h.opened("account-" + id(10))
	same(t, events[2].(account.NameChanged).Name, "René")
}

func TestF28_ReasonsAndDescriptionsTakeLines(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	in := create(10, org)
	in.Description = "een\r\ntwee  \r\n"
	ok(h, h.platform(), in)
	ok(h, h.platform(), accounts.BlockAccount{AccountID: id(10), Reason: "omdat\rhet\r\n\r\nmoet"})
	events, _ := h.opened("account-" + id(10))
	same(t, events[0].(account.Created).Description, "een\ntwee")
	same(t, events[1].(account.Blocked).Reason, "omdat\nhet\n\nmoet")
	two := "een\ntwee"
	refused(h, h.platform(), accounts.ChangeDetails{AccountID: id(10), Name: &two}, "name-invalid")
	refused(h, h.platform(), accounts.UnblockAccount{AccountID: id(10), Reason: "a\x07b"}, "reason-invalid")
}
