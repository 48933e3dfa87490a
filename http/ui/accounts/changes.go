package accounts

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
)

// accountChange is a form that changes what is known of an account.
type accountChange struct {
	Key    string
	Fields []string // members of the command, each a field of the form
	// Body reads the form, for the account with an id that holds these texts.
	Body func(r *http.Request, id string, held map[string]string) (any, error)
}

var accountChanges = []accountChange{
	{"edit", slices.Concat([]string{"name"}, nameParts, detailNames()), func(r *http.Request, id string, held map[string]string) (any, error) {
		body, err := frame.DecodeChanged[accounts.ChangeDetails](r, held)
		body.AccountID = id
		if err == nil && (body.NameParts != accounts.NameParts[*string]{} || frame.Ticked(r, "keepParts")) {
			body.NameParts, err = frame.Decode[accounts.NameParts[*string]](r) // the parts go together
		}
		return body, err
	}},
	{"username", []string{"username"}, func(r *http.Request, id string, _ map[string]string) (any, error) {
		body, err := frame.Decode[accounts.ChangeUsername](r)
		body.AccountID = id
		return body, err
	}},
	{"validity", []string{"validUntil"}, func(r *http.Request, id string, _ map[string]string) (any, error) {
		body, err := frame.Decode[accounts.SetValidUntil](r)
		body.AccountID = id
		return body, err
	}},
}

// changePages are forms that change what is known of an account.
type changePages struct{ accountPages }

func (s changePages) mount(r chi.Router) {
	for _, c := range accountChanges {
		r.Get("/accounts/{id}/"+c.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
			return s.changeForm(w, r, c, frame.Merged{}, nil)
		}))
		r.Post("/accounts/{id}/"+c.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.runChange(w, r, c) }))
	}
}

type changePage struct {
	Head    accountpage.Head
	Change  accountChange
	Details []detail
	Held    map[string]string // what the fields hold now
	Typed   map[string]string
	Now     map[string]string // of the fields that both changed, what they hold
	// Whole says that the name has no parts, since it is a program's; Proposed that the parts are a
	// proposal, since only the whole is known.
	Whole, Proposed bool
}

func (s changePages) changeForm(w http.ResponseWriter, r *http.Request, c accountChange, merged frame.Merged, wrong *problem.Details) error {
	command, err := s.commandOf(r, c)
	if err != nil {
		return err
	}
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return err
	}
	h, err := s.heads.Of(r, "")
	if err != nil {
		return err
	}
	if !h.Manages {
		return s.Reach.Denied(r, command.Name, engine.ErrDenied)
	}
	held, proposed := heldInForm(h.Row, s.Now())
	p := changePage{Head: h, Change: c, Details: details, Held: held, Typed: held, Whole: h.Role == string(account.RoleService), Proposed: proposed}
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "change.*", c.Key), Nav: "accounts", Organization: h.OrganizationID, Problem: wrong}
	if wrong != nil {
		p.Typed = frame.Typed(r, append(slices.Clone(c.Fields), "keepParts"))
	}
	p.Now = merged.Now(held)
	page.Data = p
	if err := s.Reach.TellStale(r, &page, merged, eventstore.AccountSubject(h.ID), c.Fields); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "change", page)
}

func (s changePages) runChange(w http.ResponseWriter, r *http.Request, c accountChange) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	held, _ := heldInForm(row, s.Now())
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: c.Fields, Held: held, Revision: row.Revision, Body: func() (any, error) { return c.Body(r, row.ID, held) }}, ofAccount)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.changeForm(w, r, c, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen("/accounts/"+row.ID), words.Member("done.change-*", c.Key))
}

// commandOf returns the declaration of the command of a form.
func (s changePages) commandOf(r *http.Request, c accountChange) (engine.Command, error) {
	body, err := c.Body(r, "", nil)
	if err != nil {
		return engine.Command{}, err
	}
	return s.Commands.Offers.Of(body), nil
}
