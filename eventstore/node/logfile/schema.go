package logfile

import (
	"database/sql/driver"
	"fmt"
	"math"

	"sleutelbos/internal/sqlitex"
)

const (
	applicationID = 0x534c4253 // "SLBS": tells our file from any other of SQLite
	schemaVersion = 1
)

// schema makes the tables of a new file. A stream's last revision and the log's head stand
// nowhere but in the events themselves, so they cannot disagree with them. The view "log" is
// for whoever opens the file with sqlite3.
var schema = []string{
	`CREATE TABLE streams (
		sid  INTEGER PRIMARY KEY,
		name TEXT NOT NULL UNIQUE,
		metastream INTEGER NOT NULL DEFAULT 0 -- sid of the stream's metastream, once it has one
	) STRICT`,
	`CREATE TABLE kinds ( -- names of the virtual streams; an event's type is one of them
		kid  INTEGER PRIMARY KEY,
		name TEXT NOT NULL UNIQUE
	) STRICT`,
	`CREATE TABLE events (
		pos     INTEGER PRIMARY KEY, -- dense from 1
		sid     INTEGER NOT NULL,
		rev     INTEGER NOT NULL,
		type    INTEGER NOT NULL, -- kid of "$et-<type>"
		shown   INTEGER NOT NULL, -- how many events up to here are no system events
		created INTEGER NOT NULL, -- nanoseconds since 1970, UTC
		binary  INTEGER NOT NULL,
		id      BLOB NOT NULL,
		meta    BLOB NOT NULL,
		data    BLOB NOT NULL,
		UNIQUE (sid, rev)
	) STRICT`,
	`CREATE TABLE links ( -- the virtual streams, a block of positions a row
		kind   INTEGER NOT NULL,
		last   INTEGER NOT NULL, -- the last position in the block
		first  INTEGER NOT NULL, -- the revision of its first link
		n      INTEGER NOT NULL,
		places BLOB NOT NULL, -- the positions, each as the varint of its distance to the one before
		PRIMARY KEY (kind, last), UNIQUE (kind, first)
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE state (linked INTEGER NOT NULL) STRICT`, // all events up to here stand in links
	`INSERT INTO state VALUES (0)`,
	`CREATE VIEW log AS SELECT e.pos, s.name AS stream, e.rev, substr(k.name, 5) AS type,
		datetime(e.created / 1000000000, 'unixepoch') AS created, hex(e.id) AS id,
		CAST(e.meta AS TEXT) AS meta, CAST(e.data AS TEXT) AS data
		FROM events e JOIN streams s USING (sid) JOIN kinds k ON k.kid = e.type`,
	fmt.Sprintf("PRAGMA application_id=%d", applicationID),
	fmt.Sprintf("PRAGMA user_version=%d", schemaVersion),
}

// migrate creates the tables in a new file, and refuses a file that is not ours.
func migrate(c *sqlitex.Conn) error {
	tables, err := c.Integer(0, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if tables > 0 {
		return checkFile(c)
	}
	if err := c.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, s := range schema {
		if err := c.Exec(s); err != nil {
			return err
		}
	}
	return c.Exec("COMMIT")
}

func checkFile(c *sqlitex.Conn) error {
	id, err := c.Integer(0, "PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := c.Integer(0, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if id != applicationID {
		return Damaged("the file is no event log")
	}
	if version != schemaVersion {
		return fmt.Errorf("the event log has format %d, this program knows format %d", version, schemaVersion)
	}
	return nil
}

// checkTail looks at the newest rows and at what refers to them: a torn write shows there.
func checkTail(c *sqlitex.Conn) error {
	type row struct{ pos, sid, rev int64 }
	var newest []row
	err := c.Each(func(v []driver.Value) error {
		newest = append(newest, row{v[0].(int64), v[1].(int64), v[2].(int64)})
		return nil
	}, "SELECT pos, sid, rev, length(data) FROM events ORDER BY pos DESC LIMIT 64")
	if err != nil {
		return err
	}
	for i, r := range newest {
		if r.pos != newest[0].pos-int64(i) {
			return Damaged("position %d is missing", newest[0].pos-int64(i))
		}
		pos, err := c.Integer(0, "SELECT pos FROM events WHERE sid=? AND rev=?", r.sid, r.rev)
		if err != nil {
			return err
		}
		named, err := c.Integer(0, "SELECT count(*) FROM streams WHERE sid=?", r.sid)
		if err != nil {
			return err
		}
		before := r.rev
		if r.rev > 0 && r.rev != math.MaxInt64 { // that of a stream that was ended has a gap before it
			before, err = c.Integer(-1, "SELECT rev FROM events WHERE sid=? AND rev=?", r.sid, r.rev-1)
			if err != nil {
				return err
			}
			before++
		}
		if pos != r.pos || named != 1 || before != r.rev {
			return Damaged("position %d does not fit its stream", r.pos)
		}
	}
	return nil
}
