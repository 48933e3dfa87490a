package eventstore

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/tink-crypto/tink-go/v2/tink"
	"pgregory.net/rapid"
)

type shapes struct {
	Text    string            `json:"text"`
	More    string            `json:"more,omitempty"`
	Yes     bool              `json:"yes"`
	Number  int               `json:"number"`
	Small   int8              `json:"small"`
	At      time.Time         `json:"at,omitzero"`
	List    []string          `json:"list"`
	Map     map[string]string `json:"map"`
	Inner   struct{ A, B string }
	Pointer *string `json:"pointer"`
	Ratio   float64 `json:"ratio"`
}

// Whatever the quick decoder reads it reads as the general one does; what it declines is
// the general one's matter.
func TestQuickDecoderAgrees(t *testing.T) {
	l := layoutOf(reflect.TypeFor[shapes]())
	values := []string{
		`""`, `"a"`, `"abcdefghijklmnop"`, `"héé"`, `"a\"b"`, `"\u00e9"`, `"\ud800"`, `"\n"`, "\"\n\"", "\"\xff\"", `"a`, `a"`, "\"12345678\x01\"",
		`true`, `false`, `tru`, `null`, `0`, `7`, `-7`, `-0`, `00`, `+1`, `1.0`, `1e2`, `127`, `128`, `9223372036854775808`, `-`,
		`"2026-09-01T12:00:00Z"`, `"2026-09-01T12:00:00.5+02:00"`, `"2026-09-01"`, `"2026-9-1T12:00:00Z"`,
		`[]`, `["a","b"]`, `["a"`, `[}`, `["a\"]"]`, `{}`, `{"a":"b"}`, `{"a":"b","a":"c"}`, `{"A":"x","B":"y"}`, `{"a":{}}`, ` "a"`, `"a" `, ``, `[1]]`, `1{`, `"x"1`,
	}
	names := []string{`"text"`, `"more"`, `"yes"`, `"number"`, `"small"`, `"at"`, `"list"`, `"map"`, `"Inner"`, `"pointer"`, `"ratio"`, `"other"`, `"te\u0078t"`, `text`, `""`}
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"{", "{", "{", "{", "{ ", "["}).Draw(t, "open")
		for i := range rapid.IntRange(0, 5).Draw(t, "members") {
			if i > 0 {
				text += rapid.SampledFrom([]string{",", ",", ",", ",", ", ", ""}).Draw(t, "comma")
			}
			text += rapid.SampledFrom(names).Draw(t, "name") + ":" + rapid.SampledFrom(values).Draw(t, "value")
		}
		text += rapid.SampledFrom([]string{"}", "}", "}", "}", "", " }", "}}", "} "}).Draw(t, "close")
		var quick, general shapes
		if !l.read([]byte(text), reflect.ValueOf(&quick).Elem()) {
			return
		}
		read++
		if err := json.Unmarshal([]byte(text), &general); err != nil {
			t.Fatalf("read %q, which is an error: %v", text, err)
		}
		if diff := cmp.Diff(general, quick); diff != "" {
			t.Fatalf("read %q otherwise (-general +quick):\n%s", text, diff)
		}
	})
	if read == 0 {
		t.Fatal("nothing was read")
	}
}

