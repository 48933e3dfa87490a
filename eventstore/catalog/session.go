package catalog

import "sleutelbos/domain/session"

func sessions() Aggregate {
	return aggregate("session", Says{NL: "Aanmelding", EN: "Sign-in"}, OwnIDs,
		event[session.Started]("session.started.v1", About{
			Says:  Says{NL: "meldde zich aan", EN: "signed in"},
			Group: Security, Icon: "user", Public: Yes, NEN7513: Execute,
		}),
		event[session.Ended]("session.ended.v1", About{
			Says:  Says{NL: "meldde zich af[ ({because})]", EN: "signed out[ ({because})]"},
			Group: Security, Icon: "user", Public: Yes, NEN7513: Execute,
		}),
		event[session.Expired]("session.expired.v1", About{
			Says:  Says{NL: "sloot een aanmelding die verlopen was", EN: "closed a sign-in that had run out"},
			Group: Security, Icon: "clock", Turns: Nothing(), Public: Yes, NEN7513: Execute,
		}),
	)
}
