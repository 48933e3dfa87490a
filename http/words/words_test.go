package words

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore/catalog"
)

func TestTheLanguagesHaveTheSameKeys(t *testing.T) {
	for name, of := range map[string]map[Language]map[string]string{"actors": actors, "subjects": subjects, "fields": fields, "deeds": deeds} {
		dutch, english := slices.Sorted(maps.Keys(of[Dutch])), slices.Sorted(maps.Keys(of[English]))
		if diff := cmp.Diff(dutch, english); diff != "" {
			t.Errorf("%s (-nl +en):\n%s", name, diff)
		}
	}
}

// TestEveryMemberHasAName ranges over every event: whatever the history shows of it is called
// something.
func TestEveryMemberHasAName(t *testing.T) {
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			for _, member := range append(catalog.Members(e.Type), e.Turns.Fact) {
				member = strings.TrimPrefix(member[strings.LastIndexByte(member, '.')+1:], "old_")
				if member != "" && !catalog.Ties(member) && !HasField(English, Camel(member)) {
					t.Errorf("%s: the member %s has no name", e.Name, member)
				}
			}
		}
	}
}

// Who looks for a mail in the list has its subject before the eyes.
func TestSubjectsAreThoseOfTheMails(t *testing.T) {
	for _, l := range Languages {
		for _, mail := range message.Templates() {
			subject := mailtemplate.BuiltIn(mail, string(l)).Subject
			rest := subject
			for word := range strings.FieldsSeq(Subject(l, string(mail))) {
				_, after, found := strings.Cut(rest, word)
				if !found {
					t.Errorf("%s %s: %q is not in %q", l, mail, Subject(l, string(mail)), subject)
				}
				rest = after
			}
		}
	}
}

func TestSentence(t *testing.T) {
	for _, c := range []struct {
		l    Language
		h    Happening
		want string
	}{
		{Dutch, Happening{Type: "account.blocked.v1", Actor: Actor{Kind: "account"}, Reason: "misbruik gemeld"}, "Een gebruikersbeheerder blokkeerde het account: misbruik gemeld"},
		{English, Happening{Type: "account.blocked.v1", Actor: Actor{Kind: "account", Name: "Ann"}}, "Ann blocked the account"},
		{English, Happening{Type: "account.activated.v1", Actor: Actor{Kind: "account", Self: true}}, "The account holder activated the account"},
		{Dutch, Happening{Type: "account.created.v1", Actor: Actor{Kind: "system"}, Members: map[string]string{"role": "admin"}}, "Het systeem maakte het account aan met de rol beheerder"},
		{Dutch, Happening{Type: "account.created.v1", Actor: Actor{Kind: "system"}}, "Het systeem maakte het account aan"},
		{English, Happening{Type: "refusal.recorded.v1", Actor: Actor{Kind: "stranger"}, Members: map[string]string{"command": "BlockAccount", "code": "You may not do this"}}, "Somebody who had not signed in tried to block the account and was refused: You may not do this"},
		{Dutch, Happening{Type: "refusal.recorded.v1", Actor: Actor{Name: "Ann"}, Members: map[string]string{"command": "CloseAccount", "code": "Er moet een beheerder overblijven"}}, "Ann wilde het account sluiten en werd geweigerd: Er moet een beheerder overblijven"},
		{Dutch, Happening{Type: "refusal.recorded.v1", Actor: Actor{Name: "Ann"}, Members: map[string]string{"command": "ListProjections", "code": "Dat mag niet"}}, "Ann wilde iets inzien en werd geweigerd: Dat mag niet"},
		{English, Happening{Type: "refusal.recorded.v1", Actor: Actor{Name: "…"}}, "… was refused"},
		{English, Happening{Type: "refusal.summed.v1", Actor: Actor{Kind: "stranger"}, Members: map[string]string{"command": "SignIn", "code": "The password is wrong", "count": "1"}}, "Somebody who had not signed in tried to sign in and was refused once in one minute: The password is wrong"},
		{Dutch, Happening{Type: "refusal.summed.v1", Actor: Actor{Kind: "stranger"}, Members: map[string]string{"command": "SignIn", "code": "Het wachtwoord klopt niet", "count": "58"}}, "Iemand die niet was aangemeld wilde zich aanmelden en werd in één minuut 58 keer geweigerd: Het wachtwoord klopt niet"},
		{Dutch, Happening{Type: "account.validity_set.v1", Actor: Actor{Name: "Ann"}, Members: map[string]string{"valid_until": "2027-03-01"}}, "Ann maakte het account geldig tot en met 1 mrt 2027"},
		{Dutch, Happening{Type: "message.queued.v1", Actor: Actor{Kind: "system"}, Members: map[string]string{"template": "license_approved"}}, "Het systeem zette een mail klaar: Uw aanvraag is goedgekeurd"},
		{English, Happening{Type: "never.heard_of.v1"}, "never.heard_of.v1"},
	} {
		if got := Sentence(c.l, c.h); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.l, c.h.Type, got, c.want)
		}
	}
}

func TestLanguageOfARequest(t *testing.T) {
	for _, c := range []struct {
		accept, cookie string
		want           Language
	}{
		{"", "", English},
		{"nl", "", Dutch},
		{"nl-BE,nl;q=0.9,en;q=0.8", "", Dutch},
		{"de, en;q=0.5, nl;q=0.4", "", English},
		{"fr", "", English},
		{"en", "nl", Dutch},
		{"nl", "xx", Dutch},
		{";;;", "", English},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", c.accept)
		if c.cookie != "" {
			r.Header.Set("Cookie", Cookie+"="+c.cookie)
		}
		if got := FromRequest(r); got != c.want {
			t.Errorf("%q with cookie %q: got %s, want %s", c.accept, c.cookie, got, c.want)
		}
	}
}
