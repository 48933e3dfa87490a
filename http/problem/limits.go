package problem

import (
	"errors"
	"net/http"

	"sleutelbos/internal/limits"
)

// ofLimits returns the refusal of an asker who has used up a limit; nil for another error.
func ofLimits(err error) error {
	if full, ok := errors.AsType[*limits.FullError](err); ok {
		return Later(http.StatusServiceUnavailable, "streams-full", full.After)
	}
	much, ok := errors.AsType[*limits.TooMuchError](err)
	switch {
	case !ok:
		return nil
	case much.Places:
		return Later(http.StatusTooManyRequests, "too-many-streams", much.After)
	}
	return Later(http.StatusTooManyRequests, "too-many-requests", much.After)
}
