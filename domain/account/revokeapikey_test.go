package account

import "testing"

func TestRevokeAPIKey(t *testing.T) {
	issued := APIKeyIssued{KeyID: "key-1", Name: "Salarissen", Prefix: "slb_1"}
	revoked := APIKeyRevoked{KeyID: "key-1", OldKeyName: "Salarissen", OldPrefix: "slb_1"}
	revoke := RevokeAPIKey{KeyID: "key-1"}
	t.Run("takes a key away", func(t *testing.T) { given(t, program, issued).When(revoke).Then(revoked) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, program, issued, revoked).When(revoke).ThenNothing() })
	t.Run("is refused for an unknown key", func(t *testing.T) { given(t, program).When(revoke).ThenRefused(ErrKeyNotFound) })
	t.Run("is refused without an id", func(t *testing.T) {
		given(t, program).When(RevokeAPIKey{}).ThenRefused(code("key-id-required"))
	})
}
