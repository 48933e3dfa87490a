package papers

import (
	"net/url"
	"time"

	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/letter"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/letters"
)

// letterList is the list of letters.
var letterList = lists.List[letters.Row, letterRow]{
	Path: "/letters", Key: "letters", Says: "list", Nav: "letters", Icon: "file", Bare: "letters.none",
	Right: rights.ReadLetters, Thing: answers.Letters,
	Order:   func(url.Values) string { return "-createdAt" },
	Filters: []lists.Filter{lists.Organizations(), lists.OneOf("kind", letter.Kinds())},
	Links:   []string{"accountId"},
	Views:   lists.Views{All: letterViews},
	Rows: func(v *lists.View, items []letters.Row) ([]letterRow, error) {
		rows, err := letterRows(v.Request.Context(), v.Site.Names, items)
		if err != nil || !v.Sees(rights.ManageLetters) {
			return rows, err
		}
		return rows, fitLetters(v.Request.Context(), v.Site.Source, rows)
	},
	Columns: letterColumns,
	Of: func(row *letterRow) lists.Line {
		line := lists.Line{ID: row.ID, Href: "/letters/" + row.ID, Name: row.Recipient, Fixed: !row.Waits()}
		if row.State == "invalid" {
			line.Class = "over"
		}
		return line
	},
	Selection: func(v *lists.View) *lists.Selection {
		return &lists.Selection{
			Action: "/letters/sent", Method: "post", Ticks: v.Sees(rights.ManageLetters), Help: "letters.code-goes", Warns: true,
			Buttons: []lists.Button{
				{Runs: lettercommands.OpenLetter{}, Text: "letters.print", Primary: true, Action: "/letters/print", Method: "get"},
				{Runs: lettercommands.MarkLetterPrinted{}, Text: "letters.mark-printed", Action: "/letters/printed"}, {Runs: lettercommands.MarkLetterSent{}, Text: "letters.mark-sent", Action: "/letters/sent"},
			},
		}
	},
}

func letterColumns(v *lists.View) []lists.Column[letterRow] {
	columns := []lists.Column[letterRow]{
		{Text: "letters.subject", Main: true, Cell: "cell-main", Value: func(l *letterRow) any { return lists.Main{Href: "/letters/" + l.ID, Text: l.Subject} }},
		{Text: "letters.account", Cell: "letter-account", Value: func(l *letterRow) any { return l }},
		{Text: "letters.kind", Cell: "cell-value", Value: func(l *letterRow) any { return letter.Kind(l.Kind) }},
		{Text: "letters.created", Sort: "createdAt", Cell: "cell-time", Value: func(l *letterRow) any { return l.CreatedAt }},
		{Text: "letters.printed", Cell: "cell-time", Value: func(l *letterRow) any { return l.PrintedAt }},
		{Text: "letters.sent", Cell: "cell-time", Value: func(l *letterRow) any { return l.SentAt }},
		{Text: "letters.invalid", Cell: "letter-invalid", Value: func(l *letterRow) any { return l }},
	}
	if v.Sees(rights.ManageLetters) {
		columns = append(columns, lists.Column[letterRow]{Class: "end", Cell: "letter-next", Value: func(l *letterRow) any { return l }})
	}
	return columns
}

// letterViews has a view for each state of a letter, and all.
func letterViews(time.Time) []lists.Fits {
	return []lists.Fits{
		{Key: "all", Values: map[string]string{"printed": "", "sent": "", "invalid": ""}},
		{Key: "to_print", Values: map[string]string{"printed": "false", "sent": "false", "invalid": "false"}},
		{Key: "to_send", Values: map[string]string{"printed": "true", "sent": "false", "invalid": "false"}},
		{Key: "sent", Values: map[string]string{"printed": "true", "sent": "true", "invalid": "false"}},
		{Key: "invalid", Values: map[string]string{"printed": "", "sent": "", "invalid": "true"}},
	}
}
