package door_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// library is a house with: a 0..2 at positions 1..3, b 0 at 4, a link to 1@a and one to
// nowhere in "links" at 5 and 6, "hidden" 0..1 at 7 and 8 wholly truncated by its
// metadata at 9.
func library(t *testing.T) *house {
	t.Helper()
	h := build(t)
	h.write("a", 1, 3)
	h.write("b", 4, 1)
	h.writeEvents("links", link(5, "1@a"), link(6, "7@nowhere"))
	h.write("hidden", 7, 2)
	h.writeEvents("$$hidden", eventstore.Event{ID: id(9), Type: index.TypeMetadata, Data: []byte(`{"$tb":2}`)})
	return h
}

func link(n int, target string) eventstore.Event {
	return eventstore.Event{ID: id(n), Type: index.TypeLink, Data: []byte(target), Binary: true}
}

func TestRead(t *testing.T) {
	h := library(t)
	expression := func(regex string, prefixes ...string) *streams.ReadReq_Options_FilterOptions_Expression {
		return &streams.ReadReq_Options_FilterOptions_Expression{Regex: regex, Prefix: prefixes}
	}
	type changes []func(*streams.ReadReq_Options)
	for _, c := range []struct {
		name   string
		change changes
		want   []string
		fault  fault
	}{
		{"1.5 a stream forwards", changes{ofStream("a")}, []string{"0@a", "1@a", "2@a"}, fine},
		{"1.5 forwards from a revision, inclusive", changes{ofStream("a"), fromRevision(1)}, []string{"1@a", "2@a"}, fine},
		{"1.5 forwards from beyond the end", changes{ofStream("a"), fromRevision(7)}, nil, fine},
		{"1.5 forwards from the end is empty", changes{ofStream("a"), fromEnd}, nil, fine},
		{"1.5 backwards from a revision, inclusive", changes{ofStream("a"), backwards, fromRevision(1)}, []string{"1@a", "0@a"}, fine},
		{"1.5 backwards from the end begins with the last", changes{ofStream("a"), backwards, fromEnd}, []string{"2@a", "1@a", "0@a"}, fine},
		{"1.5 backwards from the greatest revision", changes{ofStream("a"), backwards, fromRevision(math.MaxUint64), counting(1)}, []string{"2@a"}, fine},
		{"1.5 backwards from beyond the end", changes{ofStream("a"), backwards, fromRevision(7)}, []string{"2@a", "1@a", "0@a"}, fine},
		{"1.5 a count", changes{ofStream("a"), counting(2)}, []string{"0@a", "1@a"}, fine},
		{"1.5 a count of none", changes{ofStream("a"), counting(0)}, nil, failing(codes.Unknown)},
		{"1.5 a count beyond all", changes{ofStream("a"), counting(math.MaxUint64)}, []string{"0@a", "1@a", "2@a"}, fine},
		{"1.5 a stream that is missing", changes{ofStream("none")}, []string{"not found none"}, fine},
		{"1.5 missing, from the end", changes{ofStream("none"), fromEnd}, []string{"not found none"}, fine},
		{"1.5 metadata that is missing", changes{ofStream("$$a")}, []string{"not found $$a"}, fine},
		{"1.5 wholly truncated is empty, not missing", changes{ofStream("hidden")}, nil, fine},
		{"1.5 positions of the stream only if understood", changes{ofStream("a"), compatible}, []string{"first 0", "0@a", "1@a", "2@a", "last 2"}, fine},

		{"1.5 all forwards", changes{ofAll, counting(2)}, []string{"0@a", "1@a"}, fine},
		{"1.5 all forwards from a position, inclusive", changes{ofAll, fromPosition(3), counting(2)}, []string{"2@a", "0@b"}, fine},
		{"1.5 all backwards from a position, exclusive", changes{ofAll, backwards, fromPosition(3)}, []string{"1@a", "0@a"}, fine},
		{"1.5 all backwards from the end", changes{ofAll, backwards, fromEnd, counting(2)}, []string{"0@$$hidden", "1@hidden"}, fine},
		{"1.5 all backwards from the start", changes{ofAll, backwards}, nil, fine},
		{"1.5 all forwards from the end", changes{ofAll, fromEnd}, nil, fine},
		{"1.5 all from the greatest position", changes{ofAll, fromPosition(math.MaxUint64)}, nil, fine},
		{"1.5 all holds system and truncated events", changes{ofAll, fromPosition(7)}, []string{"0@hidden", "1@hidden", "0@$$hidden"}, fine},

		{"1.5 links as they are", changes{ofStream("links")}, []string{"0@links", "1@links"}, fine},
		{"1.5 links resolved, one to nothing", changes{ofStream("links"), resolved}, []string{"1@a by 0@links", "gone by 1@links"}, fine},
		{"1.5 links resolved in all", changes{ofAll, resolved, fromPosition(4), counting(2)}, []string{"0@b", "1@a by 0@links"}, fine},

		{"1.6 filter by stream prefix, counted after filtering", changes{ofAll, byPrefix(0, 1, "b", "hid"), counting(2)}, []string{"0@b", "0@hidden"}, fine},
		{"1.6 filter by type prefix", changes{ofAll, filtered(0, 1, true, expression("", "$met"))}, []string{"0@$$hidden"}, fine},
		{"1.6 filter by stream expression", changes{ofAll, filtered(0, 1, false, expression("^b$"))}, []string{"0@b"}, fine},
		{"1.6 filter by type expression", changes{ofAll, filtered(0, 1, true, expression(`^\$m`))}, []string{"0@$$hidden"}, fine},
		{"1.6 the usual expression without system events", changes{ofAll, filtered(0, 1, true, expression(`^[^\$].*`)), fromPosition(8)}, []string{"1@hidden"}, fine},
		{"1.6 a lookahead of .NET", changes{ofAll, filtered(0, 1, false, expression(`^(?!a|\$|links)`))}, []string{"0@b", "0@hidden", "1@hidden"}, fine},
		{"1.6 a filter without multiplier may be read", changes{ofAll, byPrefix(0, 0, "b")}, []string{"0@b"}, fine},
		{"1.6 a wrong expression", changes{ofAll, filtered(0, 1, false, expression(`(`))}, nil, failing(codes.InvalidArgument)},
		{"1.6 an empty filter", changes{ofAll, filtered(0, 1, false, expression(""))}, nil, failing(codes.InvalidArgument)},
		{"1.6 a filter on a stream", changes{ofStream("a"), byPrefix(0, 1, "a")}, nil, failing(codes.InvalidArgument)},

		{"1.5 no form for ids", changes{ofStream("a"), func(o *streams.ReadReq_Options) { o.UuidOption = nil }}, nil, failing(codes.InvalidArgument)},
		{"no stream", nil, nil, failing(codes.InvalidArgument)},
		{"no stream name", changes{ofStream("")}, nil, failing(codes.InvalidArgument)},
		{"$all by name", changes{ofStream("$all")}, nil, failing(codes.InvalidArgument)},
		{"no count", changes{ofStream("a"), func(o *streams.ReadReq_Options) { o.CountOption = nil }}, nil, failing(codes.InvalidArgument)},
		{"an unknown direction", changes{ofStream("a"), func(o *streams.ReadReq_Options) { o.ReadDirection = 7 }}, nil, failing(codes.InvalidArgument)},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, f := h.read(request(c.change...))
			same(t, c.fault, f)
			same(t, c.want, words(answers))
		})
	}
}

