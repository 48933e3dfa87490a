package accounts

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore/vault"
)

func apiKeys(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("IssueApiKey", rights.ManageAPIKeys, "Makes an API key of a service account. It is shown this once.",
			u.issueAPIKey, onAccount, engine.UndoneBy[RevokeAPIKey](), engine.Icon("key")),
		engine.Handled("RevokeApiKey", rights.ManageAPIKeys, "Ends an API key at once.", u.revokeAPIKey, onAccount, engine.Icon("key"), engine.TakesAway(), engine.KeepsOneself()),
	}
}

// IssueAPIKey is the body of IssueApiKey.
type IssueAPIKey struct {
	AccountID string `json:"accountId" format:"uuid"`
	Name      string `json:"name" minLength:"1" maxLength:"200" doc:"What the key is for."`
}

// APIKeyMade is the result of IssueApiKey.
type APIKeyMade struct {
	KeyID string `json:"keyId"`
	Key   string `json:"key,omitempty" once:"yes" doc:"This once: a repetition after two minutes answers without. A dry run makes none."`
}

// RevokeAPIKey is the body of RevokeApiKey.
type RevokeAPIKey struct {
	AccountID string `json:"accountId" format:"uuid"`
	KeyID     string `json:"keyId" minLength:"1" maxLength:"200" text:"exact"`
}

// ErrKeyLost refuses a repeated command whose first answer, which had the key, was lost.
var ErrKeyLost = domain.Rule("api-key-answer-lost", "The key was made but cannot be shown again. Revoke it and make another.")

// issueAPIKey makes a key for a service account. The key is returned this once.
func (u UseCases) issueAPIKey(ctx context.Context, c *engine.Call, in IssueAPIKey) (APIKeyMade, error) {
	id, _, err := u.Managed(ctx, c, rights.ManageAPIKeys, in.AccountID)
	if err != nil {
		return APIKeyMade{}, err
	}
	// The id does not follow from an idempotency key: a key whose answer was lost can't be told
	// again, so the repetition makes another.
	keyID := engine.SecretID()
	issue := account.IssueAPIKey{KeyID: keyID, Name: in.Name, Prefix: "to-be-made"}
	if err := u.Accounts.Check(ctx, c, id, false, account.Command(issue)); err != nil {
		return APIKeyMade{}, err
	}
	made := APIKeyMade{KeyID: keyID}
	if made.Key, issue.Prefix, err = c.Vault().MakeAPIKey(ctx, vault.NewSecret{ID: keyID, Account: id}); err != nil {
		return APIKeyMade{}, err
	}
	done, err := u.Accounts.Decide(ctx, c, id, issue, engine.Step{Own: true})
	if key, known := done.State.APIKeys[keyID]; err == nil && (!known || key.Revoked) {
		return APIKeyMade{}, ErrKeyLost
	}
	return made, err
}

// revokeAPIKey ends a key. The account's event comes first, because it decides whether a key is
// good.
func (u UseCases) revokeAPIKey(ctx context.Context, c *engine.Call, in RevokeAPIKey) (engine.None, error) {
	id, _, err := u.Managed(ctx, c, rights.ManageAPIKeys, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := u.Accounts.Decide(ctx, c, id, account.RevokeAPIKey{KeyID: in.KeyID}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	return engine.None{}, c.Vault().Revoke(ctx, in.KeyID)
}
