package main

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"time"

	"sleutelbos/eventstore"
)

// logCopy copies a log event by event: ids, bytes and order stay, positions and the time
// of recording are the new store's.
type logCopy struct {
	source, target eventstore.Store
	said           func(format string, values ...any)
	total          int64 // events in the source; 0 if they were not counted

	there, made, compared int64
	streams               int
	began                 time.Time
}

// The largest append: half of what a store takes, and not so many that a progress line
// would stand still.
const (
	copiedBytes  = 512 << 10
	copiedEvents = 500
)

// run compares what the target has with the source, and appends what is missing. An event
// of the target that is not the source's ends it: what is there was not copied from here.
func (c *logCopy) run(ctx context.Context) error {
	c.began = time.Now()
	there, stop := iter.Pull2(c.target.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}))
	defer stop()
	var batch copyBatch
	for event, err := range c.source.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if c.made == 0 && len(batch.events) == 0 { // not beyond the target's end yet
			old, err, ok := there()
			if err != nil {
				return fmt.Errorf("read the copy: %w", err)
			}
			if ok {
				if err := sameEvent(event, old); err != nil {
					return err
				}
				c.there++
				c.said("%d events are there already", c.there)
				continue
			}
		}
		if !batch.takes(event) {
			if err := c.append(ctx, &batch); err != nil {
				return err
			}
		}
		batch.add(event)
	}
	if err := c.append(ctx, &batch); err != nil {
		return err
	}
	if c.made > 0 {
		return nil
	}
	if old, err, ok := there(); err != nil {
		return fmt.Errorf("read the copy: %w", err)
	} else if ok {
		return foreign(old)
	}
	return nil
}

func foreign(old eventstore.Recorded) error {
	return fmt.Errorf("the target holds an event that is not this log's: %s revision %d (%s)", old.Stream, old.Revision, old.ID)
}

// sameEvent returns an error that says how an event of the copy differs from its original.
func sameEvent(event, old eventstore.Recorded) error {
	if event.ID != old.ID || event.Stream != old.Stream || event.Revision != old.Revision {
		return foreign(old)
	}
	if event.Type != old.Type || event.Binary != old.Binary || !bytes.Equal(event.Data, old.Data) || !bytes.Equal(event.Metadata, old.Metadata) {
		return fmt.Errorf("the target holds another version of an event: %s revision %d (%s)", old.Stream, old.Revision, old.ID)
	}
	return nil
}

// copyBatch is consecutive events of one stream.
type copyBatch struct {
	stream   string
	revision int64 // of the first
	events   []eventstore.Event
	size     int
}

func (b *copyBatch) takes(e eventstore.Recorded) bool {
	return len(b.events) == 0 || b.stream == e.Stream && len(b.events) < copiedEvents && b.size+sizeOf(e) <= copiedBytes
}

func (b *copyBatch) add(e eventstore.Recorded) {
	if len(b.events) == 0 {
		b.stream, b.revision = e.Stream, e.Revision
	}
	b.events = append(b.events, e.Event)
	b.size += sizeOf(e)
}

func sizeOf(e eventstore.Recorded) int { return len(e.Data) + len(e.Metadata) + len(e.Type) }

// append writes a batch at the revision that it has in the source, which makes it harmless
// to write it again.
func (c *logCopy) append(ctx context.Context, b *copyBatch) error {
	if len(b.events) == 0 {
		return nil
	}
	if _, err := c.target.Append(ctx, b.stream, eventstore.Expected(b.revision-1), b.events...); err != nil {
		return fmt.Errorf("copy %s from revision %d: %w", b.stream, b.revision, err)
	}
	c.made += int64(len(b.events))
	*b = copyBatch{}
	rate := float64(c.made) / time.Since(c.began).Seconds()
	if c.total == 0 {
		c.said("%d events copied, %.0f/s", c.there+c.made, rate)
		return nil
	}
	left := time.Duration(float64(max(0, c.total-c.there-c.made)) / rate * float64(time.Second))
	c.said("%d of about %d events copied, %.0f/s, %s left", c.there+c.made, c.total, rate, left.Round(time.Second))
	return nil
}

// compare reads both logs from their start. grown says that the source has more by now.
func (c *logCopy) compare(ctx context.Context) (grown bool, err error) {
	events, stop := iter.Pull2(c.source.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}))
	defer stop()
	for old, err := range c.target.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return false, fmt.Errorf("read the copy: %w", err)
		}
		event, err, ok := events()
		if err != nil {
			return false, fmt.Errorf("read the log: %w", err)
		}
		if !ok {
			return false, foreign(old)
		}
		if err := sameEvent(event, old); err != nil {
			return false, err
		}
		c.compared++
		if old.Revision == 0 {
			c.streams++
		}
		c.said("%d events compared", c.compared)
	}
	if c.compared < c.there+c.made {
		return false, fmt.Errorf("the copy has %d events, %d were copied", c.compared, c.there+c.made)
	}
	_, err, grown = events()
	return grown, err
}
