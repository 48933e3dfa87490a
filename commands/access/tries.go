package access

import (
	"context"
	"errors"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/internal/limits"
)

// How often a password may be tried. The tries are kept in the vault, so that neither a restart
// nor another process gives more. A try is counted before the password is verified, so that many
// at once are not one; a right password takes back those of its place, and what was not verified,
// because too many others were, is no try.
const (
	// By a signed-in account, of its own; or at one address, of one username.
	triesHere       = 10
	triesHereWithin = 15 * time.Minute
	// Of one username, at all addresses together where its holder has not signed in before. So
	// whoever tries from many addresses gets no further, and does not shut out the holder at the
	// usual place.
	triesAnywhere       = 50
	triesAnywhereWithin = time.Hour
	// familiarFor is how long an address is familiar after a sign-in.
	familiarFor = 90 * 24 * time.Hour
)

// The kinds of tries.
const (
	ownPassword     = "own-password"
	signInHere      = "sign-in-here"
	signInAnywhere  = "sign-in-anywhere"
	familiarAddress = "familiar-address"
)

// VerifyOwnPassword says whether the password of a signed-in account is right: whoever found a
// session open must not find the password with it. It counts by whatever pathway, dry runs too.
// Errors: *engine.TooOftenError, engine.ErrBusy.
func (a Access) VerifyOwnPassword(ctx context.Context, account, credential, password string) (bool, error) {
	if err := a.try(ctx, ownPassword, account, triesHere, triesHereWithin); err != nil {
		return false, err
	}
	right, err := a.Engine.Look().VerifyPassword(ctx, credential, password)
	switch {
	case err != nil:
		err = errors.Join(err, a.takeBack(ctx, ownPassword, account))
	case right:
		err = a.Engine.Tries().ForgetTries(ctx, ownPassword, account)
	}
	return right, err
}

// VerifySignIn says whether the password of a username is right, given in its canonical form. It
// does the same for a username that nobody has, with an empty credential. Errors:
// *engine.TooOftenError, engine.ErrBusy.
func (a Access) VerifySignIn(ctx context.Context, username, address, credential, password string) (bool, error) {
	here := username + "\x00" + limits.Network(address)
	if err := a.try(ctx, signInHere, here, triesHere, triesHereWithin); err != nil {
		return false, err
	}
	familiar, err := a.Engine.Tries().TriesOf(ctx, familiarAddress, here)
	if err == nil && familiar == 0 {
		err = a.try(ctx, signInAnywhere, username, triesAnywhere, triesAnywhereWithin)
	}
	if err != nil {
		return false, err
	}
	right, err := a.Engine.Look().VerifyPassword(ctx, credential, password)
	if err != nil {
		err = errors.Join(err, a.takeBack(ctx, signInHere, here))
		if familiar == 0 {
			err = errors.Join(err, a.takeBack(ctx, signInAnywhere, username))
		}
	}
	if err != nil || !right {
		return false, err
	}
	if err := a.Engine.Tries().ForgetTries(ctx, signInHere, here); err != nil || familiar > 0 {
		return err == nil, err
	}
	_, _, err = a.Engine.Tries().CountTry(ctx, familiarAddress, here, familiarFor)
	return err == nil, err
}

// takeBack takes back a try that was not verified, also if the asker has left meanwhile.
func (a Access) takeBack(ctx context.Context, kind, who string) error {
	return a.Engine.Tries().TakeBackTry(context.WithoutCancel(ctx), kind, who)
}

// try counts one try, and refuses one that is too much.
func (a Access) try(ctx context.Context, kind, who string, most int, within time.Duration) error {
	count, until, err := a.Engine.Tries().CountTry(ctx, kind, who, within)
	if err == nil && count > most {
		err = &engine.TooOftenError{RetryAfter: until.Sub(a.Engine.Now())}
	}
	return err
}
