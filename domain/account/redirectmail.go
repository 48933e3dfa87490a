package account

import (
	"time"

	"sleutelbos/domain"
)

// RedirectMail lets the administrators get the mail for the holder (N-4). An activation that
// went to the holder has no force any more.
type RedirectMail struct {
	Now time.Time
}

func (c RedirectMail) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), s.open()); err != nil {
		return nil, err
	}
	if s.MailToAdmin {
		return nil, nil // it is so already; nothing happened
	}
	return append(s.supersede(c.Now), MailRedirected{}), nil
}

// MailRedirected says that the administrators get the mail for the holder.
type MailRedirected struct{}

func (MailRedirected) evolve(s State) State {
	s.MailToAdmin = true
	return s
}

// EndMailRedirect lets the holder get the mail again. An activation that went to the
// administrators has no force any more. An account that is not activated needs an address.
type EndMailRedirect struct {
	Now time.Time
}

func (c EndMailRedirect) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), s.open()); err != nil {
		return nil, err
	}
	if !s.MailToAdmin {
		return nil, nil // it is so already; nothing happened
	}
	ended := MailRedirectEnded{}
	if ended.evolve(s).needsAddress() && s.Address() == "" {
		return nil, ErrEmailRequired
	}
	return append(s.supersede(c.Now), ended), nil
}

// MailRedirectEnded says that the holder gets the mail again.
type MailRedirectEnded struct{}

func (MailRedirectEnded) evolve(s State) State {
	s.MailToAdmin = false
	return s
}
