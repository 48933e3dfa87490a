package commands

import "time"

// The bodies of the commands. An empty id of a thing to be made gets one; a client that
// chooses it may repeat the command without harm. Dates are "2006-01-02"; a time of RFC
// 3339 counts as its day in the organization's time zone.
type (
	RegisterOrganization struct {
		OrganizationID, Name, Preset string
		Domains                      []string
	}
	AllowDomain       struct{ OrganizationID, Domain string }
	WithdrawDomain    struct{ OrganizationID, Domain string }
	AppointAdmin      struct{ OrganizationID, AccountID string }
	DismissAdmin      struct{ OrganizationID, AccountID string }
	SetPasswordPolicy struct {
		OrganizationID                 string
		MinLength, MinUpper, MinDigits int
	}
	SetActivationPolicy struct {
		OrganizationID string
		Months         int
	}
	SetUsernameRule struct{ OrganizationID, Rule string }

	CreateAccount struct {
		AccountID, OrganizationID, Username, Name, Role, Channel string
		Password                                                 string // for the channel admin_password
		GeneratePassword                                         bool
		KeepPassword                                             bool // the holder need not change it
		Email, Phone, Country, Description, ValidUntil           string
		MailToAdmin                                              bool
	}
	SendActivation struct{ AccountID string }
	// ActivateAccount is a stranger's: who has the link (and the code) acts as the account.
	ActivateAccount struct{ Token, Code, Password string }
	// RequestNewActivation is a stranger's, with a link that has expired or was superseded.
	RequestNewActivation struct{ Token string }

	BlockAccount    struct{ AccountID, Reason string }
	UnblockAccount  struct{ AccountID, Reason string }
	DisableAccount  struct{ AccountID, Reason string }
	EnableAccount   struct{ AccountID, Reason string }
	CloseAccount    struct{ AccountID, Reason string }
	SetValidUntil   struct{ AccountID, ValidUntil string }
	ClearValidUntil struct{ AccountID string }
	ChangeUsername  struct{ AccountID, Username string }
	// ChangeDetails leaves what is nil as it is.
	ChangeDetails struct {
		AccountID                                string
		Name, Email, Phone, Country, Description *string
	}
	// SetPassword is an administrator's.
	SetPassword struct {
		AccountID, Password string
		GeneratePassword    bool
		KeepPassword        bool
	}
	// ChangePassword is the holder's own.
	ChangePassword struct{ CurrentPassword, Password string }
	IssueAPIKey    struct{ AccountID, Name string }
	RevokeAPIKey   struct{ AccountID, KeyID string }

	RegisterLicense struct {
		LicenseID, OrganizationID, Name string
		CompanyWide, ShownInSelection   bool
	}
	RequestLicense         struct{ RequestID, AccountID, LicenseID, Reason string }
	ApproveLicense         struct{ RequestID string }
	RejectLicense          struct{ RequestID, Reason string }
	WithdrawLicenseRequest struct{ RequestID string }

	MarkLetterPrinted struct{ LetterID string }
	MarkLetterSent    struct{ LetterID string }

	// SignIn is a stranger's.
	SignIn  struct{ Username, Password string }
	SignOut struct{ SessionID string }
	// SetupFirstAdmin is a stranger's, with the one-time link of an empty store.
	SetupFirstAdmin struct{ Token, Username, Name, Password string }
)

// The results of the commands, with the members of the HTTP contract.
type (
	OrganizationMade struct {
		OrganizationID string `json:"organizationId"`
	}
	// AskersAccount is that of whoever asked, as a stranger.
	AskersAccount struct {
		AccountID string `json:"accountId"`
	}
	AccountMade struct {
		AccountID string `json:"accountId"`
		Password  string `json:"password,omitempty"` // a generated one, this once
	}
	ActivationSent struct {
		ExpiresAt time.Time `json:"expiresAt"`
	}
	PasswordSet struct {
		Password string `json:"password,omitempty"` // a generated one, this once
	}
	APIKeyMade struct {
		KeyID string `json:"keyId"`
		Key   string `json:"key,omitempty"` // this once; a dry run makes none
	}
	LicenseMade struct {
		LicenseID string `json:"licenseId"`
	}
	RequestMade struct {
		RequestID string `json:"requestId"`
	}
	SignedIn struct {
		AccountID              string `json:"accountId"`
		SessionID              string `json:"sessionId"` // of the stream session-<id>; not a secret
		PasswordChangeRequired bool   `json:"passwordChangeRequired"`
	}
)

// ActivationPage is what the activation page may know of a link. Nothing but the state is
// set for a link that is unknown.
type ActivationPage struct {
	State     ActivationState
	NeedsCode bool      // the code from the letter is asked for
	TriesLeft int       // of the code
	ExpiresAt time.Time // from when on the link has no force
	LastDay   string    // the day of it, for people
	Password  PasswordRules
	Language  string // "nl" or "en"
}

// ActivationState is what has become of an activation link.
type ActivationState string

// The states of a link.
const (
	LinkUnknown    ActivationState = "unknown"
	LinkValid      ActivationState = "valid"
	LinkExpired    ActivationState = "expired"
	LinkSuperseded ActivationState = "superseded"
	LinkCompleted  ActivationState = "completed"
	LinkSuspended  ActivationState = "suspended" // the account is blocked, disabled, closed or over
	LinkCodeVoid   ActivationState = "code_void" // the code was tried too often
)

// PasswordRules are those that a page shows before they are broken.
type PasswordRules struct {
	MinLength, MinUpper, MinDigits, MaxLength int
}

// LetterContent is what a letter says. The code is there until the letter was printed,
// superseded or used.
type LetterContent struct {
	LetterID, Subject, Recipient, Organization, Username, Code string
	Language                                                   string
	LastDay                                                    string
	CreatedAt                                                  time.Time
}
