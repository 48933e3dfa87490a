package accounts

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/messages"
)

// tabPages show what is known of an account.
type tabPages struct{ accountPages }

func (s tabPages) mount(r chi.Router) {
	r.Get("/accounts/{id}", s.Pages.SignedIn(s.showAccount))
	r.Get("/accounts/{id}/mail", s.Pages.SignedIn(s.showAccountMail))
}

type accountFactsPage struct {
	Head    accountpage.Head
	By      map[string]string // names of who acted, by id; empty for who may not know
	Details []detail          // but for the postal address, which is one thing to a reader
	Address string            // in lines; empty if it is not known
	Held    map[string]string // what the details are
	Flags   []flag
	Kept    bool // the contact data are not for the reader
}

func (s tabPages) showAccount(w http.ResponseWriter, r *http.Request) error {
	h, err := s.heads.Of(r, "facts")
	if err != nil {
		return err
	}
	p := accountFactsPage{Head: h, Details: shownDetails, Address: address(h.Row, words.Of(r.Context())), Held: held(h.Row, s.Now()), Flags: flags(h.Row, s.Now())}
	who := session.Who(r.Context())
	p.Kept = h.Internal && !who.Reaches(rights.ReadShielded, h.OrganizationID, h.ID)
	if who.Reaches(rights.ReadDecider, h.OrganizationID, "") {
		p.By, err = s.Names.Of(r.Context(), h.CreatedBy, h.ActivationSentBy, h.BlockedBy, h.DisabledBy, h.ValiditySetBy, h.ClosedBy, h.PasswordSetBy)
		if err != nil {
			return err
		}
	}
	page := frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: p}
	if page.Meanwhile, err = s.Reach.SeenSince(r, eventstore.AccountSubject(h.ID), append([]string{"name", "username", "validUntil"}, detailNames()...)); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "facts", page)
}

type accountMailPage struct {
	Head     accountpage.Head
	Letters  frame.Some[letters.Row]
	Messages frame.Some[messages.Item]
}

func (s tabPages) showAccountMail(w http.ResponseWriter, r *http.Request) error {
	h, err := s.heads.Of(r, "mail")
	if err != nil {
		return err
	}
	if !h.Letters {
		return s.Reach.Denied(r, "ListLetters", engine.ErrDenied)
	}
	sent, err := answers.Letters.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLetters"), listing.Question{Account: h.ID, Query: listing.Query{Sort: "-createdAt", Limit: frame.Shown}})
	if err != nil {
		return err
	}
	asked, err := answers.Messages.Ask("accountId=" + h.ID + "&sort=-queuedAt&limit=" + strconv.Itoa(frame.Shown))
	if err != nil {
		return err
	}
	mails, err := answers.Messages.Page(r.Context(), s.Source, s.Reach.Asker(r, "ListMessages"), asked)
	if err != nil {
		return err
	}
	return s.render(w, r, "mail", h, accountMailPage{
		Head:     h,
		Letters:  frame.Some[letters.Row]{Items: sent.Items, Total: sent.Total, All: frame.Address("/letters", map[string]string{"accountId": h.ID})},
		Messages: frame.Some[messages.Item]{Items: mails.Items, Total: mails.Total, All: frame.Address("/messages", map[string]string{"accountId": h.ID})},
	})
}
