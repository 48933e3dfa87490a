package problem

import "net/http"

// expected are the codes of answers that are no fault, though nothing was done.
var expected = map[string]bool{Stopping.Code: true, interrupted.Code: true, Starting.Code: true, "read-model-building": true}

// Report returns the document for an error, for an edge that shows it in another form than
// Write does. Faults (5xx) are logged here, once, with the request's id;
// that a request ended before it was done is none.
func Report(r *http.Request, err error) Details {
	d := Of(r.Context(), err)
	if d.Status >= http.StatusInternalServerError && !expected[d.Code] {
		logFault(r, d, err)
	}
	return d
}
