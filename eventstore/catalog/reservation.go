package catalog

import "sleutelbos/domain/reservation"

func reservations() Aggregate {
	return aggregate("reservation", Says{NL: "Unieke naam", EN: "Unique name"}, NoIDs,
		event[reservation.Claimed]("reservation.claimed.v1", About{
			Says:  Says{NL: "legde een unieke naam vast", EN: "claimed a unique name"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Create,
		}),
		event[reservation.Released]("reservation.released.v1", About{
			Says:  Says{NL: "gaf een unieke naam vrij", EN: "released a unique name"},
			Will:  Says{NL: "De naam komt vrij voor een ander.", EN: "The name becomes free for another."},
			Group: Details, Icon: "edit", Turns: Nothing(), Public: Yes, NEN7513: Delete,
		}),
	)
}
