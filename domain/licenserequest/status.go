package licenserequest

import "sleutelbos/domain"

// Status is what became of a request.
type Status string

// The statuses.
const (
	StatusOpen      Status = "open"
	StatusApproved  Status = "approved"
	StatusRejected  Status = "rejected"
	StatusWithdrawn Status = "withdrawn"
)

// Statuses returns every status.
func Statuses() []Status {
	return []Status{StatusOpen, StatusApproved, StatusRejected, StatusWithdrawn}
}

// Values implements domain.Enumeration.
func (Status) Values() []string { return domain.Values(Statuses()) }
