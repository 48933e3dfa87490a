package lists

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// Set holds the lists of a section that everybody gets who may read them. From it come their
// routes and their texts, and the tabs that lead from one list to those under the same line of
// the navigation.
type Set []interface {
	Declare(texts *words.Book)
	place() frame.List
	mount(s frame.Site, r chi.Router)
}

// Mount adds the lists to a router, and returns the site whose section has them.
func (set Set) Mount(s frame.Site, r chi.Router) frame.Site {
	s.Lists = nil
	for _, list := range set {
		s.Lists = append(s.Lists, list.place())
	}
	for _, list := range set {
		list.Declare(s.Texts)
		list.mount(s, r)
	}
	return s
}

func (l List[Item, Row]) place() frame.List {
	return frame.List{Nav: l.Nav, Path: l.Path, Key: l.Key, Right: l.Right}
}

func (l List[Item, Row]) mount(s frame.Site, r chi.Router) {
	r.Get(l.Path, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return l.Show(s, w, r, nil) }))
}

// tabs returns the lists under the same line of the navigation that the reader may see; none
// where the list stands alone.
func (l List[Item, Row]) tabs(v *View) []frame.List {
	var tabs []frame.List
	for _, list := range v.Site.Lists {
		if list.Nav == l.Nav && v.Sees(list.Right) {
			tabs = append(tabs, list)
		}
	}
	if len(tabs) < 2 {
		return nil
	}
	return tabs
}
