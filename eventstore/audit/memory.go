package audit

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"sleutelbos/eventstore"
	"sleutelbos/internal/storedjson"
)

// remembered is the tree as it is kept between two runs, so that the log need not be read
// from its start. It is used only if it has the root that the last seal signs.
type remembered struct {
	Size int64    `json:"size"`
	Edge []string `json:"edge"`
}

func (s *Sealer) memory() string { return filepath.Join(s.notes(), "tree.json") }

func (s *Sealer) remember() error {
	m := remembered{Size: s.tree.size}
	for _, h := range s.tree.edge {
		m.Edge = append(m.Edge, h.String())
	}
	content, err := storedjson.Marshal(m)
	if err != nil {
		return fmt.Errorf("remember the sealed tree: %w", err)
	}
	if err := writeFile(s.memory(), content, 0o600); err != nil {
		return fmt.Errorf("remember the sealed tree: %w", err)
	}
	return nil
}

// recall reads the tree that was kept, or leaves the tree empty.
func (s *Sealer) recall() {
	s.tree = tree{}
	content, err := os.ReadFile(s.memory())
	if err != nil {
		return
	}
	var m remembered
	if err := storedjson.Unmarshal(content, &m); err != nil {
		return
	}
	t := tree{size: m.Size}
	for _, text := range m.Edge {
		h, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(h) != tlog.HashSize {
			return
		}
		t.edge = append(t.edge, tlog.Hash(h))
	}
	ones := 0
	for n := m.Size; n > 0; n &= n - 1 {
		ones++
	}
	if ones == len(t.edge) {
		s.tree = t
	}
}

// lastSealed returns the position of the last event that a seal covers. The note tells it as it
// was in the store that was sealed; in a copy of the log events have other positions.
func lastSealed(ctx context.Context, store eventstore.Store, c checkpoint, seal eventstore.Position) (eventstore.Position, error) {
	for r, err := range store.ReadAll(ctx, seal, eventstore.Backwards, eventstore.Filter{}) {
		if err != nil {
			return eventstore.Position{}, err
		}
		// An event between the two is later than the end of its stream, or its stream has none.
		if e, ok := c.ends[r.Stream]; ok && e.revision == r.Revision {
			return r.Position, nil
		}
	}
	return eventstore.Position{}, ErrNotAsSealed
}

// noNewerOutside refuses to go on where the log has lost a seal.
func (s *Sealer) noNewerOutside(size int64) error {
	notes, err := noteFiles(s.notes())
	if err != nil || len(notes) == 0 {
		return err
	}
	if newest := notes[len(notes)-1]; newest.size > size {
		return fmt.Errorf("%s is newer than the last seal in the log: %w", newest.name, ErrNotAsSealed)
	}
	return nil
}
