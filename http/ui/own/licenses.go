package own

import (
	"context"
	"errors"
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
)

// own is what an account has, may ask for and asked for.
type own struct {
	Held     []licenselist.Item
	Open     []licenselist.Item // that can be asked for
	Requests []licenserequests.Item
	MayAsk   bool

	// What was typed, after a refusal.
	License, Reason string
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
	asked, err := answers.Requests.Find(ctx, s.Source, s.Reach.Asker(r, "ListLicenseRequests"), listing.Question{Account: who.AccountID, Query: listing.Query{Sort: "-requestedAt"}})
	if err != nil {
		return o, err
	}
	taken := map[string]bool{}
	for _, l := range o.Held {
		taken[l.ID] = true
	}
	for _, request := range asked.Items {
		request.DecidedBy, request.DecidedName = "", ""
		o.Requests = append(o.Requests, request)
		taken[request.LicenseID] = taken[request.LicenseID] || request.Status == licenserequests.Open
	}
	for l, err := range answers.Licenses.Each(ctx, s.Source, s.Reach.Asker(r, "ListLicenses"), listing.Question{Organization: who.Organization}) {
		if err != nil {
			return o, err
		}
		if !taken[l.ID] && l.MayBeRequested() {
			o.Open = append(o.Open, l)
		}
	}
	return o, nil
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
