// Package mailtemplates has the use cases of what the mails of an organization say. It queues the mails,
// too, so that each knows the text that was in force then.
package mailtemplates

import (
	"context"
	"errors"
	"strings"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
)

// UseCases are the commands of mail texts.
type UseCases struct {
	access.Access
	Messages  *aggregates.Messages
	Templates *engine.Aggregate[mailtemplate.State, mailtemplate.Command, mailtemplate.Event]
}

const category = "template"

// Stream returns the name of the stream of a kind of mail of an organization, in every language.
func Stream(organizationID string, template message.Template) string {
	return category + "-" + id(organizationID, template)
}

// New returns the use cases.
func New(a access.Access, messages *aggregates.Messages) UseCases {
	return UseCases{Access: a, Messages: messages, Templates: engine.NewAggregate(a.Engine, category, mailtemplate.Decider)}
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.Handled("ChangeTemplate", rights.ManageTemplates, "Gives a kind of mail of an organization another subject and text in a language.",
			u.change, engine.UndoneBy[ChangeTemplate](), engine.Icon("edit")),
		engine.Handled("ResetTemplate", rights.ManageTemplates, "Gives a kind of mail of an organization the built-in subject and text again.",
			u.reset, engine.UndoneBy[ChangeTemplate](), engine.Icon("undo")),
	}
}

// ChangeTemplate is the body of the command of that name.
type ChangeTemplate struct {
	OrganizationID string           `json:"organizationId" format:"uuid"`
	Template       message.Template `json:"template" enum:"values"`
	Language       string           `json:"language" enum:"nl,en"`
	Subject        string           `json:"subject" minLength:"1" maxLength:"200"`
	Body           string           `json:"body" minLength:"1" maxLength:"5000" lines:"many" doc:"Plain text; an empty line begins a paragraph. GET /organizations/{id}/templates lists the placeholders that it may have and must have."`
}

// ResetTemplate is the body of the command of that name.
type ResetTemplate struct {
	OrganizationID string           `json:"organizationId" format:"uuid"`
	Template       message.Template `json:"template" enum:"values"`
	Language       string           `json:"language" enum:"nl,en"`
}

func (u UseCases) change(ctx context.Context, c *engine.Call, in ChangeTemplate) (engine.None, error) {
	return u.decide(ctx, c, in.OrganizationID, in.Template, func(organizationID string) mailtemplate.Command {
		return mailtemplate.Change{
			About: mailtemplate.About{OrganizationID: organizationID, Template: in.Template, Language: in.Language},
			Text:  mailtemplate.Text{Subject: strings.TrimSpace(in.Subject), Body: strings.TrimSpace(in.Body)},
		}
	})
}

func (u UseCases) reset(ctx context.Context, c *engine.Call, in ResetTemplate) (engine.None, error) {
	return u.decide(ctx, c, in.OrganizationID, in.Template, func(organizationID string) mailtemplate.Command {
		return mailtemplate.Reset{About: mailtemplate.About{OrganizationID: organizationID, Template: in.Template, Language: in.Language}}
	})
}

func (u UseCases) decide(ctx context.Context, c *engine.Call, given string, template message.Template, command func(organizationID string) mailtemplate.Command) (engine.None, error) {
	organizationID, _, err := u.Organization(ctx, c, rights.ManageTemplates, given)
	if err == nil {
		_, err = u.Templates.Decide(ctx, c, id(organizationID, template), command(organizationID), engine.Step{Own: true})
	}
	return engine.None{}, err
}

// id returns the id of a kind of mail of an organization: it has one stream, which needs no making.
func id(organizationID string, template message.Template) string {
	return organizationID + "-" + string(template)
}

// Queue asks for a mail to be sent, with the text that is in force now.
func (u UseCases) Queue(ctx context.Context, c *engine.Call, messageID string, q message.Queue) error {
	if q.OrganizationID != "" {
		f, err := u.Templates.Load(ctx, id(q.OrganizationID, q.Template))
		if err != nil {
			return err
		}
		q.TemplateVersion = f.Revision() + 1
	}
	_, err := u.Messages.Decide(ctx, c, messageID, q, engine.Step{})
	return err
}

// Text returns what a mail says that was queued.
func (u UseCases) Text(ctx context.Context, q message.Queued) (mailtemplate.Text, error) {
	var state mailtemplate.State
	if q.TemplateVersion == 0 {
		return state.Held(q.Template, q.Language), nil
	}
	for entry, err := range u.Engine.Journal().Read(ctx, Stream(q.OrganizationID, q.Template), eventstore.Tail{}) {
		if err != nil {
			return mailtemplate.Text{}, err
		}
		if event, ok := entry.Event.(mailtemplate.Event); ok { // else it was passed over
			state = mailtemplate.Decider.Evolve(state, event)
		}
		if entry.Tail.Next == q.TemplateVersion {
			return state.Held(q.Template, q.Language), nil
		}
	}
	return mailtemplate.Text{}, errors.New("the text of a queued mail ends before the version that the mail names")
}
