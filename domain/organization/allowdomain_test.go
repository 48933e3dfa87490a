package organization

import (
	"maps"
	"testing"
)

func TestAllowDomain(t *testing.T) {
	allow := AllowDomain{Domain: "voorbeeld.nl", Reservation: "domain-1"}
	t.Run("adds a domain", func(t *testing.T) { given(t, registered).When(allow).Then(DomainAllowed(allow)) })
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, DomainAllowed(allow)).When(allow).ThenNothing()
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, registered, DomainAllowed(allow))
		Decider.Fold(before, DomainAllowed{Domain: "voorbeeld.be"}, DomainWithdrawn{Domain: "voorbeeld.nl"})
		if want := map[string]string{"voorbeeld.nl": "domain-1"}; !maps.Equal(before.Domains, want) {
			t.Errorf("a shared state changed: %v", before.Domains)
		}
	})
	for _, name := range []string{"", "nl", "Voorbeeld.nl", " voorbeeld.nl", "voorbeeld.nl.", "münchen.de", "voor_beeld.nl", "10.0.0.1"} {
		t.Run("is refused for "+name, func(t *testing.T) {
			given(t, registered).When(AllowDomain{Domain: name, Reservation: "domain-1"}).ThenRefused(ErrDomainInvalid)
		})
	}
	for _, name := range []string{
		"gmail.com", "outlook.com", "hotmail.com", "live.nl", "ziggo.nl", "kpnmail.nl", "telenet.be", "skynet.be", "proton.me", "icloud.com", "yahoo.com",
	} {
		t.Run("is refused for "+name, func(t *testing.T) {
			given(t, registered).When(AllowDomain{Domain: name, Reservation: "domain-1"}).ThenRefused(ErrDomainPublic)
		})
	}
	t.Run("is refused without a claim", func(t *testing.T) {
		given(t, registered).When(AllowDomain{Domain: "voorbeeld.nl"}).ThenRefused(code("reservation-required"))
	})
}
