package reactors

import (
	"context"

	"sleutelbos/commands/licenses"
	"sleutelbos/domain/license"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Licenses gives everybody a license who had it through the organization until that ended (AMB-N6).
type Licenses struct{ licenses.UseCases }

// Reactor returns the reactor that does so.
func (l Licenses) Reactor() Reactor {
	return Reactor{Name: "licenses", Types: catalog.NamesOf(license.CompanyWideDisabled{}), Handle: l.react}
}

func (l Licenses) react(ctx context.Context, _ any, rec eventstore.Record) error {
	c, err := reaction(l.Engine, "licenses", rec)
	if err != nil {
		return err
	}
	return l.Convert(ctx, c, rec)
}
