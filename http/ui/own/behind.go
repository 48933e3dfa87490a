package own

import (
	"context"
	"time"

	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
)

// behind says that a read model shows an older state than the log, or stopped.
type behind struct {
	Events  int
	Stopped bool
}

const (
	patience  = 2 * time.Second // how long a page may look at how far the read models are
	tolerated = 2 * time.Second // what a reader does not notice
)

// behind returns how far the read model that is furthest behind is, nil if none is to speak
// of. Not to know is not worth a page.
func (s homePages) behind(ctx context.Context) *behind {
	looking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := s.Runner.Status(looking)
	if err != nil {
		problem.Log(ctx).Warn("it is not known how far the read models are", "error", err.Error())
		return nil
	}
	var worst *behind
	for _, model := range all {
		stopped := model.State == machinery.StateStopped
		if model.Reactor || !stopped && model.LagTime < tolerated {
			continue
		}
		if worst == nil {
			worst = &behind{}
		}
		worst.Events, worst.Stopped = max(worst.Events, int(model.LagEvents)), worst.Stopped || stopped
	}
	return worst
}
