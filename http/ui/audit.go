package ui

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
)

// mountAudit adds the whole log.
func (u *UI) mountAudit(r chi.Router) {
	r.Get("/audit", u.Pages.SignedIn(u.showAudit))
	r.Get("/audit/accounts", u.Pages.SignedIn(u.suggestAccounts))
}

// auditPage is the whole log, the newest first, as far as the reader may see it.
type auditPage struct {
	values        url.Values
	Actor         person
	Subject       person
	Days          []timelineDay
	Total         int64
	Types         []typeGroup
	Outcomes      []frame.Option
	Organizations []frame.Option // empty for who sees but one
	Filtered      bool
	Older         string
	Export        string
}

// person is whom a filter is about, as it was typed and as it was understood.
type person struct {
	Typed   string
	ID      string         // of the account, or the name of a part of the program
	Name    string         // of the account
	Choices []frame.Option // if several fit
}

// typeGroup is an aggregate with its events.
type typeGroup struct {
	Key   string
	Label string
	Types []frame.Option
}

// URL is the address with some parameters changed, see addressOf.
func (p auditPage) URL(changes ...string) string { return addressOf("/audit", p.values, changes...) }

// Value answers what the address says of a parameter.
func (p auditPage) Value(name string) string { return p.values.Get(name) }

// auditParameters are what the address may say.
var auditParameters = []string{"actor", "subject", "type", "from", "to", "organization", "outcome", "cursor"}

func (u *UI) showAudit(w http.ResponseWriter, r *http.Request) error {
	if err := u.Reach.Need(r, "SearchAudit", rights.ReadAudit); err != nil {
		return err
	}
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	page := auditPage{values: r.URL.Query()}
	filter, err := u.auditFilter(r, &page)
	if err != nil {
		return err
	}
	question := answers.Question{List: "/audit", Who: who, Parameters: map[string]string{}}
	for name := range page.values {
		question.Parameters[name] = page.values.Get(name)
	}
	after, err := u.Cursors.Open(question, page.Value("cursor"))
	if err != nil {
		return err
	}
	if len(page.Actor.Choices)+len(page.Subject.Choices) == 0 { // else the reader chooses first
		found, err := audithistory.List(ctx, u.DB, filter, listing.Query{Sort: "-position", After: after})
		if err != nil {
			return err
		}
		lines, err := u.lines(r, found.Items)
		if err != nil {
			return err
		}
		next, err := u.Cursors.Seal(question, found.Next)
		if err != nil {
			return err
		}
		page.Days, page.Total = byDay(lines), found.Total
		if next != "" {
			page.Older = page.URL("cursor", next)
		}
	}
	page.Types = u.typeGroups(l)
	for _, outcome := range []string{eventstore.OutcomeDone, eventstore.OutcomeRefused} {
		page.Outcomes = append(page.Outcomes, frame.Option{Value: outcome, Label: words.Value(l, outcome)})
	}
	if page.Organizations, err = u.auditOrganizations(ctx, who); err != nil {
		return err
	}
	page.Export = exportAudit(filter)
	return u.Pages.Render(w, r, "audit", frame.Page{Title: words.Text(l, "audit.title"), Nav: "audit", Data: page})
}

// auditFilter reads the address. What it does not understand is refused, and what lies
// outside the reader's reach is not there.
func (u *UI) auditFilter(r *http.Request, page *auditPage) (audithistory.Filter, error) {
	who := session.Who(r.Context())
	invalid := problem.New(http.StatusBadRequest, "parameter-invalid")
	for name, values := range page.values {
		if !slices.Contains(auditParameters, name) || len(values) > 1 || !plainText(values[0]) {
			return audithistory.Filter{}, invalid
		}
	}
	scope, account := frame.Within(who, rights.ReadAudit)
	f := audithistory.Filter{Organization: scope, Account: account, Outcome: page.Value("outcome")}
	if id := page.Value("organization"); id != "" {
		if scope != "" && id != scope {
			return f, u.Reach.Denied(r, "SearchAudit", organization.ErrNotFound)
		}
		f.Organization = id
	}
	if typ := page.Value("type"); typ != "" {
		f.Types = []string{typ}
	}
	for _, day := range []string{page.Value("from"), page.Value("to")} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return f, invalid
		}
	}
	f.From, f.To = dayStart(page.Value("from"), 0), dayStart(page.Value("to"), 1)
	var err error
	if page.Actor, err = u.person(r.Context(), scope, page.Value("actor")); err != nil {
		return f, err
	}
	if page.Subject, err = u.person(r.Context(), scope, page.Value("subject")); err != nil {
		return f, err
	}
	f.Actor = page.Actor.ID
	switch {
	case account != "":
	case page.Subject.Name != "":
		f.Account = page.Subject.ID
	default:
		f.Stream = page.Subject.ID // license-<id>, or whatever else was typed
	}
	for _, name := range auditParameters[:len(auditParameters)-1] {
		page.Filtered = page.Filtered || page.Value(name) != ""
	}
	return f, nil
}

