package storedjson_test

import (
	"testing"
	"time"

	"sleutelbos/internal/storedjson"
)

type kept struct {
	Name  string            `json:"name"`
	At    time.Time         `json:"at"`
	Words map[string]string `json:"words"`
	None  []string          `json:"none"`
	Bytes []byte            `json:"bytes"`
	Later string            `json:"later,omitempty"`
}

// TestForm holds the form: what was written once is read by every later version.
func TestForm(t *testing.T) {
	const want = `{"name":"<é & \"x\">","at":"2026-09-01T12:00:00.000001Z","words":{"a":"1","b":"2","c":"3"},"none":[],"bytes":"AQI="}`
	v := kept{Name: `<é & "x">`, At: time.Date(2026, 9, 1, 12, 0, 0, 1000, time.UTC), Words: map[string]string{"c": "3", "a": "1", "b": "2"}, Bytes: []byte{1, 2}}
	for range 20 { // a map has no order of its own
		text, err := storedjson.Marshal(v)
		if err != nil || string(text) != want {
			t.Fatalf("got %s, %v", text, err)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	var v kept
	if err := storedjson.Unmarshal([]byte(`{"name":"a","newer":1}`), &v); err != nil || v.Name != "a" {
		t.Errorf("a member that is not known: got %+v, %v", v, err)
	}
	for _, text := range []string{`{"name":"a","name":"b"}`, `{"name":1}`, `{} {}`, "{\"name\":\"\xff\"}", ``} {
		if err := storedjson.Unmarshal([]byte(text), &v); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
