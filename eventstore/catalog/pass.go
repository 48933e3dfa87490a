package catalog

import "sleutelbos/domain/pass"

func passes() Aggregate {
	return aggregate("pass", Says{NL: "Overgeslagen gebeurtenis", EN: "Event passed over"}, NoIDs,
		event[pass.Recorded]("pass.recorded.v1", About{
			Says:  Says{NL: "liet de gebeurtenis[ {event_type}][ in {event_stream}] overslaan", EN: "had the event[ {event_type}][ in {event_stream}] passed over"},
			Group: Security, Icon: "warning", Public: Yes, NEN7513: Execute,
		}),
	)
}
