// Package demo fills a store with five organizations as they would be after three months of use.
// What there is to see stands as data in organizations.go; it happens through the same commands as
// everybody else's, at the hours of an office, by a clock that runs from then to now.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/internal/limits"
)

// Who can sign in, all with the same password.
const (
	Platform = "platform@sleutelbos.example"
	Password = "Sleutelbos-Demo-1" //nolint:gosec // of a folder that goes when the demo ends
)

// days is how long the demo has been in use.
const days = 92

// Person is somebody who can sign in.
type Person struct{ Username, What string }

// People returns who can sign in, and as what.
func People() []Person {
	all := []Person{{Platform, "platform administrator (the provider)"}}
	for _, o := range offices {
		all = append(all,
			Person{"beheer@" + o.domain, "administrator of " + o.name},
			Person{"compliance@" + o.domain, "compliance officer of " + o.name},
			Person{"tom@" + o.domain, "user of " + o.name})
	}
	return all
}

// Fill fills an empty store. What is mailed in the three months is written to the outbox, whatever
// the settings say, and links begin with the public URL of the settings. The stores are closed after it.
func Fill(ctx context.Context, places app.Places, settings app.Serving, log *slog.Logger, now time.Time) (err error) {
	clock := &clock{}
	clock.set(now.AddDate(0, 0, -days))
	stores := &app.Stores{Places: places, Log: log, Now: clock.now}
	if err := stores.Open(ctx, app.Writing); err != nil {
		return err
	}
	settings.Node, settings.SMTP = "off", ""
	settings.BootstrapUsername, settings.BootstrapPassword = Platform, Password
	if settings.PublicURL == "" {
		settings.PublicURL = "http://" + settings.HTTP
	}
	program, err := app.New(ctx, app.Options{Stores: stores, Serving: settings, Parts: app.Views, Adjust: app.Adjust{Limits: limits.Matrix.WithoutRates}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Close()) }()
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- program.Run(running) }()
	h, err := newHouse(program, clock, now)
	if err == nil {
		err = h.fill(ctx)
	}
	stop()
	return errors.Join(err, <-ended)
}

// clock tells the demo's moment.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) set(t time.Time) { c.at.Store(&t) }

// house is the demo while it is filled.
type house struct {
	*app.App
	clock   *clock
	end     time.Time // the present
	random  *rand.Rand
	planned []happening
	made    map[string]string // ids of accounts by username, of others by their organization and name
	asked   map[string]string // ids of open requests, by account and license
	zone    *time.Location

	read eventstore.Position            // up to which the log was looked at
	due  map[string]eventstore.Position // reactor → the last event there that it acts on
}

func newHouse(program *app.App, clock *clock, now time.Time) (*house, error) {
	zone, err := time.LoadLocation(organization.DefaultTimeZone)
	if err != nil {
		return nil, fmt.Errorf("find the demo's time zone: %w", err)
	}
	return &house{
		App: program, clock: clock, end: now, random: rand.New(rand.NewPCG(1, 2)), //nolint:gosec // the same every time; no secret
		made: map[string]string{}, asked: map[string]string{}, zone: zone, due: map[string]eventstore.Position{},
	}, nil
}

// fill does everything that happened, day by day.
func (h *house) fill(ctx context.Context) error {
	if err := h.begin(ctx); err != nil {
		return err
	}
	for i := range offices {
		if err := h.plan(&offices[i]); err != nil {
			return err
		}
	}
	slices.SortStableFunc(h.planned, func(a, b happening) int { return a.at.Compare(b.at) })
	midnight := h.day(days)
	for _, happens := range h.planned {
		for ; midnight.Before(happens.at); midnight = midnight.AddDate(0, 0, 1) {
			if err := h.night(ctx, midnight); err != nil {
				return err
			}
		}
		h.clock.set(happens.at)
		if err := happens.do(ctx); err != nil {
			return fmt.Errorf("on %s, %s: %w", happens.at.Format(time.DateOnly), happens.what, err)
		}
	}
	return h.night(ctx, h.end)
}

// begin gives the platform's administrator a name.
func (h *house) begin(ctx context.Context) error {
	if err := h.settle(ctx); err != nil {
		return err
	}
	id, err := h.holderOf(ctx, Platform)
	if err != nil {
		return err
	}
	h.made[Platform] = id
	name := "Sophie van Leeuwen"
	return h.as(ctx, Platform, accounts.ChangeDetails{AccountID: id, Name: &name})
}

// holderOf returns the account that has a username.
func (h *house) holderOf(ctx context.Context, username string) (string, error) {
	return h.Commands.Engine.HolderOf(ctx, h.Commands.Engine.Reservation(reservation.KindUsername, username))
}

// night does what the program does by itself: it ends what is over, and seals each Sunday.
// Until then everything has followed that follows from the day.
func (h *house) night(ctx context.Context, at time.Time) error {
	if err := h.settle(ctx); err != nil {
		return err
	}
	h.clock.set(at)
	if err := h.KeepDeadlines(ctx); err != nil {
		return err
	}
	if err := h.Commands.Engine.RecordRefusals(ctx); err != nil {
		return err
	}
	if at.Weekday() != time.Sunday && !at.Equal(h.end) {
		return nil
	}
	if _, err := h.Sealer.Seal(ctx); err != nil {
		return fmt.Errorf("seal the demo: %w", err)
	}
	return nil
}

// settle waits until every read model and reactor has taken everything, so that a mail is of the
// day of what it tells.
func (h *house) settle(ctx context.Context) error {
	const most = time.Minute
	ctx, cancel := context.WithTimeoutCause(ctx, most, errors.New("the demo's read models do not follow"))
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		behind, err := h.behind(ctx)
		if err != nil || behind == "" {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", behind, context.Cause(ctx))
		case <-look.C:
		}
	}
}

// behind names what has not taken everything yet. A reactor is not behind events that it does not act
// on, which it passes at its leisure. The states are looked at before the log, so that what a reactor
// wrote at its end is not overlooked.
func (h *house) behind(ctx context.Context) (string, error) {
	all, err := h.Runner.Status(ctx)
	if err != nil {
		return "", err
	}
	for event, err := range h.Journal.Store.ReadAll(ctx, h.read, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return "", err
		}
		h.read = event.Position
		for _, r := range h.Commands.Reactors {
			if slices.Contains(r.Types, event.Type) {
				h.due[r.Name] = event.Position
			}
		}
	}
	var names []string
	for _, s := range all {
		due := h.read
		if s.Reactor {
			due = h.due[s.Name]
		}
		if s.Position.Before(due) {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", "), nil
}
