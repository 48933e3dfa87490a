package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5/middleware"

	"sleutelbos/http/problem"
)

var errNothing = errors.New("the handler wrote no answer")

// answered keeps a request for which nothing was written from looking done: net/http would
// say 200.
func answered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(seen, r)
		if seen.Status() != 0 {
			return
		}
		err := r.Context().Err() // the client left, the program stops, or it took too long
		if err == nil {
			err = errNothing
		}
		problem.Write(seen, r, err)
	})
}
