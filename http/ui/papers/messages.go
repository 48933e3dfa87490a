package papers

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	messagecommands "sleutelbos/commands/messages"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/message"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/messages"
)

// messageRow is a mail with the name of whom it is about.
type messageRow struct {
	messages.Item
	Account string
}

// messageList is the list of mails.
var messageList = lists.List[messages.Item, messageRow]{
	Path: "/messages", Key: "messages", Says: "list", Nav: "messages", Icon: "mail", Bare: "messages.none",
	Right: rights.ReadMessages, Thing: answers.Messages,
	Order:   func(url.Values) string { return "-queuedAt" },
	Filters: []lists.Filter{lists.Organizations(), {Name: "template", Choices: templateChoices}},
	Links:   []string{"accountId"},
	Views:   lists.Views{All: messageViews},
	Rows: func(v *lists.View, items []messages.Item) ([]messageRow, error) {
		names, err := lists.Names(v, items, func(m messages.Item) string { return m.AccountID })
		rows := make([]messageRow, len(items))
		for i, item := range items {
			rows[i] = messageRow{item, names[item.AccountID]}
		}
		return rows, err
	},
	Columns: messageColumns,
	Of: func(row *messageRow) lists.Line {
		return lists.Line{ID: row.ID, Name: row.Recipient, Fixed: row.Status != string(message.StatusGivenUp)}
	},
	Selection: func(v *lists.View) *lists.Selection {
		return &lists.Selection{
			Action: "/messages/resend", Method: "post", Ticks: v.Sees(rights.ManageAccounts), Help: "messages.resend-help",
			Buttons: []lists.Button{{Runs: messagecommands.ResendMessage{}, Text: "messages.resend"}},
		}
	},
}

func resent(id string) any { return messagecommands.ResendMessage{MessageID: id} }

// messageViews has a view of all mails, and one for each status.
func messageViews(time.Time) []lists.Fits {
	views := []lists.Fits{{Key: "all", Values: map[string]string{"status": ""}}}
	for _, status := range message.Statuses() {
		views = append(views, lists.Fits{Key: string(status), Values: map[string]string{"status": string(status)}})
	}
	return views
}

func messageColumns(v *lists.View) []lists.Column[messageRow] {
	return []lists.Column[messageRow]{
		{Text: "messages.subject", Main: true, Cell: "message-subject", Value: func(m *messageRow) any { return m.Template }},
		{Text: "messages.to", Cell: "cell-noted", Value: func(m *messageRow) any {
			to := lists.Noted{Text: cmp.Or(m.Recipient, "–")} // none where it is not for the reader
			if m.ToAdmin {
				to.Second = words.Text(v.Language, "messages.redirected")
			}
			return to
		}},
		{Text: "messages.account", Cell: "cell-link", Value: func(m *messageRow) any {
			if m.AccountID == "" {
				return lists.Href{Text: "–"}
			}
			return lists.Href{Href: "/accounts/" + m.AccountID, Text: cmp.Or(m.Account, m.AccountID)}
		}},
		{Field: "status", Cell: "cell-badge", Value: func(m *messageRow) any { return message.Status(m.Status) }},
		{Text: "messages.attempts", Number: true, Cell: "cell-text", Value: func(m *messageRow) any { return strconv.FormatInt(m.Attempts, 10) }},
		{Text: "messages.error", Cell: "cell-code", Value: func(m *messageRow) any { return m.LastError }},
		{Text: "messages.queued", Sort: "queuedAt", Cell: "cell-time", Value: func(m *messageRow) any { return m.QueuedAt }},
		{Text: "messages.changed", Cell: "cell-time", Value: func(m *messageRow) any { return m.At }},
	}
}

// templateChoices are the kinds of mail; two that have the same subject are told apart.
func templateChoices(v *lists.View) ([]frame.Option, error) {
	l := v.Language
	var all []frame.Option
	for _, template := range message.Templates() {
		label := words.Subject(l, string(template))
		if template == message.TemplateRegistrationAgain {
			label = words.Text(l, "messages.again", label)
		}
		all = append(all, frame.Option{Value: string(template), Label: label})
	}
	return all, nil
}
