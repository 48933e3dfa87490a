package account

import (
	"maps"
	"testing"
)

func TestIssueAPIKey(t *testing.T) {
	issue := IssueAPIKey{KeyID: "key-1", Name: "Salarissen", Prefix: "slb_1"}
	issued := APIKeyIssued{KeyID: "key-1", Name: "Salarissen", Prefix: "slb_1"}
	t.Run("to a program", func(t *testing.T) { given(t, program, Activated{}).When(issue).Then(issued) })
	t.Run("to the platform", func(t *testing.T) {
		given(t, Created{Role: RolePlatform, Channel: ChannelSetup}, Activated{}).When(issue).Then(issued)
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, program, issued).When(issue).ThenNothing() })
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := state(program, issued)
		Decider.Fold(before, APIKeyRevoked{KeyID: "key-1"}, APIKeyIssued{KeyID: "key-2"})
		if want := map[string]apiKey{"key-1": {Name: "Salarissen", Prefix: "slb_1"}}; !maps.Equal(before.APIKeys, want) {
			t.Errorf("a shared state changed: %v", before.APIKeys)
		}
	})
	t.Run("is refused with the id of a revoked key", func(t *testing.T) {
		given(t, program, issued, APIKeyRevoked{KeyID: "key-1"}).When(issue).ThenRefused(ErrKeyExists)
	})
	t.Run("is refused for a person", func(t *testing.T) { given(t, active()...).When(issue).ThenRefused(ErrKeyNotApplicable) })
	t.Run("is refused without an id", func(t *testing.T) {
		given(t, program).When(IssueAPIKey{Name: "n", Prefix: "p"}).ThenRefused(code("key-id-required"))
	})
	t.Run("is refused without a name", func(t *testing.T) {
		given(t, program).When(IssueAPIKey{KeyID: "k", Prefix: "p"}).ThenRefused(code("name-required"))
	})
	t.Run("is refused without a prefix", func(t *testing.T) {
		given(t, program).When(IssueAPIKey{KeyID: "k", Name: "n"}).ThenRefused(code("prefix-required"))
	})
}