// TestEncoding: every event carries what clients end their process without (1.5).
func TestEncoding(t *testing.T) {
	h := build(t)
	h.write("a", 1, 1)
	want := &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Event: &streams.ReadResp_ReadEvent_RecordedEvent{
			Id: structured(id(1)), StreamIdentifier: named("a"), StreamRevision: 0, PreparePosition: 1, CommitPosition: 1,
			Metadata: map[string]string{
				"type": "tested", "content-type": "application/json", "created": fmt.Sprint(noon.UnixNano() / 100),
			},
			CustomMetadata: []byte(`{}`), Data: []byte(`{"n":1}`),
		},
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: 1},
	}}}
	t.Run("1.5 of a stream, ids structured", func(t *testing.T) {
		answers, _ := h.read(request(ofStream("a")))
		same(t, []*streams.ReadResp{want}, answers)
	})
	t.Run("1.5 of all, ids as strings", func(t *testing.T) {
		want.GetEvent().GetEvent().Id = uuidString(id(1).String())
		answers, _ := h.read(request(ofAll, stringIDs))
		same(t, []*streams.ReadResp{want}, answers)
	})
}

// TestStreamMetadata: metastreams show their newest event only (1.5).
func TestStreamMetadata(t *testing.T) {
	h := build(t)
	h.write("a", 1, 5)
	for n, data := range []string{`{"$maxCount":4}`, `{"$maxCount":2,"$acl":{"$r":"$all"},"own":1}`} {
		h.writeEvents("$$a", eventstore.Event{ID: id(10 + n), Type: index.TypeMetadata, Data: []byte(data)})
	}
	t.Run("1.5 forwards, count 1, is the newest", func(t *testing.T) {
		answers, _ := h.read(request(ofStream("$$a"), counting(1)))
		same(t, []string{"1@$$a"}, words(answers))
		same(t, `{"$maxCount":2,"$acl":{"$r":"$all"},"own":1}`, string(answers[0].GetEvent().GetEvent().GetData()))
	})
	t.Run("1.5 $maxCount hides", func(t *testing.T) {
		answers, _ := h.read(request(ofStream("a")))
		same(t, []string{"3@a", "4@a"}, words(answers))
	})
	t.Run("1.5 $maxAge hides", func(t *testing.T) {
		h.writeEvents("$$a", eventstore.Event{ID: id(20), Type: index.TypeMetadata, Data: []byte(`{"$maxAge":1}`)})
		answers, _ := h.read(request(ofStream("a")))
		same(t, []string{"0@a", "1@a", "2@a", "3@a", "4@a"}, words(answers)) // all of this second
	})
}

func TestManyPages(t *testing.T) {
	h := build(t)
	for n := range 11 {
		h.write("a", 1+200*n, 200)
	}
	for name, r := range map[string]*streams.ReadReq{
		"stream forwards": request(ofStream("a"), counting(1700)), "all forwards": request(ofAll, counting(1700)),
		"stream backwards": request(ofStream("a"), backwards, fromEnd, counting(1700)), "all backwards": request(ofAll, backwards, fromEnd, counting(1700)),
	} {
		t.Run(name, func(t *testing.T) {
			answers, f := h.read(r)
			same(t, fine, f)
			same(t, 1700, len(answers))
			for i, m := range answers {
				want := i
				if r.GetOptions().GetReadDirection() == streams.ReadReq_Options_Backwards {
					want = 2199 - i
				}
				if got := int(m.GetEvent().GetEvent().GetStreamRevision()); got != want {
					t.Fatalf("event %d is of revision %d, not %d", i, got, want)
				}
			}
		})
	}
}