func TestQuickEnvelopeAgrees(t *testing.T) {
	actors := []string{`{"kind":"account","id":"1"}`, `{"kind":"system"}`, `{"kind":"a","kind":"b"}`, `{"id":"","id":"x"}`, `{"kind":"x","name":"y"}`, `{}`, `null`, `{"kind":1}`}
	texts := []string{`"done"`, `"refused"`, `""`, `"é"`, `"a\\b"`, `"enc:1:abcdefgh"`, `null`, `1`, `{}`, "\"\xff\""}
	members := map[string][]string{
		"actor": actors, "onBehalfOf": actors, "origin": {`{"channel":"ui"}`, `{}`, `{"channel":"","channel":"x"}`, `{"channel":"x","y":"z"}`},
		"schemaVersion": {`1`, `0`, `"1"`, `1.5`}, "occurredAt": {`"2026-09-01T12:00:00Z"`, `"2026-09-01T12:00:00.123456789Z"`, `"x"`, `""`},
	}
	for _, name := range []string{"private", "outcome", "reason", "ticket", "organization", "commandId", "$correlationId", "$causationId", "prevHash", "hash", "other"} {
		members[name] = texts
	}
	names := rapid.SampledFrom([]string{"actor", "onBehalfOf", "origin", "private", "outcome", "reason", "ticket", "organization", "commandId",
		"$correlationId", "$causationId", "schemaVersion", "occurredAt", "prevHash", "hash", "other"})
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		text := "{"
		for i, name := range rapid.SliceOfN(names, 0, 6).Draw(t, "names") {
			if i > 0 {
				text += ","
			}
			text += `"` + name + `":` + rapid.SampledFrom(members[name]).Draw(t, name)
		}
		text += "}"
		quick, ok := scanEnvelope([]byte(text))
		if !ok {
			return
		}
		read++
		general, err := parseEnvelope([]byte(text))
		if err != nil {
			t.Fatalf("read %q, which is an error: %v", text, err)
		}
		if diff := cmp.Diff(general, quick, cmp.AllowUnexported(Envelope{})); diff != "" {
			t.Fatalf("read %q otherwise (-general +quick):\n%s", text, diff)
		}
	})
	if read == 0 {
		t.Fatal("nothing was read")
	}
}

// What encodeEnvelope and encode write is what the quick decoder is for.
func TestQuickDecoderTakesOurOwnForm(t *testing.T) {
	text, err := json.Marshal(storedEnvelope{
		Actor: storedActor{"account", "1"}, OnBehalfOf: &storedActor{"account", "2"}, Origin: storedOrigin{"ui"}, Private: "enc:1:x",
		Outcome: "done", Reason: "enc:1:y", Ticket: "é \"", SchemaVersion: 12, OccurredAt: time.Unix(1, 5).UTC(), PrevHash: "a", Hash: "b",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := scanEnvelope(text); !ok {
		t.Errorf("declined %s", text)
	}
	private := privatePart{Name: "é", BehalfName: "b", Address: "192.0.2.1", UserAgent: "a \"b\""}
	text, err = json.Marshal(private)
	if err != nil {
		t.Fatal(err)
	}
	var p privatePart
	if !privateLayout.read(text, reflect.ValueOf(&p).Elem()) || p != private {
		t.Errorf("read %s as %+v", text, p)
	}
	text, err = json.Marshal(shapes{Text: "x", Number: -12, At: time.Unix(1, 5).UTC(), List: []string{"a", "]"}})
	if err != nil {
		t.Fatal(err)
	}
	var s shapes
	if !layoutOf(reflect.TypeFor[shapes]()).read(text, reflect.ValueOf(&s).Elem()) {
		t.Errorf("declined %s", text)
	}
}

// openLocks are keys that hide nothing.
type openLocks struct{}

func (openLocks) Key(context.Context, string, bool) (tink.AEAD, error) { return openLocks{}, nil }
func (openLocks) Encrypt(plain, _ []byte) ([]byte, error)              { return plain, nil }
func (openLocks) Decrypt(sealed, _ []byte) ([]byte, error)             { return sealed, nil }

// TestNoKeyStaysInMemory that is used again: it may be destroyed before the next event.
func TestNoKeyStaysInMemory(t *testing.T) {
	type named struct {
		Name string `json:"name" personal:"yes"`
	}
	r := NewRegistry()
	Register[named](r, "account.named.v1")
	used := &opener{}
	r.openers.New = func() any { return used }
	j := Journal{Registry: r, Keys: openLocks{}}
	records, _, err := j.Prepare(t.Context(), "account-1", Tail{}, Envelope{}, Draft{Event: named{"Anna"}})
	if err != nil {
		t.Fatal(err)
	}
	event, _, err := r.Decode(t.Context(), j.Keys, records[0].Recorded)
	if err != nil || event != any(named{"Anna"}) {
		t.Fatal(event, err)
	}
	if used.sealed == nil || used.key != nil || used.keys != nil || used.ctx != nil {
		t.Errorf("what is used again holds %+v", used)
	}
}
