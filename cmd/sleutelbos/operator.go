package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/app"
	"sleutelbos/projections/machinery"
)

type projectionsCommand struct {
	List    projectionsList    `cmd:"" help:"Position and lag of each."`
	Rebuild projectionsRebuild `cmd:"" help:"Build again beside the live table, and switch."`
	Verify  projectionsVerify  `cmd:"" help:"Build in the shadow and compare row by row."`
}

type projectionsList struct{}

// Run prints a line a projection.
func (projectionsList) Run(p *program) error {
	return p.withStores(app.Reading, func(s *app.Stores) error {
		runner, err := s.NewRunner()
		if err != nil {
			return err
		}
		all, err := runner.Status(p.ctx)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "NAME\tPOSITION\tLAG (EVENTS)\tLAG (TIME)\tREBUILDING")
		for _, status := range all {
			rebuilding := "-"
			if status.Rebuilding != nil {
				rebuilding = fmt.Sprintf("%d events", status.Rebuilding.EventsDone)
			}
			events, age := strconv.FormatInt(status.LagEvents, 10), status.LagTime.Round(time.Millisecond).String()
			if status.LagUnknown {
				events, age = "unknown", "unknown"
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", status.Name, status.Position, events, age, rebuilding)
		}
		return out.Flush()
	})
}

// chosen are the read models that a command works on.
type chosen struct {
	Names []string `arg:"" optional:"" help:"Names of read models; none is all."`
}

func (c chosen) of(all []string) []string {
	if len(c.Names) == 0 {
		return all
	}
	return c.Names
}

type projectionsRebuild struct{ chosen }

// Run rebuilds one after the other, with a line that shows how far it is.
func (c projectionsRebuild) Run(p *program) error {
	defer app.KeepSmall()()
	return p.withStores(app.Reading, func(s *app.Stores) error {
		runner, err := s.NewRunner()
		if err != nil {
			return err
		}
		for _, name := range c.of(runner.Names()) {
			show := p.progress(name)
			if err := runner.Rebuild(p.ctx, name, show); err != nil {
				return fmt.Errorf("rebuild %s: %w", name, err)
			}
			fmt.Fprintln(p.out, "  rebuilt")
		}
		return nil
	})
}

type projectionsVerify struct{ chosen }

// Run compares one after the other; differences are named and make the command fail.
func (c projectionsVerify) Run(p *program) error {
	defer app.KeepSmall()()
	return p.withStores(app.Reading, func(s *app.Stores) error {
		runner, err := s.NewRunner()
		if err != nil {
			return err
		}
		wrong := false
		for _, name := range c.of(runner.Names()) {
			report, err := runner.Verify(p.ctx, name, p.progress(name))
			if err != nil {
				return fmt.Errorf("verify %s: %w", name, err)
			}
			fmt.Fprintf(p.out, "  %d rows compared at position %s, %d differ\n", report.Rows, report.Position, int64(len(report.Differences))+report.More)
			if f := report.Stopped; f != nil {
				wrong = true
				fmt.Fprintf(p.out, "  STOPPED at %s of %s revision %d (position %s): %s\n", f.Type, f.Stream, f.Revision, f.Position, f.Problem)
			}
			for _, d := range report.Differences {
				wrong = true
				fmt.Fprintf(p.out, "  %s: %s\n", d.Key, describe(d))
			}
		}
		if wrong {
			return errSaid
		}
		return nil
	})
}

func describe(d machinery.Difference) string {
	switch {
	case d.Missing:
		return "the row is missing"
	case d.Extra:
		return "the row should not be there"
	}
	return "differs in " + strings.Join(d.Columns, ", ")
}

// progress shows events done, rate and time left on one line.
func (p *program) progress(name string) func(machinery.Progress) {
	fmt.Fprintf(p.out, "%s\n", name)
	last := time.Time{}
	return func(at machinery.Progress) {
		if time.Since(last) < 200*time.Millisecond && at.Left > 0 {
			return
		}
		last = time.Now()
		fmt.Fprintf(p.out, "\r  %d of about %d events, %.0f/s, %s left   ", at.EventsDone, at.EventsTotal, at.PerSecond, at.Left.Round(time.Second))
	}
}

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Recompute every hash chain and checkpoint, and check the file; name the first broken stream and revision."`
	Export auditExport `cmd:"" help:"Write the history in the clear, personal data and all."`
}

type auditVerify struct {
	Keys []string `help:"Public keys of the checkpoints; default <data>/keys/seal.pub." placeholder:"KEY"`
}

