package catalog

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// add writes the golden files that are missing. Those that are there stand for what is
// in logs already, and are never written again.
var add = flag.Bool("add", false, "write golden files for names that have none")

func exampleOf(t *testing.T, r *eventstore.Registry, name string) any {
	t.Helper()
	goType, _ := r.TypeOf(name)
	i := slices.IndexFunc(examples, func(e any) bool { return reflect.TypeOf(e) == goType })
	if i < 0 {
		t.Fatalf("%s has no example", name)
	}
	return examples[i]
}

func golden(name string) string { return filepath.Join("testdata", name+".json") }

func TestEveryNameReadsAndWritesItsGoldenFile(t *testing.T) {
	r := New()
	for _, name := range r.Names() {
		t.Run(name, func(t *testing.T) {
			example := exampleOf(t, r, name)
			written, err := json.Marshal(example, json.Deterministic(true))
			if err != nil {
				t.Fatal(err)
			}
			stored, err := os.ReadFile(golden(name))
			if os.IsNotExist(err) && *add {
				stored = append(written, '\n')
				err = os.WriteFile(golden(name), stored, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			event, _, err := r.DecodeSealed(eventstore.Recorded{Event: eventstore.Event{Type: name, Data: stored, Metadata: []byte("{}")}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(example, event); diff != "" {
				t.Errorf("the golden file reads otherwise (-example +read):\n%s", diff)
			}
			if diff := cmp.Diff(string(bytes.TrimSpace(stored)), string(written)); diff != "" {
				t.Errorf("it would be stored otherwise (-golden +written):\n%s", diff)
			}
		})
	}
}

func TestEveryGoldenFileHasAName(t *testing.T) {
	r := New()
	files, err := filepath.Glob(golden("*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		if _, known := r.TypeOf(strings.TrimSuffix(filepath.Base(file), ".json")); !known {
			t.Errorf("%s was stored once and is not registered", file)
		}
	}
}

func TestAnExampleFillsEveryMember(t *testing.T) {
	for _, example := range examples {
		v := reflect.ValueOf(example)
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%T: %s is empty, so its golden file does not show it", example, v.Type().Field(i).Name)
			}
		}
	}
}

// oneKey is the key of every subject.
type oneKey struct{ aead tink.AEAD }

func (k oneKey) Key(context.Context, string, bool) (tink.AEAD, error) { return k.aead, nil }

func TestNothingPersonalIsReadableInTheLog(t *testing.T) {
	cipher, err := subtle.NewAESGCM(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	j := eventstore.Journal{Registry: New(), Keys: oneKey{cipher}}
	for _, example := range examples {
		name, _ := j.Registry.NameOf(reflect.TypeOf(example))
		t.Run(name, func(t *testing.T) {
			stream := strings.Split(name, ".")[0] + "-" + accountID
			records, _, err := j.Prepare(t.Context(), stream, eventstore.Tail{}, eventstore.Envelope{OccurredAt: noon},
				eventstore.Draft{ID: uuid.MustParse(requestID), Event: example})
			if err != nil {
				t.Fatal(err)
			}
			v := reflect.ValueOf(example)
			for i := range v.NumField() {
				value := v.Field(i)
				if v.Type().Field(i).Tag.Get("personal") != "" && bytes.Contains(records[0].Data, []byte(value.String())) {
					t.Errorf("%s is stored in plain text", v.Type().Field(i).Name)
				}
			}
			read, _, err := j.Registry.Decode(t.Context(), j.Keys, records[0].Recorded)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(example, read); diff != "" {
				t.Errorf("it reads otherwise than it was written (-written +read):\n%s", diff)
			}
		})
	}
}
