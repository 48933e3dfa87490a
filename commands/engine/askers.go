package engine

import (
	"context"

	"sleutelbos/commands/rights"
)

// Askers finds out who asks. The edge knows nothing else of it, and not that it is found out
// without the log.
type Askers interface {
	// Principal returns who an account is at this moment. ErrNotSignedIn if it may not be
	// used (any more).
	Principal(ctx context.Context, accountID string) (rights.Principal, error)
	// Authenticate returns whose API key it is. ErrNotSignedIn if it is nobody's (any more).
	Authenticate(ctx context.Context, apiKey string) (rights.Principal, error)
}
