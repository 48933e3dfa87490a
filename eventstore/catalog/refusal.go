package catalog

import "sleutelbos/domain/refusal"

func refusals() Aggregate {
	return aggregate("refusal", Says{NL: "Weigering", EN: "Refusal"}, NoIDs,
		event[refusal.Recorded]("refusal.recorded.v1", About{
			Says:  Says{NL: "[wilde {command} en ]werd geweigerd[: {code}]", EN: "[tried to {command} and ]was refused[: {code}]"},
			Group: Refusals, Icon: "warning", Public: Yes, NEN7513: Execute,
		}),
		event[refusal.Summed]("refusal.summed.v1", About{
			Says:  Says{NL: "[wilde {command} en ]werd in één minuut {count} geweigerd[: {code}]", EN: "[tried to {command} and ]was refused {count} in one minute[: {code}]"},
			Group: Refusals, Icon: "warning", Public: Yes, NEN7513: Execute,
		}),
		event[refusal.PassedOver]("refusal.passed_over.v1", About{
			Says:  Says{NL: "kon niet doen wat hierop moest volgen[ ({code})] en ging verder", EN: "could not do what should have followed[ ({code})] and went on"},
			Group: Refusals, Icon: "warning", Public: Yes, NEN7513: Execute,
		}),
	)
}
