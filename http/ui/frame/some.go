package frame

// Shown is how many rows a page shows of a list that is a part of it.
const Shown = 50

// Some are the first rows of a list that a page shows beside other things. The template "some" below them says how many there
// are in all, and leads to the others.
type Some[T any] struct {
	Items []T
	Total int64
	All   string // the address of the whole list; empty if the reader has none
}

// Count returns how many there are. Where the total is one of a search that found enough it is at least what is shown.
func (s Some[T]) Count() int64 { return max(s.Total, int64(len(s.Items))) }

// Cut reports whether there are more.
func (s Some[T]) Cut() bool { return s.Total > int64(len(s.Items)) }
