package commands

import (
	"context"
	"time"

	"sleutelbos/eventstore"
)

// The shape of Service while its parts are being written; nothing here is final but the
// signatures.

// Service is every command, and what the edge asks beside them. It is safe for concurrent
// use. Close waits for what it still has to record.
type Service struct{}

// Call is one request under way; it collects what the request brings.
type Call struct{ Request }

// Do runs a command: a repeated idempotency key gets its first answer, a refusal of a
// known asker is recorded, what a stranger was refused is counted.
func (s *Service) Do(ctx context.Context, r Request, run func(context.Context, *Call) (any, error)) (Outcome, error) {
	return Outcome{}, nil
}

// Principal answers who an account is at this moment, by its aggregates. ErrNotSignedIn
// if it may not be used (any more).
func (s *Service) Principal(ctx context.Context, accountID string) (Principal, error) {
	return Principal{}, nil
}

// Authenticate answers whose API key it is. ErrNotSignedIn if it is nobody's (any more).
func (s *Service) Authenticate(ctx context.Context, apiKey string) (Principal, error) {
	return Principal{}, nil
}

// OpenActivation answers what the page of an activation link may show. It changes nothing.
func (s *Service) OpenActivation(ctx context.Context, token string) (ActivationPage, error) {
	return ActivationPage{}, nil
}

// PasswordRules answers the rules for a new password of an account.
func (s *Service) PasswordRules(ctx context.Context, accountID string) (PasswordRules, error) {
	return PasswordRules{}, nil
}

// OpenLetter answers what a letter says, for who may manage letters.
func (s *Service) OpenLetter(ctx context.Context, who Principal, letterID string) (LetterContent, error) {
	return LetterContent{}, nil
}

// Denied records that an asker was refused at the edge (a query outside its reach) and
// answers the refusal.
func (s *Service) Denied(ctx context.Context, r Request, refusal error) error { return refusal }

// Reactor answers events with effects. Handle may get an event twice.
type Reactor struct {
	Name   string
	Types  []string // prefixes of the event types it asks for
	Handle func(ctx context.Context, event any, rec eventstore.Record) error
}

// Reactors answers every reactor; the caller runs each with a checkpoint of its own.
func (s *Service) Reactors() []Reactor { return nil }

// Due answers what the clock has to end, at most limit ids, oldest first.
type Due interface {
	DueActivations(ctx context.Context, now time.Time, limit int) ([]string, error)
	DueAccounts(ctx context.Context, now time.Time, limit int) ([]string, error)
}

// Deadlines ends the activations and accounts that are due. It answers how many.
func (s *Service) Deadlines(ctx context.Context, due Due, now time.Time) (int, error) { return 0, nil }

// Sweep repairs what a crash between two streams left: claims without a holder, admins
// stood down without a reason. It looks at what is older than a minute.
func (s *Service) Sweep(ctx context.Context, now time.Time) error { return nil }

// Run writes down what strangers were refused, once a minute, until the context ends.
func (s *Service) Run(ctx context.Context) error { return nil }

func (s *Service) RegisterOrganization(ctx context.Context, c *Call, in RegisterOrganization) (OrganizationMade, error) {
	return OrganizationMade{}, nil
}

func (s *Service) AllowDomain(ctx context.Context, c *Call, in AllowDomain) (None, error) {
	return None{}, nil
}

func (s *Service) WithdrawDomain(ctx context.Context, c *Call, in WithdrawDomain) (None, error) {
	return None{}, nil
}

func (s *Service) AppointAdmin(ctx context.Context, c *Call, in AppointAdmin) (None, error) {
	return None{}, nil
}

func (s *Service) DismissAdmin(ctx context.Context, c *Call, in DismissAdmin) (None, error) {
	return None{}, nil
}

func (s *Service) SetPasswordPolicy(ctx context.Context, c *Call, in SetPasswordPolicy) (None, error) {
	return None{}, nil
}

func (s *Service) SetActivationPolicy(ctx context.Context, c *Call, in SetActivationPolicy) (None, error) {
	return None{}, nil
}

