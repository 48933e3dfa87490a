package index

import (
	"database/sql/driver"
	"slices"

	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// Head is what the log knows of a stream without reading it.
type Head struct {
	Stream   int64         // the stream's number; 0 if it has no row yet
	Last     int64         // revision of the last event, -1 if there is none
	LastAt   logfile.Place // where that event stands; 0 if it is not known
	Metadata *Metadata     // nil if there is none
}

// ReadHead reads the head of a stream from the file.
func ReadHead(c *sqlitex.Conn, stream string) (Head, error) {
	h := Head{Last: -1}
	metastream := int64(0)
	err := c.Each(func(v []driver.Value) error {
		h.Stream, metastream, h.Last = v[0].(int64), v[1].(int64), v[2].(int64)
		return nil
	}, `SELECT sid, metastream, ifnull((SELECT max(rev) FROM events WHERE sid=s.sid), -1) FROM streams s WHERE name=?`, stream)
	if err != nil || metastream == 0 {
		return h, err
	}
	err = c.Each(func(v []driver.Value) error {
		h.Metadata = ParseMetadata(v[0].(int64), sqlitex.Bytes(v[1]))
		return nil
	}, `SELECT rev, data FROM events WHERE sid=? ORDER BY rev DESC LIMIT 1`, metastream)
	return h, err
}

// Tombstoned says whether the stream was ended for good.
func (h Head) Tombstoned() bool { return h.Last == Tombstoned }

// SoftDeleted says whether the stream is deleted until the next append.
func (h Head) SoftDeleted() bool {
	return h.Metadata != nil && h.Metadata.TruncateBefore == Tombstoned
}

// First returns the revision of the oldest event that $maxCount and $tb leave to show.
func (h Head) First(stream string) int64 {
	if h.Last < 0 {
		return -1
	}
	if IsMetastream(stream) {
		return h.Last
	}
	if h.Metadata == nil {
		return 0
	}
	first := min(h.Metadata.TruncateBefore, h.Last+1)
	if h.Metadata.MaxCount > 0 {
		first = max(first, h.Last+1-h.Metadata.MaxCount)
	}
	return first
}

// nearNumbers is how far apart two streams' numbers may be to be read in one go: a row in
// between costs a sixth of a query.
const nearNumbers = 6

// ReadStreamNames reads the names of streams, and those of some neighbors, by their numbers.
// Numbers are given in sequence, so streams that began together have neighboring rows.
func ReadStreamNames(c *sqlitex.Conn, numbers []int64) (map[int64]string, error) {
	slices.Sort(numbers)
	names := make(map[int64]string, len(numbers))
	for len(numbers) > 0 {
		run := 1
		for run < len(numbers) && numbers[run]-numbers[run-1] <= nearNumbers {
			run++
		}
		err := c.Each(func(v []driver.Value) error {
			names[v[0].(int64)] = v[1].(string)
			return nil
		}, "SELECT sid, name FROM streams WHERE sid BETWEEN ? AND ?", numbers[0], numbers[run-1])
		if err != nil {
			return nil, err
		}
		numbers = numbers[run:]
	}
	return names, nil
}
