package persistent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"sleutelbos/eventstore"
)

// maxGroups bounds what clients can make the log keep: a group costs memory and a place in every
// snapshot of the settings. How often groups change is bounded at the door, see limits.DoorGroup.
const (
	maxGroups       = 500
	changesSnapshot = 100 // after so many changes all settings are written anew
)

// configs are the settings of all groups, as an event of configType has them as its data. The
// changes behind the newest such event go over them.
type configs struct {
	Groups []Config `json:"groups"`
}

// change is a group that was made or changed, or the name of one that was removed.
type change struct {
	Set    *Config `json:"set,omitempty"`
	Remove *Key    `json:"remove,omitempty"`
}

func (c change) over(all []Config) []Config {
	if c.Remove != nil {
		return without(all, *c.Remove)
	}
	return append(without(all, c.Set.Key()), *c.Set)
}

func without(all []Config, k Key) []Config {
	return slices.DeleteFunc(all, func(c Config) bool { return c.Key() == k })
}

// readConfigs returns the settings of all groups, and how many changes were read for them.
func readConfigs(ctx context.Context, l Log) ([]Config, int, error) {
	var changes []change // the newest first
	for from, end := int64(math.MaxInt64), false; !end; {
		p, err := l.ReadStream(ctx, configStream, from, eventstore.Backwards, changesSnapshot)
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			break // as if it was never written
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read %s: %w", configStream, err)
		}
		for _, e := range p.Events {
			if e.Type == configType {
				var all configs
				if err := json.Unmarshal(e.Data, &all); err != nil {
					return nil, 0, fmt.Errorf("read the settings of persistent subscriptions: %w", err)
				}
				return applied(all.Groups, changes), len(changes), nil
			}
			var c change
			if err := json.Unmarshal(e.Data, &c); err != nil {
				return nil, 0, fmt.Errorf("read the settings of a persistent subscription: %w", err)
			}
			if c.Set == nil && c.Remove == nil {
				return nil, 0, fmt.Errorf("read the settings of a persistent subscription: revision %d of %s changes nothing", e.Revision, configStream)
			}
			changes = append(changes, c)
		}
		from, end = p.Next, p.AtEnd || len(p.Events) == 0
	}
	return applied(nil, changes), len(changes), nil
}

func applied(all []Config, newestFirst []change) []Config {
	for _, c := range slices.Backward(newestFirst) {
		all = c.over(all)
	}
	return all
}

// save stores a change. Errors: ErrTooMany.
func (m *Manager) save(ctx context.Context, c change) error {
	all, behind, err := readConfigs(ctx, m.log)
	if err != nil {
		return err
	}
	all = c.over(all)
	if c.Set != nil && len(all) > m.most {
		return ErrTooMany
	}
	kind, content := changeType, any(c)
	if behind+1 >= changesSnapshot {
		kind, content = configType, configs{Groups: all}
	}
	data, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("write the settings of persistent subscriptions: %w", err)
	}
	return write(ctx, m.log, configStream, kind, data)
}
