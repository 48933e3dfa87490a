package sheet

import (
	"encoding/csv"
	"io"
)

// Writer writes the rows of a table, and makes each cell harmless.
type Writer struct {
	out   io.Writer
	table *csv.Writer
	mark  string // that stands before the first row; empty once it was written
}

// ForPrograms returns a writer of CSV as RFC 4180 has it, with commas.
func ForPrograms(out io.Writer) *Writer {
	return &Writer{out: out, table: csv.NewWriter(out)}
}

// ForPeople returns a writer of CSV that the spreadsheets of the Low Countries open at a click,
// with every letter right: semicolons, and the mark of UTF-8 before them.
func ForPeople(out io.Writer) *Writer {
	w := &Writer{out: out, table: csv.NewWriter(out), mark: "\ufeff"}
	w.table.Comma = ';'
	return w
}

// Write writes a row.
func (w *Writer) Write(cells []string) error {
	if w.mark != "" {
		if _, err := io.WriteString(w.out, w.mark); err != nil {
			return err
		}
		w.mark = ""
	}
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = Harmless(cell)
	}
	return w.table.Write(safe)
}

// Flush writes what was held back.
func (w *Writer) Flush() error {
	w.table.Flush()
	return w.table.Error()
}
