package catalog

import "sleutelbos/domain/licenserequest"

func licenseRequests() Aggregate {
	return aggregate("licenserequest", Says{NL: "Aanvraag", EN: "Request"}, OwnIDs,
		event[licenserequest.Requested]("licenserequest.requested.v1", About{
			Says:  Says{NL: "vroeg de licentie aan[ voor de norm {standard}]", EN: "requested the license[ for the standard {standard}]"},
			Group: Access, Icon: "inbox", Public: WithoutDecider, NEN7513: Create,
		}),
		event[licenserequest.Approved]("licenserequest.approved.v1", About{
			Says:  Says{NL: "keurde de aanvraag goed", EN: "approved the request"},
			Group: Access, Icon: "check", Public: WithoutDecider, NEN7513: Update,
		}),
		event[licenserequest.Rejected]("licenserequest.rejected.v1", About{
			Says:  Says{NL: "wees de aanvraag af", EN: "rejected the request"},
			Group: Access, Icon: "x", Public: WithoutDecider, NEN7513: Update,
		}),
		event[licenserequest.Withdrawn]("licenserequest.withdrawn.v1", About{
			Says:  Says{NL: "trok de aanvraag in", EN: "withdrew the request"},
			Group: Access, Icon: "key", Public: WithoutDecider, NEN7513: Delete,
		}),
	)
}
