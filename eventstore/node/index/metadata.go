package index

import (
	"encoding/json"
	"time"
)

// Metadata is what the newest event of "$$stream" says.
type Metadata struct {
	MaxCount       int64         // 0 is unlimited
	MaxAge         time.Duration // 0 is unlimited
	TruncateBefore int64         // events of lower revisions do not show; Tombstoned (max int64) is a soft delete
	JSON           []byte        // the whole, with $acl and what users added; nil if there is none
	Revision       int64         // of the event in the metastream; -1 if there is none
}

// ParseMetadata reads the event of a metastream. What makes no sense truncates nothing, as
// in EventStoreDB: whoever wrote it can read it back and see.
func ParseMetadata(revision int64, data []byte) *Metadata {
	m := Metadata{Revision: revision, JSON: data}
	var keys struct {
		MaxCount       json.Number `json:"$maxCount"`
		MaxAge         json.Number `json:"$maxAge"`
		TruncateBefore json.Number `json:"$tb"`
	}
	if json.Unmarshal(data, &keys) != nil {
		return &m
	}
	m.MaxCount = positive(keys.MaxCount, Tombstoned)
	m.MaxAge = time.Duration(positive(keys.MaxAge, Tombstoned/int64(time.Second))) * time.Second
	m.TruncateBefore = positive(keys.TruncateBefore, Tombstoned)
	return &m
}

func positive(n json.Number, most int64) int64 {
	v, err := n.Int64()
	if err != nil || v < 0 {
		return 0
	}
	return min(v, most)
}

// WithTruncateBefore returns the metadata with another $tb and all else as it was.
func WithTruncateBefore(m *Metadata, revision int64) ([]byte, error) {
	keys := map[string]json.RawMessage{}
	if m != nil && json.Unmarshal(m.JSON, &keys) != nil {
		keys = map[string]json.RawMessage{}
	}
	tb, err := json.Marshal(revision)
	if err != nil {
		return nil, err
	}
	if keys == nil { // the JSON was null
		keys = map[string]json.RawMessage{}
	}
	keys["$tb"] = tb
	return json.Marshal(keys)
}
