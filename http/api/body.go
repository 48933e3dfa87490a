package api

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"sleutelbos/http/problem"
)

// readBody returns the request's JSON body. Errors: 415, 413 (by the limit that the server
// sets on every body), and what the reading met.
func readBody(r *http.Request) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, problem.New(http.StatusUnsupportedMediaType, "not-json-media-type")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		if stopping, ok := errors.AsType[*problem.Error](err); ok {
			return nil, stopping
		}
		return nil, problem.New(http.StatusBadRequest, "not-json") // cut off on its way
	}
	return body, nil
}
