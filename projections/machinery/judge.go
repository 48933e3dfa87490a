package machinery

import "slices"

// Verdict is what facts say of a condition.
type Verdict int

// The verdicts.
const (
	Unsure Verdict = iota // only SQL can judge it
	Fits
	FitsNot
)

// Judge tells by the facts of a row what a condition says of it.
type Judge struct {
	kind conditionKind
	bit  uint32
	of   []Judge
}

// Judge returns the judge of a condition, for whoever keeps of each row which of the facts fit it: the first fact in the
// lowest bit. Owned says that nobody asks of rows of another owner than the one that is asked for.
func (c Condition) Judge(facts []Fact, owned bool) Judge {
	switch c.kind {
	case aFact:
		if i := slices.Index(facts, c.fact); i >= 0 {
			return Judge{kind: aFact, bit: 1 << i}
		}
		return Judge{}
	case within:
		if !owned {
			return Judge{}
		}
	case opaque, negated, conjunction, disjunction:
	}
	j := Judge{kind: c.kind}
	for _, of := range c.of {
		j.of = append(j.of, of.Judge(facts, owned))
	}
	return j
}

// Of returns the verdict on a row.
func (j Judge) Of(facts uint32) Verdict {
	switch j.kind {
	case aFact:
		if facts&j.bit != 0 {
			return Fits
		}
		return FitsNot
	case within:
		return Fits
	case negated:
		switch j.of[0].Of(facts) {
		case Fits:
			return FitsNot
		case FitsNot:
			return Fits
		case Unsure:
		}
	case conjunction:
		return j.unless(facts, FitsNot, Fits)
	case disjunction:
		return j.unless(facts, Fits, FitsNot)
	case opaque:
	}
	return Unsure
}

// unless returns the one verdict if a part has it, the other if all parts have that, and otherwise that it is unsure.
func (j Judge) unless(facts uint32, one, other Verdict) Verdict {
	verdict := other
	for i := range j.of {
		switch j.of[i].Of(facts) {
		case one:
			return one
		case Unsure:
			verdict = Unsure
		case other:
		}
	}
	return verdict
}

// Facts returns the facts that a condition is made of.
func (c Condition) Facts() []Fact {
	if c.kind == aFact {
		return []Fact{c.fact}
	}
	var facts []Fact
	for _, of := range c.of {
		facts = append(facts, of.Facts()...)
	}
	return facts
}
