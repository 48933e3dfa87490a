// Package persistent keeps persistent subscriptions: groups of competing consumers to
// which the log hands events, and which acknowledge each one. Settings, checkpoints and
// parked messages are events in system streams of the log, so they survive whatever it
// survives. Delivery is at least once: the package refuses to forget a message that nobody
// acknowledged, skipped or parked.
package persistent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// All is the source of a group that follows the whole log.
const All = "$all"

// Key names a group: its source, a stream or All, and its name.
type Key struct{ Stream, Group string }

func (k Key) String() string { return k.Stream + "::" + k.Group }

// The errors of a Manager. Compare with errors.Is.
var (
	ErrMissing = errors.New("there is no such persistent subscription")
	ErrExists  = errors.New("the persistent subscription exists already")
	ErrFull    = errors.New("the persistent subscription has as many subscribers as it may have")
	ErrTooMany = errors.New("there are as many persistent subscriptions as there may be")
	ErrDropped = errors.New("the persistent subscription was changed, removed or stopped")
)

// Options are what a Manager takes from outside.
type Options struct {
	Now    func() time.Time // default time.Now
	Logger *slog.Logger     // default: none
}

// Manager keeps the groups of a log. It is safe for concurrent use.
type Manager struct {
	log Log
	o   Options
	ctx context.Context // of the groups' work

	most   int        // groups
	change sync.Mutex // one change of the groups at a time, with its write to the log
	mu     sync.Mutex
	groups map[Key]*group
	closed bool
}

// Start loads the groups that the log knows and lets them run until the context ends or
// Stop is called.
func Start(ctx context.Context, l Log, o Options) (*Manager, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	m := &Manager{log: l, o: o, ctx: ctx, groups: map[Key]*group{}, most: maxGroups}
	if err := m.load(ctx); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Manager) load(ctx context.Context) error {
	configs, _, err := readConfigs(ctx, m.log)
	if err != nil {
		return err
	}
	for _, c := range configs {
		if err := m.run(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// run starts a group beside those that run.
func (m *Manager) run(ctx context.Context, c Config) error {
	g, err := newGroup(ctx, m, c)
	if err != nil {
		return fmt.Errorf("start persistent subscription %s: %w", c.Key(), err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrDropped
	}
	m.groups[c.Key()] = g
	g.start(m.ctx)
	return nil
}

// Stop drops every consumer and saves every checkpoint.
func (m *Manager) Stop() {
	m.change.Lock()
	defer m.change.Unlock()
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.halt()
}

// halt stops every group that runs.
func (m *Manager) halt() {
	m.mu.Lock()
	groups := m.groups
	m.groups = map[Key]*group{}
	m.mu.Unlock()
	var all sync.WaitGroup
	for _, g := range groups {
		all.Go(g.stop)
	}
	all.Wait()
}

func (m *Manager) find(k Key) (*group, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g := m.groups[k]
	if g == nil {
		return nil, ErrMissing
	}
	return g, nil
}

// Create makes a group. Errors: ErrExists, ErrTooMany, *InvalidError.
func (m *Manager) Create(ctx context.Context, c Config) error {
	m.change.Lock()
	defer m.change.Unlock()
	if _, err := m.find(c.Key()); err == nil {
		return ErrExists
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := c.begin(ctx, m.log); err != nil {
		return err
	}
	c.Created = m.o.Now().UTC()
	if err := m.save(ctx, change{Set: &c}); err != nil {
		return err
	}
	return m.run(ctx, c)
}

// Update changes settings and start of a group; its filter stays. Its consumers are
// dropped. The start counts only while there is no checkpoint. Errors: ErrMissing,
// *InvalidError.
func (m *Manager) Update(ctx context.Context, c Config) error {
	m.change.Lock()
	defer m.change.Unlock()
	g, err := m.find(c.Key())
	if err != nil {
		return err
	}
	c.Filter, c.Created, c.CreatedBy = g.config.Filter, g.config.Created, g.config.CreatedBy
	if err := c.check(); err != nil {
		return err
	}
	if err := c.begin(ctx, m.log); err != nil {
		return err
	}
	if err := m.save(ctx, change{Set: &c}); err != nil {
		return err
	}
	g.stop()
	return m.run(ctx, c)
}

// Delete removes a group with its checkpoint and its parked messages. Its consumers are
// dropped. Errors: ErrMissing.
func (m *Manager) Delete(ctx context.Context, k Key) error {
	m.change.Lock()
	defer m.change.Unlock()
	g, err := m.find(k)
	if err != nil {
		return err
	}
	if err := m.save(ctx, change{Remove: &k}); err != nil {
		return err
	}
	m.mu.Lock()
	delete(m.groups, k)
	m.mu.Unlock()
	g.stop()
	return g.forget(ctx)
}

// Restart stops every group and starts it anew from what the log says.
func (m *Manager) Restart(ctx context.Context) error {
	m.change.Lock()
	defer m.change.Unlock()
	m.halt()
	return m.load(ctx)
}

// ReplayParked hands the parked messages of a group out again, those before a revision
// of the parked stream; stopAt below 0 is no limit. Errors: ErrMissing.
func (m *Manager) ReplayParked(ctx context.Context, k Key, stopAt int64) error {
	g, err := m.find(k)
	if err != nil {
		return err
	}
	return g.replayParked(ctx, stopAt)
}

// Info returns how a group stands. Errors: ErrMissing.
func (m *Manager) Info(ctx context.Context, k Key) (Info, error) {
	g, err := m.find(k)
	if err != nil {
		return Info{}, err
	}
	return g.info(ctx)
}

// List returns how the groups of a source stand, or those of all sources if it is empty, by name.
func (m *Manager) List(ctx context.Context, stream string) ([]Info, error) {
	m.mu.Lock()
	var groups []*group
	for k, g := range m.groups {
		if stream == "" || stream == k.Stream {
			groups = append(groups, g)
		}
	}
	m.mu.Unlock()
	slices.SortFunc(groups, func(a, b *group) int {
		return strings.Compare(a.config.Key().String(), b.config.Key().String())
	})
	infos := make([]Info, 0, len(groups))
	for _, g := range groups {
		info, err := g.info(ctx)
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// Connect adds a consumer to a group. Errors: ErrMissing, ErrFull, ErrDropped.
func (m *Manager) Connect(k Key, c Consumer) (*Connection, error) {
	g, err := m.find(k)
	if err != nil {
		return nil, err
	}
	return g.connect(c)
}
