package message

import "sleutelbos/domain"

// Status is what became of a message.
type Status string

// The statuses.
const (
	StatusQueued  Status = "queued"
	StatusSent    Status = "sent"
	StatusFailed  Status = "failed" // it will be tried again
	StatusGivenUp Status = "given_up"
)

// Statuses returns every status.
func Statuses() []Status {
	return []Status{StatusQueued, StatusSent, StatusFailed, StatusGivenUp}
}

// Values implements domain.Enumeration.
func (Status) Values() []string { return domain.Values(Statuses()) }
