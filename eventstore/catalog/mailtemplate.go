package catalog

import "sleutelbos/domain/mailtemplate"

func mailTemplates() Aggregate {
	return aggregate("template", Says{NL: "Mailtekst", EN: "Mail text"}, NoIDs,
		event[mailtemplate.Changed]("template.changed.v1", About{
			Says:  Says{NL: "wijzigde de mailtekst „{template}”[ ({language})]", EN: "changed the mail text “{template}”[ ({language})]"},
			Will:  Says{NL: "Mails die vanaf nu klaargezet worden, krijgen deze tekst.", EN: "Mails that are queued from now on get this text."},
			Group: Mail, Icon: "edit", Repeats: []string{"template", "language"}, Public: Yes, NEN7513: Update,
		}),
		event[mailtemplate.WasReset]("template.reset.v1", About{
			Says:  Says{NL: "zette de ingebouwde mailtekst „{template}” terug[ ({language})]", EN: "put the built-in mail text “{template}” back[ ({language})]"},
			Will:  Says{NL: "Mails die vanaf nu klaargezet worden, krijgen de ingebouwde tekst.", EN: "Mails that are queued from now on get the built-in text."},
			Group: Mail, Icon: "undo", Repeats: []string{"template", "language"}, Public: Yes, NEN7513: Update,
		}),
	)
}
