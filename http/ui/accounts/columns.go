package accounts

import (
	"net/http"
	"slices"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/http/ui/frame"
)

// column is one that the list can show.
type column struct {
	Key   string
	Sort  string // name of the order by it; empty for none
	Shown bool
}

const columnsCookie = "account-columns"

// usualColumns returns every column, with those shown that are usually.
func usualColumns() []column {
	return []column{
		{"organization", "", true}, {"role", "", true}, {"status", "", true}, {"sent", "activationSentAt", true},
		{"activated", "activatedAt", true}, {"deadline", "", true}, {"until", "validUntil", true}, {"licenses", "", true},
		{"channel", "", false}, {"created", "createdAt", false}, {"changed", "changedAt", false},
	}
}

// columnsOf returns the columns that the reader chose, or the usual ones.
func columnsOf(r *http.Request, who rights.Principal) []column {
	columns := usualColumns()
	if who.May(rights.ReadAccounts) != rights.ScopeAll {
		columns = columns[1:] // one organization needs no column
	}
	chosen, err := r.Cookie(columnsCookie)
	if err != nil {
		return columns
	}
	keys := strings.Split(chosen.Value, ".")
	for i := range columns {
		columns[i].Shown = slices.Contains(keys, columns[i].Key)
	}
	return columns
}

// chooseColumns keeps in the browser which columns to show.
func (s listPages) chooseColumns(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	var keys []string
	for _, c := range columnsOf(r, rights.System("columns")) {
		if slices.Contains(r.PostForm["column"], c.Key) {
			keys = append(keys, c.Key)
		}
	}
	s.Pages.Cookies.Set(w, columnsCookie, strings.Join(keys, "."), frame.KeptLong)
	http.Redirect(w, r, frame.Local(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
