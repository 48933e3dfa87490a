package organizations

import (
	"net/http"
	"strings"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
)

// accountRow is an account among others.
type accountRow struct {
	accountfacts.Facts
	Badge string
}

type adminsPage struct {
	Head   organizationHead
	Admins []accountRow
	Q      string
	Found  []accountRow // who could be appointed
	More   bool         // there are more who fit
}

func (s tabPages) showAdmins(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "admins")
	if err != nil {
		return err
	}
	if !h.SeesAccounts {
		return s.Reach.Denied(r, "ListAccounts", engine.ErrDenied)
	}
	p := adminsPage{Head: h, Q: strings.TrimSpace(r.URL.Query().Get("q"))}
	rows, err := s.Reach.Accounts(r.Context(), h.ID, h.Admins)
	if err != nil {
		return err
	}
	for _, id := range h.Admins {
		if row, ok := rows[id]; ok {
			p.Admins = append(p.Admins, accountRow{row.Facts, row.Badge(s.Now())})
		}
	}
	if p.Q != "" && h.ManagesAdmins {
		found, err := answers.Accounts.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), listing.Question{
			Organization: h.ID, Fits: listing.Fits{"role": string(rights.RoleUser), "closed": "false"},
			Query: listing.Query{Search: p.Q, Limit: 20},
		})
		if err != nil {
			return err
		}
		p.More = found.Next != nil
		for _, item := range found.Items {
			p.Found = append(p.Found, accountRow{item.Facts, item.Badge(s.Now())})
		}
	}
	return s.Pages.Render(w, r, "admins", frame.Page{Title: h.Name, Nav: "organizations", Organization: h.ID, Data: p})
}
