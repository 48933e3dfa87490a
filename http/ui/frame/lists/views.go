package lists

import (
	"context"
	"maps"
	"slices"
	"time"

	"sleutelbos/http/answers"
	"sleutelbos/http/session"
)

// Views are questions that are asked often, each with how many rows it has.
type Views struct {
	All func(now time.Time) []Fits // nil for none; the time is in the reader's zone
	// Saved says that a view without rows is not shown, and that the views count all rows, not
	// those within the other filters.
	Saved bool
	// Count counts some of the views at once, by key; nil counts each by itself.
	Count func(context.Context, *View) (map[string]int64, error)
}

// Fits is a view: the values of some filters. Its text is "<key of the list>.view.<key>".
type Fits struct {
	Key    string
	Values map[string]string
	For    func(*View) bool // whom it is offered; nil for everybody
}

// shownViews are the views as the page shows them.
type shownViews struct {
	Saved bool
	// Counting says that the views have no counts yet; the page, once shown, asks for them.
	Counting bool
	All      []shownView
}

// shownView is a view with how many rows it has; fewer than none are not counted yet.
type shownView struct {
	Key, Href string
	Count     int64
	Current   bool
	values    map[string]string
}

// Shown reports whether the view is worth its place.
func (s shownViews) Shown(view shownView) bool { return !s.Saved || view.Count != 0 || view.Current }

// countWithin is how long a page waits for the counts of its saved views.
const countWithin = 200 * time.Millisecond

// views draws the views. A swap of the rows alone leaves saved ones as they are: they count
// what may be seen, wherever in the list one is.
func (l List[Item, Row]) views(v *View) error {
	v.Views.Saved = l.Views.Saved
	if l.Views.All == nil {
		return nil
	}
	target := v.Request.Header.Get("HX-Target")
	byForm := v.Request.Header.Get("HX-Trigger") == "filters"
	if l.Views.Saved && target == "list" && !byForm && v.Request.Header.Get("HX-History-Restore-Request") == "" {
		return nil // the rows alone are swapped
	}
	v.fits = l.Views.All(v.Site.Now().In(v.Site.Pages.Zone(v.Request.Context(), session.Who(v.Request.Context()).Organization)))
	v.fits = slices.DeleteFunc(v.fits, func(f Fits) bool { return f.For != nil && !f.For(v) })
	for _, fits := range v.fits {
		v.Views.All = append(v.Views.All, l.view(v, fits))
	}
	if l.Views.Saved && v.beside() {
		for i := range v.Views.All {
			v.Views.All[i].Count = -1 // how many there are of all rows would say something else
		}
		return nil
	}
	if !l.Views.Saved || target == "views" {
		return l.count(v.Request.Context(), v)
	}
	ctx, cancel := context.WithTimeout(v.Request.Context(), countWithin)
	defer cancel()
	err := l.count(ctx, v)
	if err == nil || v.Request.Context().Err() != nil || ctx.Err() == nil {
		return err
	}
	v.Views.Counting = true
	for i := range v.Views.All {
		v.Views.All[i].Count = -1
	}
	return nil
}

// beside reports whether filters are on by which the views do not differ.
func (v *View) beside() bool {
	for name, value := range v.shown {
		if value != "" && name != "sort" && name != "limit" && !slices.Contains(names(v.fits), name) {
			return true
		}
	}
	return false
}

// view returns a view without its count. It keeps the filters beside the ones by which the views
// differ, and is the current one if the address asks just what it does of those.
func (l List[Item, Row]) view(v *View, fits Fits) shownView {
	var pairs []string
	current := true
	for _, name := range names(v.fits) {
		pairs = append(pairs, name, fits.Values[name])
		current = current && v.shown[name] == fits.Values[name]
	}
	return shownView{Key: fits.Key, Href: v.with(pairs...), Current: current, values: fits.Values}
}

// names returns the filters by which the views differ.
func names(views []Fits) []string {
	var names []string
	for _, fits := range views {
		names = append(names, slices.Collect(maps.Keys(fits.Values))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (l List[Item, Row]) count(ctx context.Context, v *View) error {
	counted := map[string]int64{}
	var err error
	if l.Views.Count != nil {
		if counted, err = l.Views.Count(ctx, v); err != nil {
			return err
		}
	}
	for i, view := range v.Views.All {
		n, ok := counted[view.Key]
		if !ok {
			if n, err = l.countOne(ctx, v, view.values); err != nil {
				return err
			}
		}
		v.Views.All[i].Count = n
	}
	return nil
}

// countOne returns how many rows a view has: within the other filters, or of all rows for a
// saved one.
func (l List[Item, Row]) countOne(ctx context.Context, v *View, values map[string]string) (int64, error) {
	asked := v.Request.URL.Query()
	if l.Views.Saved {
		clear(asked)
	}
	for _, name := range names(v.fits) {
		asked.Del(name)
	}
	for name, value := range values {
		asked.Set(name, value)
	}
	if l.Fix != nil {
		l.Fix(asked)
	}
	args := answers.Args{}
	for name := range asked {
		args[name] = asked.Get(name)
	}
	return l.Thing.Count(ctx, v.Site.Source, v.Asker, args)
}
