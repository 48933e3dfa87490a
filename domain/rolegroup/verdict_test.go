package rolegroup

import (
	"slices"
	"testing"
)

// TestJudge holds R-30 and O-22.
func TestJudge(t *testing.T) {
	has := func(id string, past ...Event) Had {
		return Had{id, Decider.Fold(State{}, append([]Event{created}, past...)...)}
	}
	shop, chat := PermissionGranted{Permission: Shop}, PermissionGranted{Permission: Chat}
	for name, c := range map[string]struct {
		usable  bool
		groups  []Had
		allowed bool
		by      []string
		because Denial
	}{
		"by a group":                     {true, []Had{has("a", shop)}, true, []string{"a"}, ""},
		"by two groups":                  {true, []Had{has("a", shop), has("b", chat), has("c", shop)}, true, []string{"a", "c"}, ""},
		"by none of the groups":          {true, []Had{has("a", chat)}, false, nil, DeniedNotGranted},
		"without a role (R-31)":          {true, nil, false, nil, DeniedNoRoles},
		"by a group that is archived":    {true, []Had{has("a", shop, Archived{})}, false, nil, DeniedNotGranted},
		"by a group that is unknown":     {true, []Had{{ID: "a"}}, false, nil, DeniedNotGranted},
		"of an account that stopped":     {false, []Had{has("a", shop)}, false, nil, DeniedUnusable},
		"of a stopped one that had none": {false, nil, false, nil, DeniedUnusable},
	} {
		verdicts := Judge(c.usable, c.groups)
		if len(verdicts) != len(Permissions()) {
			t.Fatalf("%s: %d verdicts", name, len(verdicts))
		}
		i := slices.IndexFunc(verdicts, func(v Verdict) bool { return v.Permission == Shop })
		if v := verdicts[i]; v.Allowed != c.allowed || !slices.Equal(v.By, c.by) || v.Because != c.because {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