func (s *Service) SetUsernameRule(ctx context.Context, c *Call, in SetUsernameRule) (None, error) {
	return None{}, nil
}

func (s *Service) CreateAccount(ctx context.Context, c *Call, in CreateAccount) (AccountMade, error) {
	return AccountMade{}, nil
}

func (s *Service) SendActivation(ctx context.Context, c *Call, in SendActivation) (ActivationSent, error) {
	return ActivationSent{}, nil
}

func (s *Service) ActivateAccount(ctx context.Context, c *Call, in ActivateAccount) (AccountMade, error) {
	return AccountMade{}, nil
}

func (s *Service) RequestNewActivation(ctx context.Context, c *Call, in RequestNewActivation) (None, error) {
	return None{}, nil
}

func (s *Service) BlockAccount(ctx context.Context, c *Call, in BlockAccount) (None, error) {
	return None{}, nil
}

func (s *Service) UnblockAccount(ctx context.Context, c *Call, in UnblockAccount) (None, error) {
	return None{}, nil
}

func (s *Service) DisableAccount(ctx context.Context, c *Call, in DisableAccount) (None, error) {
	return None{}, nil
}

func (s *Service) EnableAccount(ctx context.Context, c *Call, in EnableAccount) (None, error) {
	return None{}, nil
}

func (s *Service) CloseAccount(ctx context.Context, c *Call, in CloseAccount) (None, error) {
	return None{}, nil
}

func (s *Service) SetValidUntil(ctx context.Context, c *Call, in SetValidUntil) (None, error) {
	return None{}, nil
}

func (s *Service) ClearValidUntil(ctx context.Context, c *Call, in ClearValidUntil) (None, error) {
	return None{}, nil
}

func (s *Service) ChangeUsername(ctx context.Context, c *Call, in ChangeUsername) (None, error) {
	return None{}, nil
}

func (s *Service) ChangeDetails(ctx context.Context, c *Call, in ChangeDetails) (None, error) {
	return None{}, nil
}

func (s *Service) SetPassword(ctx context.Context, c *Call, in SetPassword) (PasswordSet, error) {
	return PasswordSet{}, nil
}

func (s *Service) ChangePassword(ctx context.Context, c *Call, in ChangePassword) (None, error) {
	return None{}, nil
}

func (s *Service) IssueAPIKey(ctx context.Context, c *Call, in IssueAPIKey) (APIKeyMade, error) {
	return APIKeyMade{}, nil
}

func (s *Service) RevokeAPIKey(ctx context.Context, c *Call, in RevokeAPIKey) (None, error) {
	return None{}, nil
}

func (s *Service) RegisterLicense(ctx context.Context, c *Call, in RegisterLicense) (LicenseMade, error) {
	return LicenseMade{}, nil
}

func (s *Service) RequestLicense(ctx context.Context, c *Call, in RequestLicense) (RequestMade, error) {
	return RequestMade{}, nil
}

func (s *Service) ApproveLicense(ctx context.Context, c *Call, in ApproveLicense) (None, error) {
	return None{}, nil
}

func (s *Service) RejectLicense(ctx context.Context, c *Call, in RejectLicense) (None, error) {
	return None{}, nil
}

func (s *Service) WithdrawLicenseRequest(ctx context.Context, c *Call, in WithdrawLicenseRequest) (None, error) {
	return None{}, nil
}

func (s *Service) MarkLetterPrinted(ctx context.Context, c *Call, in MarkLetterPrinted) (None, error) {
	return None{}, nil
}

func (s *Service) MarkLetterSent(ctx context.Context, c *Call, in MarkLetterSent) (None, error) {
	return None{}, nil
}

func (s *Service) SignIn(ctx context.Context, c *Call, in SignIn) (SignedIn, error) {
	return SignedIn{}, nil
}

func (s *Service) SignOut(ctx context.Context, c *Call, in SignOut) (None, error) {
	return None{}, nil
}

func (s *Service) SetupFirstAdmin(ctx context.Context, c *Call, in SetupFirstAdmin) (AccountMade, error) {
	return AccountMade{}, nil
}
