// Package refusal holds the facts about commands that were refused, and about what the program
// itself could not do. They are kept as evidence; they have no rules and change nothing.
package refusal

import "time"

// Recorded says that a command of a known actor was refused.
type Recorded struct {
	Command        string `json:"command"`
	Code           string `json:"code"`
	OrganizationID string `json:"organization_id,omitempty"`
	AccountID      string `json:"account_id,omitempty"` // the account concerned
	Stream         string `json:"stream,omitempty"`     // the aggregate's
	DryRun         bool   `json:"dry_run,omitzero"`     // the command would not have been done, only tried
}

// Summed counts the refusals of one minute: those of somebody who had not signed in, and those
// of a known actor beyond the ones that are recorded in full. They are summed so that nobody can
// make the log grow. The address that a stranger's came from is in the envelope. It is sealed
// under a key of its own, because it belongs to no person whose key could seal it.
type Summed struct {
	Command   string    `json:"command,omitempty"` // empty for several
	Code      string    `json:"code"`
	Count     int       `json:"count"`
	Minute    time.Time `json:"minute"`               // its first instant, UTC
	AccountID string    `json:"account_id,omitempty"` // whose password a stranger tried
}

// PassedOver says that the program could not do what should have followed from an event, and never
// will: a rule refuses it, or what it needs is gone. It went on with what came after.
type PassedOver struct {
	Part           string `json:"part"`                // of the program, e.g. messages
	Code           string `json:"code"`                // of the refusal, or of what is gone
	EventType      string `json:"event_type,omitzero"` // of the event from which it should have followed
	Revision       int64  `json:"revision"`            // of that event in its stream
	OrganizationID string `json:"organization_id,omitempty"`
	AccountID      string `json:"account_id,omitempty"` // the account concerned
	Stream         string `json:"stream,omitempty"`     // the aggregate's
}
