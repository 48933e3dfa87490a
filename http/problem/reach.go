package problem

import "sleutelbos/eventstore"

// keyLost says that personal data can't be sealed or changed, because a person's key is damaged
// or was destroyed. To ask again changes nothing.
func keyLost(err error) bool {
	_, lost := eventstore.Shown(err)
	return lost
}
