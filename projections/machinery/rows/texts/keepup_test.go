package texts_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// TestF37_SearchableOnceRead: the program is ready when the texts are in memory, and stays so while they are
// read again.
func TestF37_SearchableOnceRead(t *testing.T) { onBoth(t, testSearchableOnceRead) }

func testSearchableOnceRead(t *testing.T, open func() engine) {
	openPersons(t, open(), person{ID: "a", Name: "anna"})
	db := open() // as a program that starts
	load := db.index.HoldLoading("person_v1", "name")
	db.Live(persons)
	if db.Searchable(persons) {
		t.Error("searchable while the texts are read")
	}
	must(t, load(t.Context()))
	if !db.Searchable(persons) {
		t.Error("not searchable when the texts were read")
	}
	openPersons(t, db, person{ID: "b", Name: "bert"})
	if !db.Searchable(persons) {
		t.Error("not searchable after the table was built again")
	}
}

// TestF37_MemoriesKeepUp: nobody searches for as long as it takes to write more than is kept to follow. No
// search has to wait until everything is read again.
func TestF37_MemoriesKeepUp(t *testing.T) { onBoth(t, testMemoriesKeepUp) }

func testMemoriesKeepUp(t *testing.T, open func() engine) {
	db := open()
	db.index.KeepUpEach(time.Millisecond)
	openPersons(t, db)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	must(t, db.index.Loaded(ctx))
	loads := db.index.Loads("person_v1", "name")
	const each = texts.KeptChanges / 2
	for n := range uint64(3) {
		upserts := make([][]any, each)
		for i := range upserts {
			id := fmt.Sprintf("%06d", int(n)*each+i)
			upserts[i] = person{ID: id, Name: "n" + id, Sort: id}.values()
		}
		must(t, db.Apply(t.Context(), machinery.Change{
			Definition: persons, Physical: persons.Name, Upserts: upserts, From: eventstore.AtCommit(n), To: machinery.Checkpoint{Position: eventstore.AtCommit(n + 1)},
		}))
		for remembered := 0; remembered < int(n+1)*each; remembered, _ = db.index.Remembered("person_v1", "name") {
			if err := ctx.Err(); err != nil {
				t.Fatal(err)
			}
			runtime.Gosched()
		}
	}
	if again := db.index.Loads("person_v1", "name") - loads; again != 0 {
		t.Errorf("everything was read %d times again", again)
	}
}
