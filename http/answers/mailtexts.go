package answers

import (
	"context"
	"errors"
	"slices"
	"time"

	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// MailTexts are what the mails of an organization say at a moment.
type MailTexts struct {
	OrganizationID string     `json:"organizationId" format:"uuid"`
	Items          []MailText `json:"items"`
}

// MailText is what a kind of mail says in a language.
type MailText struct {
	Template     message.Template  `json:"template" enum:"values"`
	Language     string            `json:"language" enum:"nl,en"`
	Subject      string            `json:"subject"`
	Body         string            `json:"body" doc:"Plain text; an empty line begins a paragraph."`
	BuiltIn      bool              `json:"builtIn" doc:"The organization has no text of its own."`
	Placeholders []MailPlaceholder `json:"placeholders"`
	Since        *string           `json:"since" format:"date-time" doc:"When somebody last changed or reset it; null if nobody did."`
	By           *Actor            `json:"by" doc:"Who did."`
	Revision     int64             `json:"revision" doc:"Of the mail in both languages, for If-Match; -1 if nobody ever changed it."`
}

// MailPlaceholder is what stands in a text for what each mail says there.
type MailPlaceholder struct {
	Name      mailtemplate.Placeholder `json:"name" enum:"values" doc:"It stands in the text in braces: {LINK}."`
	Required  bool                     `json:"required" doc:"The text must have it."`
	InSubject bool                     `json:"inSubject" doc:"The subject may have it, too."`
}

// MailTexts returns what the mails of an organization said at a time; the zero time means now. The text of
// a mail that the organization had not changed then is the one that this version of the program has. That
// the organization is within the asker's reach is checked before.
func (p Past) MailTexts(ctx context.Context, organizationID string, at time.Time) (MailTexts, error) {
	states, last := map[message.Template]mailtemplate.State{}, map[mailtemplate.About]HistoryLine{}
	revisions := map[message.Template]int64{}
	filter := audithistory.Filter{Organization: organizationID, Types: catalog.NamesOf(mailtemplate.Changed{}, mailtemplate.WasReset{})}
	lines := p.Lines()
	for row, err := range audithistory.All(ctx, p.Source.DB, filter, listing.Query{}) {
		if err != nil {
			return MailTexts{}, err
		}
		if !at.IsZero() && row.OccurredAt.After(at) {
			break
		}
		opened, err := lines.Opener.Open(ctx, row)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return MailTexts{}, err
		}
		line, err := lines.line(ctx, opened)
		if err != nil {
			return MailTexts{}, err
		}
		event, _ := opened.Event.(mailtemplate.Event) // the types are those of a mail text
		about := event.Meant()
		states[about.Template] = mailtemplate.Decider.Evolve(states[about.Template], event)
		last[about], revisions[about.Template] = line, row.Revision+1
	}
	found := MailTexts{OrganizationID: organizationID, Items: []MailText{}}
	for _, template := range message.Templates() {
		for _, language := range message.Languages() {
			item := mailText(states[template], template, language)
			item.Revision = revisions[template] - 1
			if line, ok := last[mailtemplate.About{OrganizationID: organizationID, Template: template, Language: language}]; ok {
				item.Since, item.By = &line.At, &line.Actor
			}
			found.Items = append(found.Items, item)
		}
	}
	return found, nil
}

func mailText(state mailtemplate.State, template message.Template, language string) MailText {
	held := state.Held(template, language)
	_, own := state.Texts[language]
	item := MailText{Template: template, Language: language, Subject: held.Subject, Body: held.Body, BuiltIn: !own}
	allowed, _ := mailtemplate.AllowedIn(template)
	for _, p := range allowed.All() {
		item.Placeholders = append(item.Placeholders, MailPlaceholder{Name: p, Required: slices.Contains(allowed.Must, p), InSubject: p.InSubject()})
	}
	return item
}