// plainText says whether a parameter is a text that may be searched for.
func plainText(value string) bool {
	return utf8.ValidString(value) && len(value) <= 4000 && !strings.ContainsFunc(value, unicode.IsControl)
}

// person finds whom a reader means: by id, by username, or by a part of the name if only
// one fits. What is no account is taken as it was typed: a part of the program, a stream.
func (u *UI) person(ctx context.Context, organization, typed string) (person, error) {
	p := person{Typed: typed, ID: typed}
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return p, nil
	}
	bare := strings.TrimPrefix(typed, eventstore.AccountSubject(""))
	if id, err := uuid.Parse(bare); err == nil {
		rows, err := u.Reach.Accounts(ctx, organization, []string{id.String()})
		if row, ok := rows[id.String()]; ok && err == nil {
			p.ID, p.Name = row.ID, row.Name
		}
		return p, err
	}
	found, err := u.suggestions(ctx, organization, typed)
	if err != nil {
		return p, err
	}
	for _, row := range found {
		if len(found) == 1 || strings.EqualFold(row.Username, typed) {
			p.ID, p.Name, p.Choices = row.ID, row.Name, nil
			return p, nil
		}
		p.Choices = append(p.Choices, frame.Option{Value: row.Username, Label: row.Name + " · " + row.Username})
	}
	return p, nil
}

// mostSuggestions is how many accounts are offered for a text.
const mostSuggestions = 8

func (u *UI) suggestions(ctx context.Context, organization, typed string) ([]accountlist.Item, error) {
	page, err := accountlist.List(ctx, u.DB, accountlist.Filter{Organization: organization, Now: u.Now()}, listing.Query{Search: typed, Limit: mostSuggestions})
	return page.Items, err
}

// suggestAccounts answers the accounts that fit what is being typed, as choices of a field.
func (u *UI) suggestAccounts(w http.ResponseWriter, r *http.Request) error {
	if err := u.Reach.Need(r, "SearchAudit", rights.ReadAudit); err != nil {
		return err
	}
	typed := r.URL.Query().Get("actor") + r.URL.Query().Get("subject")
	organization, account := frame.Within(session.Who(r.Context()), rights.ReadAudit)
	var found []accountlist.Item
	if typed != "" && plainText(typed) && account == "" {
		var err error
		if found, err = u.suggestions(r.Context(), organization, typed); err != nil {
			return err
		}
	}
	return u.Pages.Fragment(w, r, "suggestions", found)
}

// typeGroups lists every event that can happen, in words, by what it happens to.
func (u *UI) typeGroups(l words.Language) []typeGroup {
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

func (u *UI) auditOrganizations(ctx context.Context, who rights.Principal) ([]frame.Option, error) {
	if who.May(rights.ReadAudit) < rights.ScopeAll {
		return nil, nil // there is nothing to choose
	}
	page, err := organizationlist.List(ctx, u.DB, organizationlist.Filter{}, listing.Query{Limit: frame.MostOptions})
	var all []frame.Option
	for _, row := range page.Items {
		all = append(all, frame.Option{Value: row.ID, Label: row.Name})
	}
	return all, err
}

// exportAudit is the address of the same lines as CSV, from the API.
func exportAudit(f audithistory.Filter) string {
	q := url.Values{"format": {"csv"}}
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
	return answers.Prefix + "/audit?" + q.Encode()
}
