package person

import (
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/domain/typed"
)

// TestMachine runs any sequence of commands, most of them with days so close together that they
// meet, and holds each state to what must always be so.
func TestMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.SampledFrom([]string{"", "2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16", "2026-02-30", "soon"})
		word := rapid.SampledFrom([]string{"", " ", "Berg", "arts"})
		some := func(label string) *string { return rapid.Ptr(word, true).Draw(t, label) }
		var s State
		for range rapid.IntRange(1, 30).Draw(t, "commands") {
			command := []Command{
				Register{OrganizationID: "org", Name: typed.Name{Surname: "Berg"}, EmployedFrom: day.Draw(t, "from"), Volunteer: rapid.Bool().Draw(t, "volunteer"), Today: today},
				Change{GivenName: some("given name"), Surname: some("surname"), Details: Details[*string]{Email: some("mail")}, Today: today},
				StartEmployment{From: day.Draw(t, "from"), Until: day.Draw(t, "until")},
				EndEmployment{From: day.Draw(t, "of"), Until: day.Draw(t, "until")},
				ContinueEmployment{},
				WithdrawEmployment{From: day.Draw(t, "of"), Reason: word.Draw(t, "reason")},
				RegisterExternalContact{Contact{word.Draw(t, "organization"), word.Draw(t, "function")}}, EndExternalContact{},
				ActivateVolunteer{}, DeactivateVolunteer{}, Shield{Reason: word.Draw(t, "reason")}, Unshield{},
			}[rapid.IntRange(0, 11).Draw(t, "command")]
			events, err := Decider.Decide(s, command)
			if err != nil && len(events) > 0 {
				t.Fatalf("%T is refused, and brings %v", command, events)
			}
			s = Decider.Fold(s, events...)
			if err == nil {
				if again, _ := Decider.Decide(s, command); len(again) > 0 {
					t.Fatalf("%T brings %v a second time", command, again)
				}
			}
			holds(t, s)
		}
	})
}

// holds asks for what is so of every person.
func holds(t *rapid.T, s State) {
	if !s.Exists {
		if len(s.Employments) > 0 || s.Volunteer || s.Shielded || s.Contact != (Contact{}) {
			t.Fatalf("something is known of nobody: %+v", s)
		}
		return
	}
	if !typed.Visible(s.Name.Surname) {
		t.Fatal("there is no surname")
	}
	for i, e := range s.Employments {
		if e.valid() != nil || i > 0 && (s.Employments[i-1].Until == "" || s.Employments[i-1].Until >= e.From) {
			t.Fatalf("these employments can't be: %v", s.Employments)
		}
	}
}
