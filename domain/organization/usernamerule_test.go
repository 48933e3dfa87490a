package organization

import (
	"errors"
	"strings"
	"testing"
)

func TestUsernameRule(t *testing.T) {
	allowed := []string{"company.com", "company.nl"}
	for name, test := range map[string]struct {
		rule     UsernameRule
		username string
		want     error
	}{
		"any text":                     {UsernameUnique, "jan de vries", nil},
		"one character":                {UsernameUnique, "j", nil},
		"254 characters":               {UsernameUnique, strings.Repeat("é", 254), nil},
		"255 characters":               {UsernameUnique, strings.Repeat("é", 255), ErrUsernameInvalid},
		"nothing":                      {UsernameUnique, "", ErrUsernameInvalid},
		"a space before it":            {UsernameUnique, " jan", ErrUsernameInvalid},
		"two lines":                    {UsernameUnique, "a\r\nb", ErrUsernameInvalid},
		"NUL":                          {UsernameUnique, "a\x00b", ErrUsernameInvalid},
		"written backwards":            {UsernameUnique, "a\u202eb", ErrUsernameInvalid},
		"a mail address":               {UsernameEmail, "jan@elsewhere.com", nil},
		"no mail address":              {UsernameEmail, "jan", ErrUsernameNotEmail},
		"two mail addresses":           {UsernameEmail, "a@evil.com@company.com", ErrUsernameNotEmail},
		"in an allowed domain":         {UsernameEmailInAllowedDomain, "jan@company.com", nil},
		"in the other":                 {UsernameEmailInAllowedDomain, "jan@company.nl", nil},
		"no address at all":            {UsernameEmailInAllowedDomain, "company.com", ErrUsernameNotEmail},
		"in another domain":            {UsernameEmailInAllowedDomain, "x@evil.com", ErrUsernameDomainNotAllowed},
		"in a longer name":             {UsernameEmailInAllowedDomain, "x@notcompany.com", ErrUsernameDomainNotAllowed},
		"in a domain below":            {UsernameEmailInAllowedDomain, "x@sub.company.com", ErrUsernameDomainNotAllowed},
		"in a domain that begins so":   {UsernameEmailInAllowedDomain, "x@company.com.evil.com", ErrUsernameDomainNotAllowed},
		"with a dot at the end":        {UsernameEmailInAllowedDomain, "x@company.com.", ErrUsernameNotEmail},
		"with two @":                   {UsernameEmailInAllowedDomain, "a@evil.com@company.com", ErrUsernameNotEmail},
		"with a quoted @":              {UsernameEmailInAllowedDomain, `"a@evil.com"@company.com`, ErrUsernameNotEmail},
		"with a letter that looks so":  {UsernameEmailInAllowedDomain, "x@cоmpany.com", ErrUsernameNotEmail},
		"with the sign of the kelvin":  {UsernameEmailInAllowedDomain, "x@\u212aompany.com", ErrUsernameNotEmail},
		"with a header behind it":      {UsernameEmailInAllowedDomain, "x@company.com\r\nBcc: y@evil.com", ErrUsernameInvalid},
		"with a comment":               {UsernameEmailInAllowedDomain, "x@company.com(evil)", ErrUsernameNotEmail},
		"with a list":                  {UsernameEmailInAllowedDomain, "x@evil.com,y@company.com", ErrUsernameNotEmail},
		"with 65 characters before @":  {UsernameEmailInAllowedDomain, strings.Repeat("l", 65) + "@company.com", ErrUsernameNotEmail},
		"with the domain in full caps": {UsernameEmailInAllowedDomain, "x@COMPANY.com", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if err := test.rule.Check(test.username, allowed); !errors.Is(err, test.want) {
				t.Errorf("want %v, got %v", test.want, err)
			}
		})
	}
	t.Run("no domain allowed allows none", func(t *testing.T) {
		if err := UsernameEmailInAllowedDomain.Check("jan@company.com", nil); !errors.Is(err, ErrUsernameDomainNotAllowed) {
			t.Error(err)
		}
	})
}
