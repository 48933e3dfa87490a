package license

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

func TestAddStandard(t *testing.T) {
	added := StandardAdded{Standard: "NEN 7510"}
	t.Run("puts it into the license", func(t *testing.T) {
		given(t, registered).When(AddStandard{Standard: "NEN 7510"}).Then(added)
	})
	t.Run("twice changes nothing, in whatever case", func(t *testing.T) {
		given(t, registered, added).When(AddStandard{Standard: "nen 7510"}).ThenNothing()
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, registered, added)
		if after := Decider.Fold(before, StandardAdded{Standard: "NEN 7512"}); len(before.Standards) != 1 || len(after.Standards) != 2 {
			t.Errorf("%v before, %v after", before.Standards, after.Standards)
		}
	})
	t.Run("is refused without a name", func(t *testing.T) {
		given(t, registered).When(AddStandard{}).ThenRefused(code("standard-required"))
	})
	t.Run("is refused with a name that is too long", func(t *testing.T) {
		given(t, registered).When(AddStandard{Standard: strings.Repeat("x", 201)}).ThenRefused(code("standard-too-long"))
	})
	t.Run("is refused beyond what a license can have", func(t *testing.T) {
		past := []Event{registered}
		for i := range MaxStandards {
			past = append(past, StandardAdded{Standard: "NEN " + strconv.Itoa(i)})
		}
		given(t, past...).When(AddStandard{Standard: "one more"}).ThenRefused(ErrManyStandards)
		given(t, past...).When(AddStandard{Standard: "NEN 1"}).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(AddStandard{Standard: "NEN 7510"}).ThenRefused(ErrNotFound) })
}

func TestRemoveStandard(t *testing.T) {
	added := StandardAdded{Standard: "NEN 7510"}
	t.Run("takes it out, as it is written there", func(t *testing.T) {
		given(t, registered, added).When(RemoveStandard{Standard: "nen 7510"}).Then(StandardRemoved{OldStandard: "NEN 7510"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, added, StandardRemoved{OldStandard: "NEN 7510"}).When(RemoveStandard{Standard: "NEN 7510"}).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) {
		given(t).When(RemoveStandard{Standard: "NEN 7510"}).ThenRefused(ErrNotFound)
	})
}

func TestMayStandardBeRequested(t *testing.T) {
	added := StandardAdded{Standard: "NEN 7510"}
	hidden := Registered{OrganizationID: "org", Name: "Norms"}
	for name, test := range map[string]struct {
		past     []Event
		standard string
		want     error
	}{
		"of a license that is not there":   {nil, "NEN 7510", ErrNotFound},
		"in one that is hidden":            {[]Event{hidden, added}, "nen 7510", nil},
		"in one that is shown":             {[]Event{registered, added}, "NEN 7510", nil},
		"that is not in it":                {[]Event{hidden, added}, "NEN 7512", ErrNoStandard},
		"that was taken out":               {[]Event{hidden, added, StandardRemoved{OldStandard: "NEN 7510"}}, "NEN 7510", ErrNoStandard},
		"in one that everyone has already": {[]Event{hidden, added, CompanyWideApproved{}, CompanyWideEnabled{}}, "NEN 7510", ErrCompanyWide},
	} {
		got, err := Decider.Fold(State{}, test.past...).MayStandardBeRequested(test.standard)
		if !errors.Is(err, test.want) || err == nil && got != "NEN 7510" {
			t.Errorf("%s: want %v, got %q, %v", name, test.want, got, err)
		}
	}
}
