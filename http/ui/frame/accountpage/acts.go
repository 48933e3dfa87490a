package accountpage

import (
	"slices"

	"sleutelbos/commands/rights"
)

// Act is something done to an account by one small form, which shows first what
// will follow.
type Act struct {
	Key, Command, Icon string
	Right              rights.Right
	Reason             string // "required", "optional" or empty for none
	Danger             bool   // it takes something away
	Counter            string // the act that takes it back; empty if nothing does
	// Set by actsNow.
	Main, Primary bool // it stands beside the name; it is what one most likely came for
}

// All returns everything that can be done to an account by one small form.
func All() []Act { return slices.Clone(acts) }

var acts = []Act{
	{Key: "send", Command: "SendActivation", Icon: "send", Right: rights.ManageAccounts},
	{Key: "block", Command: "BlockAccount", Icon: "block", Right: rights.ManageAccounts, Reason: "required", Danger: true, Counter: "unblock"},
	{Key: "unblock", Command: "UnblockAccount", Icon: "check", Right: rights.ManageAccounts, Reason: "optional", Counter: "block"},
	{Key: "disable", Command: "DisableAccount", Icon: "power", Right: rights.ManageAccounts, Reason: "required", Danger: true, Counter: "enable"},
	{Key: "enable", Command: "EnableAccount", Icon: "power", Right: rights.ManageAccounts, Reason: "optional", Counter: "disable"},
	{Key: "clear-validity", Command: "ClearValidUntil", Icon: "clock", Right: rights.ManageAccounts},
	{Key: "close", Command: "CloseAccount", Icon: "x", Right: rights.ManageAccounts, Reason: "required", Danger: true},
	{Key: "appoint", Command: "AppointAdmin", Icon: "shield", Right: rights.ManageAdmins, Counter: "dismiss"},
	{Key: "dismiss", Command: "DismissAdmin", Icon: "shield", Right: rights.ManageAdmins, Danger: true, Counter: "appoint"},
}

func actOf(key string) Act {
	return acts[slices.IndexFunc(acts, func(a Act) bool { return a.Key == key })]
}

// actsNow returns what makes sense for an account as it is, what is most likely first.
func actsNow(h Head) []Act {
	if h.Closed {
		return nil
	}
	var now []Act
	add := func(key string, main, primary bool) {
		act := actOf(key)
		act.Main, act.Primary = main, primary
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
	add("close", false, false)
	return now
}

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
