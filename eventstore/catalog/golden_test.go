package catalog

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/keystest"
)

// A golden file stands for what is in logs already. It is added, and never written again.
//
//	<name>.json            an event as it was first stored under the name
//	<name>+<member>.json   the same with an optional member that came later
//	<name>.today.json      how the first reads today, where that is another thing
//
// A member that is added is optional, so what was stored without it goes on to be read. Where old
// events would read wrong, the event has a new name, and the old one an upcaster.

// add writes the golden files that are missing.
var add = flag.Bool("add", false, "write the golden files that are missing")

// file returns the content of a golden file, which it writes first if it may.
func file(t *testing.T, name string, missing []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) && *add {
		content = append(slices.Clone(missing), '\n')
		err = os.WriteFile(path, content, 0o644)
	}
	if err != nil {
		t.Fatalf("%v; -add writes what is missing", err)
	}
	return bytes.TrimSpace(content)
}

// versions returns the golden files of a name, without their ending: the first, and those with
// members that came later.
func versions(t *testing.T, name string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", name+"+*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{name}
	for _, path := range paths {
		all = append(all, strings.TrimSuffix(filepath.Base(path), ".json"))
	}
	return all
}

func encoded(t *testing.T, event any) []byte {
	t.Helper()
	text, err := json.Marshal(event, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func members(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, name string, stored []byte) any {
	t.Helper()
	event, _, err := New().DecodeSealed(keystest.Hashed(eventstore.Event{Type: name, Data: stored}))
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func exampleOf(t *testing.T, e Event) any {
	t.Helper()
	i := slices.IndexFunc(examples, func(example any) bool { return reflect.TypeOf(example) == e.Type })
	if i < 0 {
		t.Fatalf("%s has no example", e.Name)
	}
	return examples[i]
}

// TestWhatIsWrittenToday holds every name to its golden files: the newest is what is written for
// the example, byte for byte, and each reads as what it says. The older ones say the same about
// fewer members.
func TestWhatIsWrittenToday(t *testing.T) {
	for _, e := range events(func(e Event) bool { return !e.Before }) {
		t.Run(e.Name, func(t *testing.T) {
			example := exampleOf(t, e)
			written := encoded(t, example)
			newest := false
			for _, version := range append(versions(t, e.Name), added(t, e, written)...) {
				stored := file(t, version, written)
				newest = newest || bytes.Equal(stored, written)
				if diff := cmp.Diff(string(stored), string(encoded(t, read(t, e.Name, stored)))); diff != "" {
					t.Errorf("%s reads otherwise (-stored +read):\n%s", version, diff)
				}
				all := members(t, written)
				for member, value := range members(t, stored) {
					if diff := cmp.Diff(value, all[member]); diff != "" {
						t.Errorf("%s: %s would be stored otherwise (-golden +written):\n%s", version, member, diff)
					}
				}
			}
			if !newest {
				t.Errorf("no golden file has all that is written: %s; -add writes it", written)
			}
		})
	}
}

// added returns the golden file to write for the members that the first does not have.
func added(t *testing.T, e Event, written []byte) []string {
	t.Helper()
	if !*add {
		return nil
	}
	known := map[string]any{}
	for _, version := range versions(t, e.Name) {
		for member, value := range members(t, file(t, version, written)) {
			known[member] = value
		}
	}
	for member := range members(t, written) {
		if _, ok := known[member]; !ok {
			return []string{e.Name + "+" + member}
		}
	}
	return nil
}

// TestWhatWasWrittenBefore holds every name that is no longer written to its golden file, and to
// what that reads as today.
func TestWhatWasWrittenBefore(t *testing.T) {
	r := New()
	before := events(func(e Event) bool { return e.Before })
	if len(before) == 0 {
		t.Fatal("found no name that is no longer written")
	}
	for _, e := range before {
		t.Run(e.Name, func(t *testing.T) {
			stored := file(t, e.Name, nil)
			asStored, _ := r.StoredTypeOf(e.Name)
			again := reflect.New(asStored)
			if err := json.Unmarshal(stored, again.Interface()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(stored), string(encoded(t, again.Interface()))); diff != "" {
				t.Errorf("its type forgets something (-stored +read):\n%s", diff)
			}
			today := encoded(t, read(t, e.Name, stored))
			if diff := cmp.Diff(string(file(t, e.Name+".today", today)), string(today)); diff != "" {
				t.Errorf("it reads otherwise (-golden +read):\n%s", diff)
			}
		})
	}
}

func TestEveryGoldenFileHasAName(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		name, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".json"), ".today"), "+")
		if _, known := Find(name); !known {
			t.Errorf("%s was stored once and is not registered", file)
		}
	}
}

// events returns the events of the catalog that are wanted.
func events(wanted func(Event) bool) []Event {
	var all []Event
	for _, a := range Aggregates() {
		for _, e := range a.Events {
			if wanted(e) {
				all = append(all, e)
			}
		}
	}
	return all
}
