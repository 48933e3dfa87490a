package sqlite

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// textEngine is the engine as the index of its texts reads it.
type textEngine struct{ *DB }

// Follow implements texts.Engine.
func (e textEngine) Follow(ctx context.Context, take texts.Take, query string, args ...any) error {
	return e.readers.query(ctx, take, query, args)
}

// Load implements texts.Engine.
func (e textEngine) Load(ctx context.Context, take texts.Take, query string, args ...any) error {
	return e.working.query(ctx, take, query, args)
}

// RowNumber implements texts.Engine.
func (textEngine) RowNumber() string { return "rowid" }

// Among implements texts.Engine.
func (e textEngine) Among(table string, numbers []int64, arg func(value any) string) string {
	return e.InList(table+".rowid", arg(jsonList(numbers)))
}

// Holds implements texts.Engine.
func (textEngine) Holds(column, placeholder string) string {
	return "instr(" + column + ", " + placeholder + ") > 0"
}

// Aside implements texts.Engine. The plus keeps SQLite, which has no statistics, from using an index
// for a condition (all rows that are not blocked, say) instead of a short list.
func (textEngine) Aside(condition string) string { return "+(" + condition + ")" }

func jsonList(rows []int64) string {
	list := make([]byte, 0, 8*len(rows)+2)
	list = append(list, '[')
	for i, row := range rows {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, row, 10)
	}
	return string(append(list, ']'))
}

// noteChanges begins to note the changes of a table that just went live, see texts.ChangedTable.
func noteChanges(w *writer, def machinery.Definition) error {
	searched, facts := texts.Noted(def)
	if len(searched) == 0 {
		return nil
	}
	names := strings.NewReplacer("{table}", def.Name, "{changed}", texts.ChangedTable(def.Name),
		"{searched}", differs(searched), "{any}", differs(append(searched, facts...)))
	for _, statement := range []string{
		"CREATE TABLE {changed} (seq INTEGER PRIMARY KEY, n INTEGER NOT NULL, texts BOOLEAN NOT NULL)",
		"INSERT INTO {changed} VALUES (random() >> 2, 0, TRUE)",
		"CREATE TRIGGER {table}__inserted AFTER INSERT ON {table} BEGIN INSERT INTO {changed} (n, texts) VALUES (new.rowid, TRUE); END",
		"CREATE TRIGGER {table}__updated AFTER UPDATE ON {table} WHEN {any} BEGIN INSERT INTO {changed} (n, texts) VALUES (new.rowid, {searched}); END",
		"CREATE TRIGGER {table}__deleted AFTER DELETE ON {table} BEGIN INSERT INTO {changed} (n, texts) VALUES (old.rowid, TRUE); END",
		fmt.Sprintf("CREATE TRIGGER {table}__pruned AFTER INSERT ON {changed} WHEN new.seq %% %d = 0 BEGIN DELETE FROM {changed} WHERE seq <= new.seq - %d; END", texts.PruneEvery, texts.KeptChanges),
	} {
		if err := w.once(names.Replace(statement)); err != nil {
			return err
		}
	}
	return nil
}

// differs returns the condition that one of the columns of a row changed.
func differs(columns []string) string {
	any := make([]string, len(columns))
	for i, column := range columns {
		any[i] = "old." + column + " <> new." + column
	}
	return strings.Join(any, " OR ")
}
