package history

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// auditPages search the whole log.
type auditPages struct {
	frame.Site
	reader lineReader
}

func (s auditPages) mount(r chi.Router) {
	r.Get("/audit", s.Pages.SignedIn(s.showAudit))
	r.Get("/audit/accounts", s.Pages.SignedIn(s.suggestAccounts))
}

// auditPage is the whole log, the newest first, as far as the reader may see it.
type auditPage struct {
	values        url.Values
	organization  string // whose days the page tells: the one asked for, or the reader's
	Actor         person
	Subject       person
	Days          []timelineDay
	Total         int64
	More          bool // there are more than the total
	Types         []typeGroup
	Outcomes      []frame.Option
	Organizations frame.Choice // empty for who sees but one
	Filtered      bool
	Older         string
	Downloads     frame.Downloads
}

// typeGroup is an aggregate with its events.
type typeGroup struct {
	Key   string
	Label string
	Types []frame.Option
}

// URL returns the address with some parameters changed, see addressOf.
func (p auditPage) URL(changes ...string) string { return addressOf("/audit", p.values, changes...) }

// Value returns what the address says of a parameter.
func (p auditPage) Value(name string) string { return p.values.Get(name) }

// auditParameters are what the address may say.
var auditParameters = []string{"actor", "subject", "type", "from", "to", "organization", "outcome", "cursor"}

func (s auditPages) showAudit(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "SearchAudit", rights.ReadAudit); err != nil {
		return err
	}
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	page := auditPage{values: r.URL.Query()}
	filter, err := s.auditFilter(r, &page)
	if err != nil {
		return err
	}
	question := answers.Question{List: "/audit", Who: who, Parameters: map[string]string{}}
	for name := range page.values {
		question.Parameters[name] = page.values.Get(name)
	}
	after, err := s.Source.Cursors.Open(question, page.Value("cursor"))
	if err != nil {
		return err
	}
	if len(page.Actor.Choices)+len(page.Subject.Choices) == 0 { // else the reader chooses first
		found, err := audithistory.List(ctx, s.DB, filter, listing.Query{Sort: "-position", After: after})
		if err != nil {
			return err
		}
		lines, err := s.reader.lines(r, "", found.Items)
		if err != nil {
			return err
		}
		next, err := s.Source.Cursors.Seal(question, found.Next)
		if err != nil {
			return err
		}
		page.Days, page.Total, page.More = byDay(lines, s.Pages.Zone(ctx, page.organization)), found.Total, found.More
		if next != "" {
			page.Older = page.URL("cursor", next)
		}
	}
	page.Types = s.typeGroups(l)
	for _, outcome := range []string{eventstore.OutcomeDone, eventstore.OutcomeRefused} {
		page.Outcomes = append(page.Outcomes, frame.Option{Value: outcome, Label: words.Value(l, words.Outcomes, outcome)})
	}
	if page.Organizations, err = s.auditOrganizations(r, who, page.Value("organization")); err != nil {
		return err
	}
	page.Downloads = auditDownloads(filter)
	return s.Pages.Render(w, r, "audit", frame.Page{Title: words.Text(l, "audit.title"), Nav: "audit", Organization: page.organization, Data: page})
}

// auditFilter reads the address. What it does not understand is refused, and what lies
// outside the reader's reach is not there.
func (s auditPages) auditFilter(r *http.Request, page *auditPage) (audithistory.Filter, error) {
	who := session.Who(r.Context())
	invalid := problem.New(http.StatusBadRequest, "parameter-invalid")
	page.values.Del(frame.SearchOf("organization")) // it asks for other choices, and not for other lines
	for name, values := range page.values {
		if !slices.Contains(auditParameters, name) || len(values) > 1 || !plainText(values[0]) {
			return audithistory.Filter{}, invalid
		}
	}
	scope, account := frame.Within(who, rights.ReadAudit)
	f := audithistory.Filter{Organization: scope, Account: account, Outcome: page.Value("outcome")}
	if id := page.Value("organization"); id != "" {
		if scope != "" && id != scope {
			return f, s.Reach.Denied(r, "SearchAudit", organization.ErrNotFound)
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
	page.organization = cmp.Or(f.Organization, who.Organization)
	zone := s.Pages.Zone(r.Context(), page.organization)
	f.From, f.To = dayStart(page.Value("from"), 0, zone), dayStart(page.Value("to"), 1, zone)
	var err error
	if page.Actor, err = s.person(r, scope, page.Value("actor")); err != nil {
		return f, err
	}
	if page.Subject, err = s.person(r, scope, page.Value("subject")); err != nil {
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

// plainText reports whether a parameter is a text that may be searched for.
func plainText(value string) bool {
	return utf8.ValidString(value) && len(value) <= 4000 && !strings.ContainsFunc(value, unicode.IsControl)
}
