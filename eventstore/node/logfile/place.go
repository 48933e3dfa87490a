package logfile

import "sleutelbos/eventstore"

// Place is the number of an event in this log: 1, 2, 3 … without gaps, so that places can be
// counted with. To everyone else a place is an eventstore.Position, which cannot.
type Place uint64

// PlaceOf returns the place that a position names.
func PlaceOf(p eventstore.Position) Place { return Place(p.Commit()) }

// Position returns the place as everyone else knows it.
func (p Place) Position() eventstore.Position { return eventstore.AtCommit(uint64(p)) }
