package node

import "sleutelbos/eventstore"

// place is the number of an event in this log: 1, 2, 3 … without gaps, so that places can be
// counted with. Outside of this package a place is a position, which cannot.
type place uint64

// placeOf returns the place of an event, or the one that a caller names as the position.
func placeOf(p eventstore.Position) place { return place(p.Commit()) }

func (p place) position() eventstore.Position { return eventstore.AtCommit(uint64(p)) }
