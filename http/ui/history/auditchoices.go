package history

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/audithistory"
)

// typeGroups lists every event that can happen, in words, by what it happens to.
func (s auditPages) typeGroups(l words.Language) []typeGroup {
	var all []typeGroup
	for _, a := range catalog.Aggregates() {
		group := typeGroup{Key: a.Name, Label: words.Said(l, a.Says)}
		for _, e := range a.Events {
			if e.Before {
				continue // the pattern of today's name finds it
			}
			said := words.Sentence(l, words.Happening{Type: e.Name, Actor: words.Actor{Name: "…"}})
			group.Types = append(group.Types, frame.Option{Value: e.Pattern(), Label: said})
		}
		slices.SortFunc(group.Types, func(a, b frame.Option) int { return strings.Compare(a.Value, b.Value) })
		all = append(all, group)
	}
	slices.SortFunc(all, func(a, b typeGroup) int { return strings.Compare(a.Key, b.Key) })
	return all
}

func (s auditPages) auditOrganizations(r *http.Request, who rights.Principal, chosen string) (frame.Choice, error) {
	c := frame.ChoiceOf(r, "organization", "organization")
	if who.May(rights.ReadAudit) < rights.ScopeAll {
		return c, nil // there is nothing to choose
	}
	err := s.Names.Organizations(r.Context(), &c, chosen)
	return c, err
}

// auditDownloads returns the addresses of the same lines as files, from the API.
func auditDownloads(f audithistory.Filter) frame.Downloads {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("actor", f.Actor)
	set("subject", f.Stream)
	if f.Account != "" {
		set("subject", f.Account)
	}
	set("type", strings.Join(f.Types, ","))
	set("organization", f.Organization)
	set("outcome", f.Outcome)
	if !f.From.IsZero() {
		q.Set("from", f.From.UTC().Format(time.RFC3339))
	}
	if !f.To.IsZero() {
		q.Set("to", f.To.UTC().Format(time.RFC3339))
	}
	return frame.DownloadsOf("/audit", q)
}
