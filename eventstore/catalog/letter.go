package catalog

import "sleutelbos/domain/letter"

func letters() Aggregate {
	return aggregate("letter", Says{NL: "Brief", EN: "Letter"}, OwnIDs,
		event[letter.Created]("letter.created.v1", About{
			Says:  Says{NL: "maakte een brief", EN: "made a letter"},
			Group: Mail, Icon: "file", Public: Yes, NEN7513: Create,
		}),
		event[letter.Opened]("letter.opened.v1", About{
			Says:  Says{NL: "opende de brief en kon de code lezen", EN: "opened the letter and could read the code"},
			Group: Security, Icon: "lock", Turns: Nothing(), Public: Yes, NEN7513: Read,
		}),
		event[letter.Printed]("letter.printed.v1", About{
			Says:  Says{NL: "drukte de brief af", EN: "printed the letter"},
			Group: Mail, Icon: "file", Turns: Nothing(), Public: Yes, NEN7513: Execute,
		}),
		event[letter.Sent]("letter.sent.v1", About{
			Says:  Says{NL: "verstuurde de brief per post", EN: "posted the letter"},
			Group: Mail, Icon: "file", Turns: Nothing(), Public: Yes, NEN7513: Execute,
		}),
		event[letter.Invalidated]("letter.invalidated.v1", About{
			Says:  Says{NL: "verklaarde de brief ongeldig", EN: "made the letter void"},
			Group: Mail, Icon: "file", Public: Yes, NEN7513: Delete,
		}),
	)
}
