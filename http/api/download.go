package api

import (
	"errors"
	"iter"
	"mime"
	"strings"
	"unicode"

	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/internal/sheet"
)

// writeList streams a list as CSV: for people, or for programs.
func (a queries) writeList(k *asking, out *stream, q answers.Query) error {
	id, err := a.listed(k, q)
	if err != nil {
		return err
	}
	if k.args["format"] == answers.InSheet {
		list, err := a.source.Sheet(k.Context(), q, a.asker(k), id, k.args)
		if err != nil {
			return err
		}
		out.Header().Set("Content-Language", string(words.Of(k.Context())))
		return writeRows(out, sheet.ForPeople(out), fileName(list.File), list.Heads, list.Rows)
	}
	rows := func(yield func([]string, error) bool) {
		for item, err := range q.All(k.Context(), a.asker(k), id, k.args) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(answers.Cells(item), nil) {
				return
			}
		}
	}
	return writeRows(out, sheet.ForPrograms(out), q.ID, q.Shape.Heads(), rows)
}

// writeRows writes a table as a file. It begins with the first row, once nothing can be refused any more.
func writeRows(out *stream, table *sheet.Writer, file string, heads []string, rows iter.Seq2[[]string, error]) error {
	began := false
	begin := func() error {
		if began {
			return nil
		}
		began = true
		out.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		out.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file + ".csv"}))
		return table.Write(heads)
	}
	for row, err := range rows {
		if err == nil {
			err = begin()
		}
		if err == nil {
			err = table.Write(row)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(begin(), table.Flush())
}

// fileName returns a name without what file systems do not take.
func fileName(name string) string {
	const most = 120
	safe := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name))
	return strings.TrimSpace(string(safe[:min(len(safe), most)]))
}
