package ui

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

// mountAccount adds the pages about one account.
func (u *UI) mountAccount(r chi.Router) {
	r.Get("/accounts/{id}", u.Pages.SignedIn(u.showAccount))
	r.Get("/accounts/{id}/licenses", u.Pages.SignedIn(u.showAccountLicenses))
	r.Get("/accounts/{id}/mail", u.Pages.SignedIn(u.showAccountMail))
	r.Get("/accounts/{id}/security", u.Pages.SignedIn(u.showAccountSecurity))
	u.mountAccountChanges(r)
	u.mountAccountActs(r)
	u.mountAccountSecurity(r)
}

// accountHead is what stands above every tab of an account.
type accountHead struct {
	accountdetail.Row
	Organization organizationlist.Row // without an id for one that is not visible yet
	Badge        string
	Activation   string // as of now
	Over         bool
	Tab          string
	Manages      bool // the reader may change it
	Acts         []accountAct
	Undo         *accountAct // takes back what was just done
	Letters      bool        // the reader may see letters or mails
}

// accountHead answers the head of an account's tab.
func (u *UI) accountHead(r *http.Request, tab string) (accountHead, error) {
	row, err := u.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return accountHead{}, err
	}
	o, err := organizationlist.Get(r.Context(), u.DB, row.OrganizationID)
	if err != nil && !errors.Is(err, machinery.ErrNoRow) {
		return accountHead{}, err // one that is not there yet: a list may lag behind another
	}
	who, now := session.Who(r.Context()), u.Now()
	h := accountHead{
		Row: row, Organization: o, Badge: row.Badge(now), Activation: row.ActivationAt(now), Over: row.Over(now), Tab: tab,
		Manages: manages(who, row), Letters: who.Reaches(rights.ReadLetters, row.OrganizationID, row.ID),
	}
	if h.Manages {
		h.Acts = actsNow(h)
		h.Undo = undoOf(h, r.URL.Query().Get("undo"))
	}
	return h, nil
}

// manages says whether the asker may change an account: it is within reach, and not above
// what the asker could have created.
func manages(who rights.Principal, row accountdetail.Row) bool {
	return who.Reaches(rights.ManageAccounts, row.OrganizationID, row.ID) && slices.Contains(who.Creates(), rights.Role(row.Role))
}

// Sendable says whether an activation can be sent.
func (h accountHead) Sendable() bool {
	linked := h.ActivationChannel == string(account.ChannelMailLink) || h.ActivationChannel == string(account.ChannelMailAndLetter)
	return linked && !h.Closed && h.Activation != "completed" && h.Role != string(account.RoleService)
}

// Steps is how many events the account's history has.
func (h accountHead) Steps() int64 { return h.Revision + 1 }

// Keyed says whether it is a program's account, or one that may have keys.
func (h accountHead) Keyed() bool {
	return h.Role == string(account.RoleService) || h.Role == string(account.RolePlatform)
}

func (u *UI) renderAccount(w http.ResponseWriter, r *http.Request, template string, h accountHead, data any) error {
	return u.Pages.Render(w, r, template, frame.Page{Title: h.Name, Nav: "accounts", Data: data})
}

type accountFactsPage struct {
	Head accountHead
	By   map[string]string // names of who acted, by id; empty for who may not know
}

func (u *UI) showAccount(w http.ResponseWriter, r *http.Request) error {
	h, err := u.accountHead(r, "facts")
	if err != nil {
		return err
	}
	p := accountFactsPage{Head: h}
	if session.Who(r.Context()).Reaches(rights.ReadDecider, h.OrganizationID, "") {
		p.By, err = u.Names.Of(r.Context(), h.CreatedBy, h.ActivationSentBy, h.BlockedBy, h.DisabledBy, h.ValiditySetBy, h.ClosedBy, h.PasswordSetBy)
		if err != nil {
			return err
		}
	}
	return u.renderAccount(w, r, "account", h, p)
}

type accountLicensesPage struct {
	Head       accountHead
	Held       []heldLicense
	Requests   []licenserequests.Item
	SeeDecider bool
}

type heldLicense struct {
	licenselist.Item
	Granted bool // of its own, not for being company-wide
}

func (u *UI) showAccountLicenses(w http.ResponseWriter, r *http.Request) error {
	h, err := u.accountHead(r, "licenses")
	if err != nil {
		return err
	}
	held, err := licenselist.Held(r.Context(), u.DB, h.OrganizationID, h.Licenses)
	if err != nil {
		return err
	}
	p := accountLicensesPage{Head: h, SeeDecider: session.Who(r.Context()).Reaches(rights.ReadDecider, h.OrganizationID, "")}
	for _, l := range held {
		p.Held = append(p.Held, heldLicense{l, slices.Contains(h.Licenses, l.ID)})
	}
	requests, err := licenserequests.List(r.Context(), u.DB, licenserequests.Filter{Account: h.ID}, listing.Query{Sort: "-requestedAt", Limit: 100})
	if err != nil {
		return err
	}
	p.Requests = requests.Items
	return u.renderAccount(w, r, "accountlicenses", h, p)
}

type accountMailPage struct {
	Head     accountHead
	Letters  []letters.Row
	Messages []messages.Row
}

func (u *UI) showAccountMail(w http.ResponseWriter, r *http.Request) error {
	h, err := u.accountHead(r, "mail")
	if err != nil {
		return err
	}
	if !h.Letters {
		return u.Reach.Denied(r, "ListLetters", engine.ErrDenied)
	}
	sent, err := letters.List(r.Context(), u.DB, letters.Filter{Account: h.ID}, listing.Query{Sort: "-createdAt", Limit: 100})
	if err != nil {
		return err
	}
	mails, err := messages.List(r.Context(), u.DB, messages.Filter{Account: h.ID}, listing.Query{Sort: "-queuedAt", Limit: 100})
	if err != nil {
		return err
	}
	return u.renderAccount(w, r, "accountmail", h, accountMailPage{Head: h, Letters: sent.Items, Messages: mails.Items})
}

// apiKey is a usable key, as the detail has it.
type apiKey struct{ ID, Prefix, Name string }

func keysOf(row accountdetail.Row) []apiKey {
	var keys []apiKey
	for _, text := range row.APIKeys {
		id, rest, _ := strings.Cut(text, " ")
		prefix, name, _ := strings.Cut(rest, " ")
		keys = append(keys, apiKey{id, prefix, name})
	}
	return keys
}
