package ui

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/message"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/messages"
)

// mountMessages adds the list of mails.
func (u *UI) mountMessages(r chi.Router) {
	r.Get("/messages", u.Pages.SignedIn(u.showMessages))
}

// messageRow is a mail with the name of whom it is about.
type messageRow struct {
	messages.Row
	Account string
}

type messagesPage struct {
	*listView
	Rows []messageRow
}

var (
	messageViews = []string{"all", messages.Queued, messages.Sent, messages.Failed, messages.GivenUp}
	messageTabs  = map[string]map[string]string{
		"all": {"status": ""}, messages.Queued: {"status": messages.Queued}, messages.Sent: {"status": messages.Sent},
		messages.Failed: {"status": messages.Failed}, messages.GivenUp: {"status": messages.GivenUp},
	}
)

func (u *UI) showMessages(w http.ResponseWriter, r *http.Request) error {
	ctx, l := r.Context(), words.Of(r.Context())
	v := &listView{Path: "/messages", API: "/messages", Key: "messages", right: rights.ReadMessages}
	var filter messages.Filter
	err := u.ask(r, v, "-queuedAt", func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.MessageQuestion(raw, v.scope, v.account)
		return asked, err
	}, nil)
	if err != nil {
		return err
	}
	page, err := messages.List(ctx, u.DB, filter, v.listing)
	if err == nil {
		err = u.ended(v, page.Total, page.Next)
	}
	if err == nil {
		err = u.chooseOrganization(ctx, v)
	}
	if err == nil {
		err = u.about(ctx, v)
	}
	if err == nil {
		err = v.tabs(messageViews, messageTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Status = parameters["status"]
			counted, err := messages.List(ctx, u.DB, f, listing.Query{Search: v.listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.choices("template", templateChoices(l)...)
	p := messagesPage{listView: v}
	if p.Rows, err = u.messageRows(r, page.Items); err != nil {
		return err
	}
	return u.Pages.Render(w, r, "messages", frame.Page{Title: words.Text(l, "messages.title"), Nav: "messages", Data: p})
}

// templateChoices are the kinds of mail; two that have the same subject are told apart.
func templateChoices(l words.Language) []frame.Option {
	var all []frame.Option
	for _, template := range message.Templates() {
		label := words.Subject(l, string(template))
		if template == message.TemplateRegistrationAgain {
			label = words.Text(l, "messages.again", label)
		}
		all = append(all, frame.Option{Value: string(template), Label: label})
	}
	return all
}

func (u *UI) messageRows(r *http.Request, items []messages.Row) ([]messageRow, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.AccountID
	}
	names, err := u.Names.Of(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]messageRow, len(items))
	for i, item := range items {
		rows[i] = messageRow{item, names[item.AccountID]}
	}
	return rows, nil
}
