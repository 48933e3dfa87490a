package catalog

import "sleutelbos/domain/message"

func messages() Aggregate {
	return aggregate("message", Says{NL: "Mail", EN: "Mail"}, OwnIDs,
		event[message.Queued]("message.queued.v1", About{
			Says:  Says{NL: "zette een mail klaar[: {template}]", EN: "queued a mail[: {template}]"},
			Group: Mail, Icon: "mail", Public: Yes, NEN7513: Create,
		}),
		event[message.Sent]("message.sent.v1", About{
			Says:  Says{NL: "verstuurde de mail", EN: "sent the mail"},
			Group: Mail, Icon: "mail", Public: Yes, NEN7513: Execute,
		}),
		event[message.Failed]("message.failed.v1", About{
			Says:  Says{NL: "kon de mail niet versturen[ (poging {attempt})]", EN: "could not send the mail[ (attempt {attempt})]"},
			Group: Mail, Icon: "mail", Public: Yes, NEN7513: Execute,
		}),
		event[message.GivenUp]("message.given_up.v1", About{
			Says:  Says{NL: "gaf het versturen van de mail op", EN: "gave up sending the mail"},
			Group: Mail, Icon: "mail", Turns: Turns("given_up", true), Repeats: []string{"attempts"}, Public: Yes, NEN7513: Execute,
		}),
		event[message.Opened]("message.opened.v1", About{
			Says:  Says{NL: "opende de mail, met de link die erin staat", EN: "opened the mail, with the link that is in it"},
			Group: Security, Icon: "lock", Turns: Nothing(), Public: Yes, NEN7513: Read,
		}),
		event[message.Requeued]("message.requeued.v1", About{
			Says:  Says{NL: "liet de mail opnieuw versturen", EN: "had the mail sent after all"},
			Will:  Says{NL: "De mail wordt opnieuw verstuurd.", EN: "The mail will be tried again."},
			Group: Mail, Icon: "mail", Turns: Turns("given_up", false), Public: Yes, NEN7513: Execute,
		}),
	)
}
