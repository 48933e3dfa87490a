package organization

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPasswordPolicy(t *testing.T) {
	policy := PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1}
	for name, test := range map[string]struct {
		password, username string
		want               []string
	}{
		"8 characters":                 {"Welkom01", "jan", nil},
		"7 characters":                 {"Welko01", "jan", []string{"password-too-short"}},
		"8 characters of more bytes":   {"Wélkóm01", "jan", nil},
		"7 characters of 8 bytes":      {"Wélko01", "jan", []string{"password-too-short"}},
		"no upper case":                {"welkom01", "jan", []string{"password-needs-upper"}},
		"an upper case with an accent": {"Élkomm01", "jan", nil},
		"no digit":                     {"Welkommm", "jan", []string{"password-needs-digit"}},
		"nothing":                      {"", "jan", []string{"password-too-short", "password-needs-upper", "password-needs-digit"}},
		"256 characters":               {"A1" + strings.Repeat("é", 254), "jan", nil},
		"257 characters":               {"A1" + strings.Repeat("é", 255), "jan", []string{"password-too-long"}},
		"the username in it":           {"xxJAN@voorbeeld.nl1", "Jan@Voorbeeld.nl", []string{"password-contains-username"}},
		"no username to be in it":      {"Welkom01", "", nil},
		"no UTF-8":                     {"Welkom01\xff", "jan", []string{"password-invalid"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, wrong := range policy.Check(test.password, test.username) {
				got = append(got, wrong.Code)
				if wrong.Field != "password" || test.password != "" && strings.Contains(wrong.Error(), test.password) {
					t.Errorf("a refusal names the field and never the value: %+v", wrong)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("refusals (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("counts", func(t *testing.T) {
		two := PasswordPolicy{MinLength: 8, MinUpper: 2, MinDigits: 2}
		if wrong := two.Check("WelKom01", "jan"); len(wrong) != 0 {
			t.Errorf("refused: %v", wrong)
		}
		if wrong := two.Check("Welkomm1", "jan"); len(wrong) != 2 {
			t.Errorf("want two refusals: %v", wrong)
		}
	})
}
