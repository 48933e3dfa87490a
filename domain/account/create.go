package account

import (
	"cmp"
	"slices"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// Create opens an account. It is activated at once if its first password is known, or if
// it is a program's; other accounts wait for SendActivation.
type Create struct {
	OrganizationID      string // empty only for role platform
	Username            string
	UsernameReservation string     // the stream of the claim
	Name                string     // empty if it follows from its parts
	Parts               typed.Name // zero if they are not known
	Role                Role
	Channel             Channel
	Details[string]
	HomeCountry string    // of the organization: what sorts its names and dials its numbers
	ValidUntil  string    // the last day, "2006-01-02"; empty for no end
	EndsAt      time.Time // when that day is over (EndOfDay)
	MailToAdmin bool
	Password    *FirstPassword // for admin_password and setup
	Now         time.Time
}

// FirstPassword names the password that an account starts with.
type FirstPassword struct {
	CredentialID string
	Generated    bool
	Keep         bool // the holder need not change it
}

func (c Create) decide(s State) ([]Event, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	if s.Exists {
		return nil, c.again(s)
	}
	created := Created{
		OrganizationID: c.OrganizationID, Username: c.Username, UsernameReservation: c.UsernameReservation,
		Name: c.whole(), Role: c.Role, Channel: c.Channel, Email: c.Email, Phone: c.Phone, PhoneNumber: typed.PhoneNumber(c.Phone, c.HomeCountry),
		Country: c.Country, Description: c.Description, ValidUntil: c.ValidUntil, EndsAt: domain.Instant(c.EndsAt), MailToAdmin: c.MailToAdmin,
	}
	opened := created.evolve(s)
	return slices.Concat([]Event{created}, opened.inParts(c.Parts, c.HomeCountry), opened.retell(c.Details, c.HomeCountry), c.start()), nil
}

// ValidName refuses a name that no holder can have.
func (c Create) ValidName() error { return domain.First(validParts(c.Parts), validName(c.whole())) }

// whole returns the name of the holder as it is written.
func (c Create) whole() string { return cmp.Or(c.Name, c.Parts.String()) }

// start returns the events that activate an account which needs no link, or none.
func (c Create) start() []Event {
	switch {
	case c.Password == nil && (c.Role == RoleService || c.Channel == ChannelSetup):
		return []Event{Activated{}}
	case c.Password == nil:
		return nil
	case c.Channel == ChannelSetup:
		return []Event{PasswordChosen{CredentialID: c.Password.CredentialID}, Activated{}}
	}
	events := []Event{PasswordSetByAdmin{CredentialID: c.Password.CredentialID, Generated: c.Password.Generated}, Activated{}}
	if !c.Password.Keep && c.Role != RoleService { // a program cannot choose a new one
		events = append(events, PasswordChangeRequired{})
	}
	return events
}

// again decides about an account that exists: a retry of the same command is harmless, and
// another account with this id is refused.
func (c Create) again(s State) error {
	if s.OrganizationID == c.OrganizationID && s.Username == c.Username && s.Role == c.Role && s.Channel == c.Channel {
		return nil
	}
	return ErrExists
}

func (c Create) valid() error {
	if err := c.validKind(); err != nil {
		return err
	}
	if err := domain.First(validUsername(c.Username, c.UsernameReservation), c.ValidName(), validDetails(c.Details), postalAddress(c.Details).Check()); err != nil {
		return err
	}
	if c.ValidUntil != "" || !c.EndsAt.IsZero() {
		if err := validEnd(c.ValidUntil, c.EndsAt, c.Now); err != nil {
			return err
		}
	}
	if c.Role != RoleService && c.Channel.linked() && !c.MailToAdmin && address(c.Username, c.Email) == "" {
		return ErrEmailRequired
	}
	return c.validPassword()
}

func (c Create) validKind() error {
	if !slices.Contains(Roles(), c.Role) {
		return ErrRoleUnknown
	}
	if c.Role != RolePlatform {
		if err := domain.Identifier("organization_id", c.OrganizationID); err != nil {
			return err
		}
	}
	if slices.Contains(OfferedChannels(), c.Channel) || c.Channel == ChannelSetup && c.Role == RolePlatform {
		return nil
	}
	return ErrChannelUnknown
}

func (c Create) validPassword() error {
	if c.Password == nil {
		if c.Channel == ChannelAdminPassword && c.Role != RoleService {
			return ErrPasswordRequired
		}
		return nil
	}
	if c.Channel.linked() {
		return ErrPasswordNotAllowed // only the holder may know it
	}
	return domain.Identifier("credential_id", c.Password.CredentialID)
}

// linked says whether the first password is chosen by the holder, through a mailed link.
func (c Channel) linked() bool { return c == ChannelMailLink || c == ChannelMailAndLetter }

// Created says that an account was opened.
type Created struct {
	OrganizationID      string    `json:"organization_id"`
	Username            string    `json:"username" personal:"yes"`
	UsernameReservation string    `json:"username_reservation"`
	Name                string    `json:"name" personal:"yes"`
	Role                Role      `json:"role"`
	Channel             Channel   `json:"channel"`
	Email               string    `json:"email,omitempty" personal:"yes"`
	Phone               string    `json:"phone,omitempty" personal:"yes"`        // as it was typed
	PhoneNumber         string    `json:"phone_number,omitempty" personal:"yes"` // the same in its one form, if it has one (typed.PhoneNumber)
	Country             string    `json:"country,omitempty"`
	Description         string    `json:"description,omitempty" personal:"yes"`
	ValidUntil          string    `json:"valid_until,omitempty"`
	EndsAt              time.Time `json:"ends_at,omitzero"`
	MailToAdmin         bool      `json:"mail_to_admin,omitzero"`
}

func (e Created) evolve(s State) State {
	s.Exists = true
	s.OrganizationID, s.Username, s.UsernameReservation = e.OrganizationID, e.Username, e.UsernameReservation
	s.Name, s.Email, s.Phone, s.Country, s.Description = e.Name, e.Email, e.Phone, e.Country, e.Description
	s.Role, s.Channel, s.MailToAdmin = e.Role, e.Channel, e.MailToAdmin
	s.ValidUntil, s.EndsAt = e.ValidUntil, e.EndsAt
	return s
}
