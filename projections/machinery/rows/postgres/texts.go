package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// textEngine is the engine as the index of its texts reads it.
type textEngine struct{ *DB }

// Follow implements texts.Engine.
func (e textEngine) Follow(ctx context.Context, take texts.Take, query string, args ...any) error {
	return collect(ctx, e.readers, take, query, args)
}

// Load implements texts.Engine.
func (e textEngine) Load(ctx context.Context, take texts.Take, query string, args ...any) error {
	return collect(ctx, e.working, take, query, args)
}

// rowNumber is the column by which a memory of texts knows a row.
const rowNumber = "_n"

// RowNumber implements texts.Engine.
func (textEngine) RowNumber() string { return rowNumber }

// Among implements texts.Engine.
func (textEngine) Among(table string, numbers []int64, arg func(value any) string) string {
	list := make([]byte, 0, 8*len(numbers)+2)
	list = append(list, '{')
	for i, n := range numbers {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, n, 10)
	}
	return table + "." + rowNumber + " = ANY(" + arg(string(append(list, '}'))) + "::text::bigint[])"
}

// Holds implements texts.Engine.
func (textEngine) Holds(column, placeholder string) string {
	return "strpos(" + column + ", " + placeholder + "::text) > 0"
}

// Aside implements texts.Engine. PostgreSQL knows by its statistics what a short list is.
func (textEngine) Aside(condition string) string { return "(" + condition + ")" }

// noteFunction returns the name of the function that notes the changes of a table.
func noteFunction(table string) string { return table + "__note" }

// noteChanges begins to note the changes of a table that just went live, see texts.ChangedTable. Whoever
// writes rows holds the checkpoint's lock until the commit (see moveCheckpoint), so the numbers grow
// in the order in which changes are seen.
func noteChanges(ctx context.Context, tx pgx.Tx, def machinery.Definition) error {
	searched, facts := texts.Noted(def)
	if len(searched) == 0 {
		return nil
	}
	names := strings.NewReplacer("{table}", def.Name, "{changed}", texts.ChangedTable(def.Name), "{note}", noteFunction(def.Name), "{row}", rowNumber,
		"{first}", strconv.FormatInt(rand.Int64N(1<<61)+1, 10), "{searched}", differs(searched), "{any}", differs(append(searched, facts...)), //nolint:gosec // no secret, only another place than the last table's
		"{every}", strconv.Itoa(texts.PruneEvery), "{kept}", strconv.Itoa(texts.KeptChanges))
	for _, statement := range []string{
		"CREATE TABLE {changed} (seq bigint GENERATED ALWAYS AS IDENTITY (START WITH {first}) PRIMARY KEY, n bigint NOT NULL, texts boolean NOT NULL)",
		"INSERT INTO {changed} (n, texts) VALUES (0, TRUE)",
		note,
		"CREATE TRIGGER inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS after EXECUTE FUNCTION {note}()",
		"CREATE TRIGGER updated AFTER UPDATE ON {table} REFERENCING OLD TABLE AS before NEW TABLE AS after EXECUTE FUNCTION {note}()",
		"CREATE TRIGGER deleted AFTER DELETE ON {table} REFERENCING OLD TABLE AS before EXECUTE FUNCTION {note}()",
	} {
		if err := exec(ctx, tx, names.Replace(statement)); err != nil {
			return fmt.Errorf("note the changes of %s: %w", def.Name, err)
		}
	}
	return nil
}

// differs returns the condition that one of the columns of a row changed.
func differs(columns []string) string {
	any := make([]string, len(columns))
	for i, column := range columns {
		any[i] = "after." + column + " <> before." + column
	}
	return strings.Join(any, " OR ")
}

// note makes the function of the triggers. It removes old changes when the numbers pass a round one.
const note = `CREATE FUNCTION {note}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	noted bigint;
	last bigint;
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO {changed} (n, texts) SELECT {row}, TRUE FROM after;
	ELSIF TG_OP = 'UPDATE' THEN
		INSERT INTO {changed} (n, texts) SELECT {row}, {searched} FROM after JOIN before USING ({row}) WHERE {any};
	ELSE
		INSERT INTO {changed} (n, texts) SELECT {row}, TRUE FROM before;
	END IF;
	GET DIAGNOSTICS noted = ROW_COUNT;
	IF noted > 0 THEN
		SELECT max(seq) INTO last FROM {changed};
		IF last % {every} < noted THEN
			DELETE FROM {changed} WHERE seq <= last - {kept};
		END IF;
	END IF;
	RETURN NULL;
END $$`
