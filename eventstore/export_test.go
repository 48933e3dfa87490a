package eventstore

// Rehashed returns an event as whoever changes it can write it: with the hash of its bytes.
func Rehashed(r Recorded) Recorded {
	covered, _, _ := splitHash(r.Metadata)
	r.Metadata, _ = withHash(r.Stream, r.Revision, Event{ID: r.ID, Type: r.Type, Data: r.Data, Metadata: append(covered[:len(covered):len(covered)], '}')})
	return r
}
