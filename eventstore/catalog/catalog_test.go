package catalog

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

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
				value := v.Field(i).String()
				if len(value) < 4 {
					value = `"` + value + `"` // two letters stand in a ciphertext by chance
				}
				if v.Type().Field(i).Tag.Get("personal") != "" && bytes.Contains(records[0].Data, []byte(value)) {
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
