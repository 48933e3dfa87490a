// Package accountpage is what the pages about one account have in common: the head with
// its name, state and tabs, and what can be done to the account now.
package accountpage

import (
	"embed"
	"errors"
	"net/http"
	"slices"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/organizationlist"
)

// Templates are the parts that the head is drawn with.
//
//go:embed all:templates
var Templates embed.FS

// Heads finds the heads of accounts' pages.
type Heads struct{ frame.Site }

// Head is what stands above every tab of an account.
type Head struct {
	accountdetail.Row
	Organization organizationlist.Row // without an id for one that is not visible yet
	Badge        string
	Activation   string // as of now
	Over         bool
	Tab          string
	Manages      bool // the reader may change it
	Acts         []Act
	Undo         *Act // takes back what was just done
	Letters      bool // the reader may see letters or mails
	Own          bool // it is the reader's
	Confirmed    bool // the reader means the own account
}

// Of returns the head of an account's tab. Errors: those of Reach.Account.
func (s Heads) Of(r *http.Request, tab string) (Head, error) {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return Head{}, err
	}
	o, err := organizationlist.Get(r.Context(), s.DB, row.OrganizationID)
	if err != nil && !errors.Is(err, machinery.ErrNoRow) {
		return Head{}, err // one that is not there yet: a list may lag behind another
	}
	who, now := session.Who(r.Context()), s.Now()
	h := Head{
		Row: row, Organization: o, Badge: row.Badge(now), Activation: row.ActivationAt(now), Over: row.Over(now), Tab: tab, Own: who.AccountID == row.ID,
		Manages: manages(who, row), Letters: who.Reaches(rights.ReadLetters, row.OrganizationID, row.ID),
	}
	if h.Manages {
		h.Acts = actsNow(h, s.Commands.Offers)
		h.Undo = undoOf(h, r.URL.Query().Get("undo"))
	}
	return h, nil
}

// manages reports whether the asker may change an account: it is within reach, and not above
// what the asker could have created.
func manages(who rights.Principal, row accountdetail.Row) bool {
	return who.Reaches(rights.ManageAccounts, row.OrganizationID, row.ID) && slices.Contains(who.Creates(), rights.Role(row.Role))
}

// Sendable reports whether an activation can be sent.
func (h Head) Sendable() bool {
	linked := h.ActivationChannel == string(account.ChannelMailLink) || h.ActivationChannel == string(account.ChannelMailAndLetter)
	return linked && !h.Closed && h.Activation != "completed" && h.Role != string(account.RoleService)
}

// Roled reports whether the accounts of the organization get what they reach from role groups.
func (h Head) Roled() bool { return h.Organization.Roles }

// Steps returns how many events the account's history has.
func (h Head) Steps() int64 { return h.Revision + 1 }

// Keyed reports whether it is a program's account, or one that may have keys.
func (h Head) Keyed() bool {
	return h.Role == string(account.RoleService) || h.Role == string(account.RolePlatform)
}
