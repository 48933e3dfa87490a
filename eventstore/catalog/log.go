package catalog

import "sleutelbos/eventstore/audit"

func seals() Aggregate {
	return aggregate("log", Says{NL: "Log", EN: "Log"}, NoIDs,
		event[audit.Sealed](audit.SealedName, About{
			Says:  Says{NL: "verzegelde het log tot en met {size} gebeurtenissen", EN: "sealed the log up to {size} events"},
			Group: Details, Icon: "shield", Public: Yes, NEN7513: Execute,
		}),
	)
}