// Run prints what was checked and, if anything is wrong, where. It needs no more than the log,
// the notes and the public key: whoever checks a copy need not be trusted with the vault. Where
// the vault is, it also asks that it opens the log.
func (c auditVerify) Run(p *program) error {
	return p.withLog(func(store eventstore.Store, file *node.Log) error {
		keys, err := c.keys(p.places.Data)
		if err != nil {
			return err
		}
		report, err := audit.Verify(p.ctx, store, audit.Options{
			Keys: keys, Dir: p.places.Data, Registry: catalog.New(),
			Progress: func(events int64, _ eventstore.Position) { fmt.Fprintf(p.out, "\r%d events", events) },
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "\r%d events in %d streams up to position %s; %d checkpoints, %d outside the log; %d events are newer than the last checkpoint\n",
			report.Events, report.Streams, report.Position, report.Seals, report.Outside, report.Unsealed)
		if report.Foreign > 0 {
			fmt.Fprintf(p.out, "%d events are in streams that are not ours: they are covered by the seals, and otherwise left alone\n", report.Foreign)
		}
		if report.Passed > 0 {
			fmt.Fprintf(p.out, "%d events are passed over, as the history tells: they are covered by the chains and the seals as any other\n", report.Passed)
		}
		for _, problem := range report.Problems {
			fmt.Fprintln(p.out, "BROKEN:", problem)
		}
		whole, err := wholeFile(p, file)
		if err != nil {
			return err
		}
		opened, err := p.vaultOpens()
		if err != nil {
			return err
		}
		if whole && report.OK() {
			fmt.Fprintln(p.out, "The log is as it was written.")
		}
		switch {
		case !whole || !report.OK() || !opened:
			return errSaid
		case report.Overdue(time.Now()):
			fmt.Fprintf(p.out, "NOT SEALED: %d events wait for a seal, the first since %s. A running program seals every hour; its log and /readyz say why it does not.\n",
				report.Unsealed, report.Oldest.UTC().Format(time.RFC3339))
			return errNotSealed
		}
		return nil
	})
}

// vaultOpens asks that the vault opens what the log needs, if there is a vault here.
func (p *program) vaultOpens() (bool, error) {
	here := func(name string) bool {
		_, err := os.Stat(filepath.Join(p.places.Data, name))
		return err == nil
	}
	if p.places.Database == "" && !here(memberVault) || p.places.MasterKey == "" && !here(memberMaster) {
		fmt.Fprintln(p.out, "The vault was not looked at: it, or its master key, is not here.")
		return true, nil
	}
	if err := p.vaultOpensLog(p.places); err != nil {
		if p.ctx.Err() != nil {
			return false, p.ctx.Err()
		}
		fmt.Fprintln(p.out, "\nTHE VAULT:", err)
		return false, nil
	}
	return true, nil
}

// wholeFile checks what the chains don't cover: the pages of the embedded log's file, its
// indexes and counts, on which reading by stream relies. Elsewhere there is no file.
func wholeFile(p *program, file *node.Log) (bool, error) {
	if file == nil {
		return true, nil
	}
	err := file.Verify(p.ctx, func(done, total int64) { fmt.Fprintf(p.out, "\rthe file, %d of %d events", done, total) })
	if errors.Is(err, logfile.ErrCorrupt) {
		fmt.Fprintln(p.out, "\nBROKEN:", err)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("check the file of the event log: %w", err)
	}
	fmt.Fprintln(p.out, "\rThe file of the log is whole.          ")
	return true, nil
}

func (c auditVerify) keys(data string) ([]string, error) {
	if len(c.Keys) > 0 {
		return c.Keys, nil
	}
	public, err := os.ReadFile(filepath.Join(filepath.Clean(data), "keys", "seal.pub"))
	if err != nil {
		return nil, fmt.Errorf("the checkpoints need a public key, see --keys: %w", err)
	}
	return []string{strings.TrimSpace(string(public))}, nil
}

type healthcheckCommand struct {
	Management string `help:"Address of the management listener." default:"127.0.0.1:8081"`
}

// Run asks /readyz.
func (c healthcheckCommand) Run(p *program) error {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Management+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ask whether it is ready: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask whether it is ready: %w", err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(p.out, io.LimitReader(res.Body, 1<<20)); err != nil {
		return fmt.Errorf("ask whether it is ready: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return errSaid
	}
	return nil
}

// withLog opens the event log alone, for reading, works, and closes it. The file is nil if
// the log is not an embedded one.
func (p *program) withLog(work func(store eventstore.Store, file *node.Log) error) (err error) {
	if err := p.hasData(); err != nil {
		return err
	}
	s := p.storesAt(p.places)
	store, err := s.OpenLog(p.ctx, app.Reading)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return work(store, s.Node)
}

// withStores opens the stores that are there, works, and closes them.
func (p *program) withStores(a app.Access, work func(*app.Stores) error) (err error) {
	if err := p.hasData(); err != nil {
		return err
	}
	s := p.storesAt(p.places)
	if err := s.Open(p.ctx, a); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return work(s)
}

// hasData refuses a folder that is not there: a command that only looks must not make it.
func (p *program) hasData() error {
	if p.places.EventStore != "" {
		return nil
	}
	if _, err := os.Stat(p.places.Data); err != nil {
		return fmt.Errorf("there is no data in %s: %w", p.places.Data, err)
	}
	return nil
}
