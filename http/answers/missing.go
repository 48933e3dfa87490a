package answers

import "sleutelbos/domain"

var ErrRequest = domain.NotFound("license-request-not-found", "There is no such license request.")
