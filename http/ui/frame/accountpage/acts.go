package accountpage

import (
	"slices"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
)

// Act is something done to an account by one small form, which shows first what will follow.
// What else is known of it (its right, its icon, whether it asks why, what takes it back) is
// declared with the command that its body is for.
type Act struct {
	Key  string
	Body func(h Head, reason string) any
	// Set by actsNow.
	Command       engine.Command
	Main, Primary bool // it stands beside the name; it is what one most likely came for
}

// All returns everything that can be done to an account by one small form.
func All() []Act { return slices.Clone(acts) }

var acts = append(handovers(), []Act{
	{Key: "send", Body: func(h Head, _ string) any { return activation.SendActivation{AccountID: h.ID} }},
	{Key: "block", Body: func(h Head, why string) any {
		return accounts.BlockAccount{AccountID: h.ID, Reason: why, OwnAccount: h.Confirmed}
	}},
	{Key: "unblock", Body: func(h Head, why string) any { return accounts.UnblockAccount{AccountID: h.ID, Reason: why} }},
	{Key: "disable", Body: func(h Head, why string) any {
		return accounts.DisableAccount{AccountID: h.ID, Reason: why, OwnAccount: h.Confirmed}
	}},
	{Key: "enable", Body: func(h Head, why string) any { return accounts.EnableAccount{AccountID: h.ID, Reason: why} }},
	{Key: "shield", Body: func(h Head, why string) any { return accounts.ShieldAccount{AccountID: h.ID, Reason: why} }},
	{Key: "unshield", Body: func(h Head, why string) any { return accounts.UnshieldAccount{AccountID: h.ID, Reason: why} }},
	{Key: "redirect", Body: func(h Head, _ string) any { return accounts.RedirectMail{AccountID: h.ID} }},
	{Key: "unredirect", Body: func(h Head, _ string) any { return accounts.EndMailRedirect{AccountID: h.ID} }},
	{Key: "clear-validity", Body: func(h Head, _ string) any { return accounts.ClearValidUntil{AccountID: h.ID} }},
	{Key: "close", Body: func(h Head, why string) any {
		return accounts.CloseAccount{AccountID: h.ID, Reason: why, OwnAccount: h.Confirmed}
	}},
	{Key: "appoint", Body: func(h Head, _ string) any {
		return admins.AppointAdmin{OrganizationID: h.OrganizationID, AccountID: h.ID}
	}},
	{Key: "dismiss", Body: func(h Head, _ string) any {
		return admins.DismissAdmin{OrganizationID: h.OrganizationID, AccountID: h.ID, OwnAccount: h.Confirmed}
	}},
}...)

// handovers are the ways to hand over the credentials, an act each.
func handovers() []Act {
	var all []Act
	for _, way := range account.Handovers() {
		all = append(all, Act{Key: handedBy(way), Body: func(h Head, _ string) any {
			return accounts.HandOverCredentials{AccountID: h.ID, Method: way}
		}})
	}
	return all
}

func handedBy(way account.Handover) string { return "handover-" + string(way) }

// In returns the declaration of the command that the act runs.
func (a Act) In(offers *engine.Commands) engine.Command { return offers.Of(a.Body(Head{}, "")) }

// Counter returns the key of the act that takes back what the command of another one did;
// empty if there is none.
func Counter(commands *engine.Commands, of engine.Command) string {
	i := slices.IndexFunc(acts, func(a Act) bool { return of.UndoneBy != "" && a.In(commands).Name == of.UndoneBy })
	if i < 0 {
		return ""
	}
	return acts[i].Key
}

func actOf(key string) Act {
	return acts[slices.IndexFunc(acts, func(a Act) bool { return a.Key == key })]
}

// actsNow returns what makes sense for an account as it is, what is most likely first.
func actsNow(h Head, offers *engine.Commands) []Act {
	if h.Closed {
		return nil
	}
	var now []Act
	add := func(key string, main, primary bool) {
		act := actOf(key)
		act.Command, act.Main, act.Primary = act.In(offers), main, primary
		now = append(now, act)
	}
	if h.Sendable() {
		add("send", true, h.Activation != "sent" && !h.Blocked && !h.Disabled)
	}
	if h.Blocked {
		add("unblock", true, true)
	} else {
		add("block", true, false)
	}
	if h.Disabled {
		add("enable", true, !h.Blocked)
	} else {
		add("disable", false, false)
	}
	if h.ValidUntil != "" {
		add("clear-validity", h.Over, h.Over)
	}
	switch {
	case h.appointed():
		add("dismiss", false, false)
	case h.Role == string(rights.RoleUser):
		add("appoint", false, false)
	}
	if h.Given() {
		for _, way := range account.Handovers() {
			add(handedBy(way), false, false)
		}
	}
	if h.Internal {
		add("unshield", false, false)
	} else {
		add("shield", false, false)
	}
	switch {
	case h.MailToAdmin:
		add("unredirect", false, false)
	case h.Role != string(account.RoleService):
		add("redirect", false, false)
	}
	add("close", false, false)
	slices.SortStableFunc(now, func(a, b Act) int { // what one most likely came for is first
		switch {
		case a.Primary == b.Primary:
			return 0
		case a.Primary:
			return -1
		}
		return 1
	})
	return now
}

// Given reports whether somebody else gave the account the password that it has.
func (h Head) Given() bool { return h.PasswordSetBy != "" && h.PasswordSetBy != h.ID }

func (h Head) appointed() bool { return slices.Contains(h.Organization.Admins, h.ID) }

// StoodDown reports whether the account administers but is out of service as such.
func (h Head) StoodDown() bool { return slices.Contains(h.Organization.StoodDown, h.ID) }

// undoOf returns the act that takes back what was just done, if it makes sense now.
func undoOf(h Head, key string) *Act {
	i := slices.IndexFunc(h.Acts, func(a Act) bool { return a.Key == key })
	if i < 0 {
		return nil
	}
	return &h.Acts[i]
}
