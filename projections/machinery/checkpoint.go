package machinery

import (
	"errors"

	"sleutelbos/eventstore"
)

// StoredCheckpoint is a checkpoint as an engine stores it, a member for each column.
type StoredCheckpoint struct {
	Commit, Prepare int64 // columns position and prepare
	UpdatedAt, Last string
}

// Stored returns how a checkpoint is stored.
func (c Checkpoint) Stored() StoredCheckpoint {
	return StoredCheckpoint{int64(c.Position.Commit()), int64(c.Position.Prepare()), TimeText(c.UpdatedAt), c.Last.String()}
}

// Checkpoint returns the checkpoint that was stored.
func (s StoredCheckpoint) Checkpoint() (Checkpoint, error) {
	at, err := ParseTime(s.UpdatedAt)
	last, markErr := ParseMark(s.Last)
	return Checkpoint{Position: eventstore.NewPosition(uint64(s.Commit), uint64(s.Prepare)), Last: last, UpdatedAt: at}, errors.Join(err, markErr)
}
