package app

import (
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/lettersbyaccount"
	"sleutelbos/projections/models/licensegrants"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/personlist"
	"sleutelbos/projections/models/regionlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// ReadModels lists all read models. The version in a read model's name is raised when the
// meaning of its rows changes.
func ReadModels() []machinery.Projection {
	return []machinery.Projection{
		accountlist.New(), accountdetail.New(), personlist.New(), organizationlist.New(), licenselist.New(),
		licenserequests.New(), licensegrants.New(), regionlist.New(), rolegrouplist.New(), rolegrouplist.NewChanges(), letters.New(), lettersbyaccount.New(), messages.New(), audithistory.New(),
	}
}
