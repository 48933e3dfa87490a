package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/internal/app"
	"sleutelbos/internal/sheet"
	"sleutelbos/projections/models/audithistory"
)

type auditExport struct {
	Format       string `help:"ndjson (the lines of the API), csv, or nen7513." enum:"ndjson,csv,nen7513" default:"ndjson"`
	From         moment `help:"Only what happened at this time or later: 2026-09-01, or 2026-09-01T12:00:00Z." placeholder:"TIME"`
	To           moment `help:"Only what happened before this time." placeholder:"TIME"`
	Organization string `help:"Only what concerns this organization." placeholder:"ID"`
	Account      string `help:"Only what concerns this account." placeholder:"ID"`
	Language     string `help:"Of the sentences: nl or en." enum:"nl,en" default:"nl"`
	Out          string `help:"File to write (mode 0600); default: standard output." type:"path" placeholder:"FILE"`
}

// moment is a date, which means its start in UTC, or a time.
type moment struct{ time.Time }

// UnmarshalText reads a moment.
func (m *moment) UnmarshalText(text []byte) (err error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if m.Time, err = time.Parse(layout, string(text)); err == nil {
			return nil
		}
	}
	return errors.New("a time is written as 2026-09-01 or as 2026-09-01T12:00:00Z")
}

// Run streams the history from the log itself, oldest first, without the read models. It
// is for who operates the vault: nobody is asked for a right, and what is read is not
// recorded.
func (c *auditExport) Run(p *program) error {
	if c.Out == "" {
		return c.write(p, p.out)
	}
	if _, err := os.Lstat(c.Out); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("export to %s: %w", c.Out, fs.ErrExist), err)
	}
	f, err := os.CreateTemp(filepath.Dir(c.Out), ".export-*") // mode 0600
	if err != nil {
		return fmt.Errorf("export the history: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // half an export is of no use; whole it has another name
	if err := errors.Join(c.write(p, f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), c.Out); err != nil { // unlike a rename it never replaces a file
		return fmt.Errorf("export the history: %w", err)
	}
	return nil
}

func (c *auditExport) write(p *program, w io.Writer) (err error) {
	if p.places.EventStore == "" {
		if _, err := os.Stat(filepath.Join(p.places.Data, memberLog)); err != nil {
			return fmt.Errorf("there is no event log in %s: %w", p.places.Data, err)
		}
	}
	s := p.storesAt(p.places)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.OpenJournal(p.ctx, app.Reading); err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	put, end, err := c.writer(buffered)
	if err != nil {
		return err
	}
	l, _ := words.Parse(c.Language) // the flag's enum allows nothing else
	ctx := words.With(p.ctx, l)
	lines := answers.OperatorsLines(audithistory.Opener{Registry: s.Journal.Registry, Keys: s.Vault})
	for r, err := range s.Journal.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if !s.Journal.Registry.Owns(r.Stream) {
			continue
		}
		_, record, err := s.Journal.Registry.DecodeSealed(r)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return err
		}
		row := audithistory.RowOf(record)
		if !c.wants(row) {
			continue
		}
		line, err := lines.Line(ctx, row)
		if err != nil {
			return err
		}
		if err := put(line); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
	}
	if err := errors.Join(end(), buffered.Flush()); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

func (c *auditExport) wants(row audithistory.Row) bool {
	return (c.Organization == "" || row.OrganizationID == c.Organization) && (c.Account == "" || row.AccountID == c.Account) &&
		!row.OccurredAt.Before(c.From.Time) && (c.To.IsZero() || row.OccurredAt.Before(c.To.Time))
}

// writer returns put, which writes a line, and end, which finishes the file.
func (c *auditExport) writer(w io.Writer) (put func(answers.HistoryLine) error, end func() error, err error) {
	if c.Format == "csv" {
		table := sheet.ForPrograms(w)
		err := table.Write(answers.HistoryColumns())
		return func(l answers.HistoryLine) error { return table.Write(answers.Cells(l)) },
			table.Flush, err
	}
	return func(l answers.HistoryLine) error {
		item := any(l)
		if c.Format == "nen7513" {
			item = nen7513(l)
		}
		text, err := json.Marshal(item)
		if err != nil {
			return err
		}
		_, err = w.Write(append(text, '\n'))
		return err
	}, func() error { return nil }, nil
}
