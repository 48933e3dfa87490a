package catalog

import "sleutelbos/eventstore/audit"

func seals() Aggregate {
	return aggregate("log", Says{NL: "Log", EN: "Log"}, NoIDs,
		event[audit.Sealed](audit.SealedName, About{
			Says:  Says{NL: "verzegelde de eerste {size} gebeurtenissen van het log", EN: "sealed the first {size} events of the log"},
			Group: Details, Icon: "shield", Public: Yes, NEN7513: Execute,
		}),
	)
}
