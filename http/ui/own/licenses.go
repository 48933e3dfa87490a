package own

import (
	"context"
	"errors"
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
)

// own is what an account has, may ask for and asked for.
type own struct {
	Held      []licenselist.Item
	Open      []licenselist.Item // that can be asked for
	Standards []licenselist.Item // with standards that can be asked for
	Requests  frame.Some[licenserequests.Item]
	MayAsk    bool

	// What was typed, after a refusal.
	License, Standard, Reason string
}

// ownLicenses gathers what an account's holder sees of licenses. Who decided is not told.
func (s Section) ownLicenses(r *http.Request, who rights.Principal) (own, error) {
	ctx := r.Context()
	may, err := s.mayAsk(ctx, who)
	if err != nil {
		return own{}, err
	}
	o := own{MayAsk: may}
	row, err := s.ownAccount(ctx, who)
	if err != nil {
		return o, err
	}
	if o.Held, err = licenselist.Held(ctx, s.DB, who.Organization, row.Licenses); err != nil {
		return o, err
	}
	if o.Requests, err = s.ownRequests(r, who); err != nil {
		return o, err
	}
	taken := map[string]bool{}
	for _, l := range o.Held {
		taken[l.ID] = true
	}
	open := listing.Question{Account: who.AccountID, Fits: listing.Fits{"status": licenserequests.Open}}
	for request, err := range answers.Requests.Each(ctx, s.Source, s.Reach.Asker(r, "ListLicenseRequests"), open) {
		if err != nil {
			return o, err
		}
		taken[request.LicenseID] = true
	}
	for l, err := range answers.Licenses.Each(ctx, s.Source, s.Reach.Asker(r, "ListLicenses"), listing.Question{Organization: who.Organization}) {
		if err != nil {
			return o, err
		}
		if !taken[l.ID] && l.MayBeRequested() {
			o.Open = append(o.Open, l)
		}
		if !taken[l.ID] && !l.CompanyWide && len(l.Standards) > 0 {
			o.Standards = append(o.Standards, l)
		}
	}
	return o, nil
}

// ownRequests returns the latest requests of an account.
func (s Section) ownRequests(r *http.Request, who rights.Principal) (frame.Some[licenserequests.Item], error) {
	asked, err := answers.Requests.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLicenseRequests"), listing.Question{
		Account: who.AccountID, Query: listing.Query{Sort: "-requestedAt", Limit: frame.Shown},
	})
	for i := range asked.Items {
		asked.Items[i].DecidedBy, asked.Items[i].DecidedName = "", ""
	}
	return frame.Some[licenserequests.Item]{Items: asked.Items, Total: asked.Total}, err
}

// mayAsk reports whether whoever asks may request licenses, and the own organization works with them.
func (s Section) mayAsk(ctx context.Context, who rights.Principal) (bool, error) {
	if who.May(rights.RequestLicenses) == rights.ScopeNone {
		return false, nil
	}
	o, err := organizationlist.Get(ctx, s.DB, who.Organization)
	return err == nil && o.Licenses, notYet(err)
}

// ownAccount returns the asker's account; an empty one while the read model has not seen it.
func (s Section) ownAccount(ctx context.Context, who rights.Principal) (accountdetail.Row, error) {
	item, err := answers.Accounts.Own(ctx, s.Source, answers.Asker{Who: who})
	if errors.Is(err, answers.Accounts.Missing) {
		return accountdetail.Row{}, nil
	}
	return item.Row, err
}
