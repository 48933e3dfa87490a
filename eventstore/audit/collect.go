package audit

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
)

// collect reads the seals in the log and the notes outside. A seal that only has a note
// outside was removed from the log, and still counts.
func (v *verification) collect(ctx context.Context, store eventstore.Store, o Options, known note.Verifiers) error {
	inLog := map[int64]string{}
	seals := eventstore.Filter{Streams: []string{StreamPrefix}}
	for r, err := range store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, seals) {
		if err != nil {
			return err
		}
		var sealed Sealed
		if over, err := v.passes.Over(ctx, r); err != nil || over {
			if err != nil {
				return err
			}
			continue
		}
		if r.Type != SealedName || storedjson.Unmarshal(r.Data, &sealed) != nil {
			v.wrong(r.Stream, r.Revision, "it is no seal")
			continue
		}
		inLog[sealed.Size] = string(sealed.Note)
		if len(o.Keys) == 0 {
			v.report.Seals++
			continue
		}
		c, err := openNote(string(sealed.Note), known)
		switch {
		case err != nil:
			v.wrong(r.Stream, r.Revision, "the seal does not count: %s", err)
		case c.stream != r.Stream || c.revision != r.Revision || c.size != sealed.Size || c.root.String() != sealed.Root:
			v.wrong(r.Stream, r.Revision, "the seal's note is that of another one")
		default:
			v.count(c)
		}
	}
	if o.Dir != "" && len(o.Keys) > 0 {
		if err := v.outside(notesOf(o.Dir), inLog, known); err != nil {
			return err
		}
	}
	slices.SortStableFunc(v.seals, func(a, b checkpoint) int { return cmp.Compare(a.size, b.size) })
	for _, c := range v.seals {
		for stream, e := range c.ends {
			v.sealed[stream] = append(v.sealed[stream], e)
		}
	}
	for _, ends := range v.sealed {
		slices.SortFunc(ends, func(a, b end) int { return cmp.Compare(a.revision, b.revision) })
	}
	return nil
}

func (v *verification) count(c checkpoint) {
	v.report.Seals++
	v.seals = append(v.seals, c)
}

func (v *verification) outside(dir string, inLog map[int64]string, known note.Verifiers) error {
	notes, err := noteFiles(dir)
	if err != nil {
		return err
	}
	for _, f := range notes {
		content, err := os.ReadFile(filepath.Join(dir, f.name))
		if err != nil {
			return err
		}
		v.report.Outside++
		there, found := inLog[f.size]
		if found && there == string(content) {
			continue
		}
		c, err := openNote(string(content), known)
		switch {
		case err != nil && found:
			v.last = append(v.last, Problem{What: "the note " + f.name + " outside the log is damaged (" + err.Error() + "); the seal in the log is there, so put back a copy of the note, or remove the file"})
		case err != nil:
			v.last = append(v.last, Problem{What: "the note " + f.name + " outside the log does not count: " + err.Error()})
		case found:
			v.wrong(c.stream, c.revision, "the seal differs from its note outside the log, %s", f.name)
			if !slices.ContainsFunc(v.seals, func(s checkpoint) bool { return s.size == c.size }) {
				v.count(c) // what the log has in its place does not count
			}
		default:
			v.wrong(c.stream, c.revision, "the seal is missing; its note outside the log is %s", f.name)
			v.count(c)
		}
	}
	return nil
}
