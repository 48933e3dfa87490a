// Package refusal holds the facts of what was asked and not done. Refusals are evidence;
// they have no rules and change nothing.
package refusal

import "time"

// Recorded says that a command of a known actor was refused.
type Recorded struct {
	Command        string `json:"command"`
	Code           string `json:"code"`
	OrganizationID string `json:"organization_id,omitempty"`
	AccountID      string `json:"account_id,omitempty"` // the account concerned
	Stream         string `json:"stream,omitempty"`     // the aggregate's
}

// Summed counts what nobody signed in was refused in a minute, so that no stranger can
// make the log grow. From which address is in the envelope, sealed under a key of its
// own: an address that belongs to no account has no key of a person to seal it with.
type Summed struct {
	Command string    `json:"command"`
	Code    string    `json:"code"`
	Count   int       `json:"count"`
	Minute  time.Time `json:"minute"` // its first instant, UTC
}
