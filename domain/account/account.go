// Package account holds the rules of an account: the right of one person or program to
// sign in. It does not know where passwords, links and keys are kept (it names them by
// id), and it leaves to the caller what lies outside one account: that the username is
// free, that an administrator remains, that a password is good enough.
package account

import (
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// Role is what an account is for.
type Role string

// The roles.
const (
	RoleUser       Role = "user"
	RoleAdmin      Role = "admin"
	RoleCompliance Role = "compliance" // reads everything, changes nothing
	RoleService    Role = "service"    // a program
	RolePlatform   Role = "platform"   // the provider's own staff
)

// Roles returns every role.
func Roles() []Role {
	return []Role{RoleUser, RoleAdmin, RoleCompliance, RoleService, RolePlatform}
}

// Values implements domain.Enumeration.
func (Role) Values() []string { return domain.Values(Roles()) }

// Channel is the way by which an account gets its first password.
type Channel string

// The channels.
const (
	ChannelMailLink      Channel = "mail_link"
	ChannelMailAndLetter Channel = "mail_link_and_letter_code" // the mail alone is not enough, nor the letter
	ChannelAdminPassword Channel = "admin_password"
	ChannelSetup         Channel = "setup" // the provider's first account, made when the store is empty
)

// Channels returns every channel.
func Channels() []Channel { return append(OfferedChannels(), ChannelSetup) }

// OfferedChannels returns the channels that an administrator can choose for an account.
func OfferedChannels() []Channel {
	return []Channel{ChannelMailLink, ChannelMailAndLetter, ChannelAdminPassword}
}

// Values implements domain.Enumeration.
func (Channel) Values() []string { return domain.Values(Channels()) }

const (
	maxUsername = 254
	// CodeTries is how often an activation code may be tried.
	CodeTries = 5
)

// State is what the rules need. Each fact stands alone: an account can be blocked and
// disabled and expired at once. Values are shared, so nobody changes them in place.
type State struct {
	Exists, Activated, Shielded, Expired bool
	Stops

	OrganizationID      string // empty only for role platform
	Username            string
	UsernameReservation string
	Role                Role
	Channel             Channel
	MailToAdmin         bool

	Name  string
	Parts typed.Name // zero if only the whole name is known
	Details[string]

	ValidUntil string    // the last day, "2006-01-02"; empty for no end
	EndsAt     time.Time // the instant from which it is over; zero for no end

	Activation             Activation
	PasswordID             string   // credential id of the password; empty if there is none
	GivenPasswordID        string   // of the last password that an administrator gave it
	HandedOver             Handover // how the holder got this password, if an administrator gave it
	PasswordChangeRequired bool
	APIKeys                map[string]apiKey // by key id

	Roles   map[string]string // role groups by id, with the names that they were given by
	HadRole bool              // it has a role, or had one once

	Epoch int // how often what had been opened by signing in was ended, see endsSessions
}

// Activation is the latest activation that was sent.
type Activation struct {
	CredentialID     string // empty if none was sent or the last was superseded
	CodeCredentialID string
	LetterID         string
	Attempt          int
	ExpiresAt        time.Time
	TriesLeft        int  // of the code; 0 makes the code void
	Expired          bool // the clock has said so; the rules look at ExpiresAt
}

// Command and Event are closed sets: only this package can add a member, and a member
// without its rule or its fold does not compile.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Stop is an event after which the account may not be used. Whoever is signed in to it does not
// stay so.
type Stop interface {
	Event
	stops()
}

// Decider is the account as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State {
		after := e.evolve(s)
		if endsSessions(s, after) {
			after.Epoch++
		}
		if after.PasswordID != s.PasswordID {
			after.HandedOver = ""
		}
		return after
	},
}

// endsSessions says whether whoever signed in before has to do so again: another password, or
// another reason why the account may not be used.
func endsSessions(before, after State) bool {
	return after.PasswordID != before.PasswordID || after.exceed(before.Stops) || after.Expired && !before.Expired
}

// existing refuses an account that was never created.
func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}

// open refuses an account that was closed; closing is final.
func (s State) open() error {
	if s.Closed {
		return ErrClosed
	}
	return nil
}
