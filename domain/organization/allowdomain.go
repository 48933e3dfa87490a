package organization

import (
	"maps"
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
)

// AllowDomain makes a mail domain one of the organization's. The caller has claimed it.
type AllowDomain struct {
	Domain      string // canonical, see mailaddress.Domain
	Reservation string // the stream of the claim
}

func (c AllowDomain) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), c.valid()); err != nil {
		return nil, err
	}
	if _, allowed := s.Domains[c.Domain]; allowed {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{DomainAllowed(c)}, nil
}

func (c AllowDomain) valid() error {
	canonical, err := mailaddress.Domain(c.Domain)
	if err != nil || canonical != c.Domain {
		return ErrDomainInvalid
	}
	if slices.Contains(publicDomains, c.Domain) {
		return ErrDomainPublic
	}
	return domain.Identifier("reservation", c.Reservation)
}

// publicDomains are domains in which anyone can get an address. An address in one of them
// does not show that its owner belongs to an organization.
var publicDomains = []string{
	"aol.com", "casema.nl", "chello.nl", "fastmail.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
	"hetnet.nl", "home.nl", "hotmail.be", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "kpnplanet.nl",
	"live.be", "live.com", "live.nl", "mac.com", "mail.com", "me.com", "msn.com", "online.nl", "outlook.be",
	"outlook.com", "outlook.nl", "planet.nl", "pm.me", "proton.me", "protonmail.com", "proximus.be", "quicknet.nl",
	"scarlet.be", "skynet.be", "solcon.nl", "telenet.be", "tele2.nl", "tuta.com", "upcmail.nl", "voo.be", "xs4all.nl",
	"yahoo.com", "yahoo.nl", "ymail.com", "zeelandnet.nl", "ziggo.nl", "zonnet.nl",
}

// DomainAllowed says that a mail domain is one of the organization's.
type DomainAllowed struct {
	Domain      string `json:"domain"`
	Reservation string `json:"reservation"`
}

func (e DomainAllowed) evolve(s State) State {
	s.Domains = with(s.Domains, e.Domain, e.Reservation)
	return s
}

// with returns a copy of the map with one more entry: states are shared.
func with[V any](m map[string]V, key string, value V) map[string]V {
	next := maps.Clone(m)
	if next == nil {
		next = map[string]V{}
	}
	next[key] = value
	return next
}

// without returns a copy of the map without an entry.
func without[V any](m map[string]V, key string) map[string]V {
	next := maps.Clone(m)
	delete(next, key)
	return next
}
