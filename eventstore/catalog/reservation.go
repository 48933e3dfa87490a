package catalog

import "sleutelbos/domain/reservation"

func reservations() Aggregate {
	return aggregate("reservation", Says{NL: "Unieke naam", EN: "Unique name"}, NoIDs,
		event[reservation.Claimed]("reservation.claimed.v1", About{
			Says:  Says{NL: "reserveerde een unieke naam", EN: "reserved a unique name"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Create,
		}),
		event[reservation.Released]("reservation.released.v1", About{
			Says:  Says{NL: "gaf een unieke naam vrij", EN: "released a unique name"},
			Will:  Says{NL: "De naam komt vrij: een ander kan hem gebruiken.", EN: "The name becomes free: somebody else can use it."},
			Group: Details, Icon: "edit", Turns: Nothing(), Public: Yes, NEN7513: Delete,
		}),
	)
}
