package machinery

import (
	"context"
	"fmt"
	"iter"
)

// Put makes a read model of rows that are at hand instead of events. It is for measurements of
// many rows, for which nobody wants to wait until they are told one by one.
func (t *Table[Row]) Put(ctx context.Context, db DB, rows iter.Seq[Row]) error {
	const most = 5_000
	physical := t.def.Name + rebuildSuffix
	if err := db.Create(ctx, t.def, physical); err != nil {
		return fmt.Errorf("make %s: %w", t.def.Name, err)
	}
	var some [][]any
	fill := func() error {
		err := db.Fill(ctx, t.def, physical, some)
		some = some[:0]
		return err
	}
	for row := range rows {
		if some = append(some, t.codec.values(&row)); len(some) == most {
			if err := fill(); err != nil {
				return fmt.Errorf("fill %s: %w", t.def.Name, err)
			}
		}
	}
	if err := fill(); err != nil {
		return fmt.Errorf("fill %s: %w", t.def.Name, err)
	}
	if err := db.Finish(ctx, t.def, physical); err != nil {
		return fmt.Errorf("finish %s: %w", t.def.Name, err)
	}
	if err := db.Switch(ctx, t.def, physical, Checkpoint{}); err != nil {
		return fmt.Errorf("switch %s: %w", t.def.Name, err)
	}
	db.Live(t.def)
	return nil
}

// Searchable says whether searches of the read model are quick, as DB.Searchable does.
func (t *Table[Row]) Searchable(db DB) bool { return db.Searchable(t.def) }
