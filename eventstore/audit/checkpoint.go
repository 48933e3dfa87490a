package audit

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sleutelbos/eventstore"
)

// checkpoint is the content of a note.
type checkpoint struct {
	size     int64
	root     tlog.Hash
	position eventstore.Position
	stream   string // the stream of the seal itself
	revision int64
	ends     map[string]end
}

// end is the last event of a stream.
type end struct {
	revision int64
	hash     string
}

const origin = "sleutelbos log"

// sign returns the checkpoint as a signed note. Its first three lines are what other
// transparency logs write, too.
func (c checkpoint) sign(key Key) (string, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%d\n%s\nposition %s\nseal %s %d\n", origin, c.size, c.root, c.position, c.stream, c.revision)
	streams := make([]string, 0, len(c.ends))
	for stream := range c.ends {
		streams = append(streams, stream)
	}
	slices.Sort(streams)
	for _, stream := range streams {
		fmt.Fprintf(&b, "end %d %s %q\n", c.ends[stream].revision, c.ends[stream].hash, stream)
	}
	signed, err := note.Sign(&note.Note{Text: b.String()}, key.signer)
	if err != nil {
		return "", fmt.Errorf("sign a seal: %w", err)
	}
	return string(signed), nil
}

// openNote checks the signature of a note and returns its checkpoint.
func openNote(signed string, known note.Verifiers) (checkpoint, error) {
	n, err := note.Open([]byte(signed), known)
	if err != nil {
		return checkpoint{}, fmt.Errorf("its signature does not hold: %w", err)
	}
	c := checkpoint{ends: map[string]end{}}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	malformed := errors.New("it is signed and yet malformed")
	if len(lines) < 5 || lines[0] != origin {
		return checkpoint{}, malformed
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return checkpoint{}, malformed
	}
	c.root = tlog.Hash(root)
	var commit uint64
	for i, form := range []struct {
		format string
		into   []any
	}{{"%d", []any{&c.size}}, {}, {"position %d", []any{&commit}}, {"seal %s %d", []any{&c.stream, &c.revision}}} {
		if _, err := fmt.Sscanf(lines[i+1], form.format, form.into...); err != nil && form.into != nil {
			return checkpoint{}, malformed
		}
	}
	c.position = eventstore.AtCommit(commit)
	for _, line := range lines[5:] {
		var stream string
		var e end
		if _, err := fmt.Sscanf(line, "end %d %s %q", &e.revision, &e.hash, &stream); err != nil {
			return checkpoint{}, malformed
		}
		c.ends[stream] = e
	}
	return c, nil
}
