package activation

import (
	"context"
	"errors"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
)

// RequestNewActivation is the body of the command of that name, which is a stranger's: the link
// has expired, or its code was tried too often.
type RequestNewActivation struct {
	Token string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
}

// askAgain is how long an account's holder waits before asking for another activation.
const askAgain = 2 * time.Minute

// requestNew sends a new activation to the account's own address. It is for whoever holds the
// last link, which has expired or whose code was tried too often. With a link that was superseded
// the right holder is reminded and nothing else: it may have gone to the wrong person, who must not
// take the force of the right one. The outcome is the same for every link, so it tells a stranger
// nothing. The history says that a stranger asked: an old link proves nothing about who holds it.
func (u UseCases) requestNew(ctx context.Context, c *engine.Call, in RequestNewActivation) (engine.None, error) {
	credential, a, found, err := u.link(ctx, in.Token)
	if err != nil || !found {
		return engine.None{}, err
	}
	if last, ok := u.Asked.Get(c, credential.Account); ok && c.Now.Sub(last) < askAgain {
		return engine.None{}, nil // it is under way
	}
	switch linkState(a.MayActivate(credential.ID, c.Now)) {
	case LinkExpired, LinkCodeVoid:
	case LinkSuperseded: // not remembered, so that it keeps nobody else from asking
		return engine.None{}, u.remind(ctx, c, credential.Account, a)
	default:
		return engine.None{}, nil
	}
	u.Asked.Put(c, credential.Account, c.Now)
	c.Concerns(a.OrganizationID, credential.Account, u.Accounts.Stream(credential.Account))
	_, err = u.sendActivation(ctx, c, credential.Account, a)
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) {
		err = nil // closed, or activated meanwhile: nothing to send
	}
	if err == nil {
		c.Hide()
	}
	return engine.None{}, err
}
