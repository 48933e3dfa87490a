package domain

// Enumeration is a typed string with a closed list of values. Each such type of the domain
// implements it, so that schemas, forms and the test of words can range over the values of
// a type that they know nothing else about. The type's package has the typed list
// (account.Roles), in the order in which people are shown the values.
type Enumeration interface {
	// Values returns every value that a variable of the type may have.
	Values() []string
}

// Values returns a typed list as plain strings.
func Values[T ~string](list []T) []string {
	values := make([]string, len(list))
	for i, v := range list {
		values[i] = string(v)
	}
	return values
}
