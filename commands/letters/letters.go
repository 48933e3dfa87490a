// Package letters has the use cases of letters: what one says, and what became of it.
package letters

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/letter"
)

// UseCases are the commands of letters.
type UseCases struct {
	access.Access
	Letters  *aggregates.Letters
	Language string              // in which they are written
	Fits     func(Content) error // refuses a letter that can't be drawn
}

// Commands returns what can be asked of a letter.
func (u UseCases) Commands() []engine.Command {
	guard := engine.Guard[letter.State, letter.Command, letter.Event]{
		Aggregate: u.Letters, Target: engine.Target{Category: "letter", Member: "letterId"}, Reach: u.reach,
	}
	return []engine.Command{
		engine.Handled("OpenLetter", rights.ManageLetters, "Shows a letter with its code, which the history tells.", u.open,
			engine.ActsOn(guard.Target), engine.Elsewhere(), engine.Icon("print")),
		engine.Handled("MarkLetterPrinted", rights.ManageLetters, "Says that a letter was printed.", u.markPrinted, engine.ActsOn(guard.Target), engine.Icon("print")),
		engine.OneStream(guard, "MarkLetterSent", rights.ManageLetters, "Says that a letter was posted.",
			func(_ *engine.Call, in MarkLetterSent) (string, letter.Command) {
				return in.LetterID, letter.MarkSent{}
			}, engine.Icon("send")),
	}
}

// MarkLetterPrinted is the body of the command of that name.
type MarkLetterPrinted struct {
	LetterID string `json:"letterId" format:"uuid"`
}

// MarkLetterSent is the body of the command of that name: a printed letter left the house.
type MarkLetterSent struct {
	LetterID string `json:"letterId" format:"uuid"`
}

// markPrinted says that a letter is on paper. Its secret can't be shown again.
func (u UseCases) markPrinted(ctx context.Context, c *engine.Call, in MarkLetterPrinted) (engine.None, error) {
	id, l, err := u.reach(ctx, c, rights.ManageLetters, in.LetterID)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := u.Letters.Decide(ctx, c, id, letter.MarkPrinted{}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	return engine.None{}, c.Vault().ForgetSecret(ctx, l.CredentialID)
}

// reach returns a letter within the reach of a right.
func (u UseCases) reach(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, letter.State, error) {
	return u.Letters.Reached(ctx, c, right, given, letter.ErrNotFound, func(_ string, s letter.State) engine.Owner {
		return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID, Account: s.AccountID}
	})
}
