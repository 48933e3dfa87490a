package words

// byProgram is what a part of the program is called that has no name of its own.
const byProgram Key = "account.by-program"

// Part says which part of the program acted: a reactor as the page about them calls it,
// the clock, the first setup.
func Part(l Language, part string) string {
	if key := Member("reactor.*", part); Known(key) {
		return Text(l, key)
	}
	if Parts.Has(part) {
		return Value(l, Parts, part)
	}
	return Text(l, byProgram)
}
