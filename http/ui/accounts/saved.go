package accounts

import (
	"context"
	"net/http"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// countWithin is how long a page waits for the counts of its saved filters.
const countWithin = 200 * time.Millisecond

// savedFilter is a question that is asked often, with how many accounts it is about; fewer
// than none are not counted yet.
type savedFilter struct {
	Key, Href string
	Count     int64
	Current   bool
}

// savedFilters answers the saved filters. If counting takes too long it says so, and the
// page, once shown, asks for them again by their own name.
func (s listPages) savedFilters(r *http.Request, query accountsQuery) (saved []savedFilter, counting bool, err error) {
	ctx, cancel := r.Context(), context.CancelFunc(func() {})
	if r.Header.Get("HX-Target") != "saved" {
		ctx, cancel = context.WithTimeout(ctx, countWithin)
	}
	defer cancel()
	now := s.Now()
	saved = query.savedFilters(now)
	if err = s.count(ctx, session.Who(ctx), saved, now); err == nil {
		return saved, false, nil
	}
	if r.Context().Err() != nil || ctx.Err() == nil {
		return nil, false, err
	}
	for i := range saved {
		saved[i].Count = -1
	}
	return saved, true, nil
}

func (s listPages) count(ctx context.Context, who rights.Principal, saved []savedFilter, now time.Time) error {
	organization, account := frame.Within(who, rights.ReadAccounts)
	counts, err := accountlist.Counts(ctx, s.DB, organization, now)
	if err != nil {
		return err
	}
	all := int64(0)
	for badge, n := range counts {
		if badge != "closed" {
			all += n
		}
	}
	for i, filter := range saved {
		n, badge := counts[filter.Key]
		switch {
		case filter.Key == "all":
			saved[i].Count = all
		case badge:
			saved[i].Count = n
		default:
			_, asked, _ := strings.Cut(filter.Href, "?")
			_, filter, err := answers.AccountQuestion(asked+"&closed=false", organization, account, now)
			if err != nil {
				return err
			}
			found, err := accountlist.List(ctx, s.DB, filter, listing.Query{Limit: 1})
			if err != nil {
				return err
			}
			saved[i].Count = found.Total
		}
	}
	return nil
}
