package papers

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/message"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/messages"
)

// messagePages list mails.
type messagePages struct{ Section }

func (s messagePages) mount(r chi.Router) {
	r.Get("/messages", s.Pages.SignedIn(s.showMessages))
}

// messageRow is a mail with the name of whom it is about.
type messageRow struct {
	messages.Row
	Account string
}

type messagesPage struct {
	*lists.View
	Rows []messageRow
}

var (
	messageViews = []string{"all", messages.Queued, messages.Sent, messages.Failed, messages.GivenUp}
	messageTabs  = map[string]map[string]string{
		"all": {"status": ""}, messages.Queued: {"status": messages.Queued}, messages.Sent: {"status": messages.Sent},
		messages.Failed: {"status": messages.Failed}, messages.GivenUp: {"status": messages.GivenUp},
	}
)

func (s messagePages) showMessages(w http.ResponseWriter, r *http.Request) error {
	ctx, l := r.Context(), words.Of(r.Context())
	v := &lists.View{Path: "/messages", API: "/messages", Key: "messages", Right: rights.ReadMessages}
	var filter messages.Filter
	err := lists.Ask(s.Site, r, v, "-queuedAt", func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.MessageQuestion(raw, v.Scope, v.Account)
		return asked, err
	}, nil)
	if err != nil {
		return err
	}
	page, err := messages.List(ctx, s.DB, filter, v.Listing)
	if err == nil {
		err = lists.Ended(s.Site, v, page.Total, page.Next)
	}
	if err == nil {
		err = lists.ChooseOrganization(ctx, s.Site, v)
	}
	if err == nil {
		err = lists.About(ctx, s.Site, v)
	}
	if err == nil {
		err = v.ShowTabs(messageViews, messageTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Status = parameters["status"]
			counted, err := messages.List(ctx, s.DB, f, listing.Query{Search: v.Listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.Choose("template", templateChoices(l)...)
	p := messagesPage{View: v}
	if p.Rows, err = s.messageRows(r, page.Items); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "messages", frame.Page{Title: words.Text(l, "messages.title"), Nav: "messages", Data: p})
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

func (s messagePages) messageRows(r *http.Request, items []messages.Row) ([]messageRow, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.AccountID
	}
	names, err := s.Names.Of(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]messageRow, len(items))
	for i, item := range items {
		rows[i] = messageRow{item, names[item.AccountID]}
	}
	return rows, nil
}
