// Command consumer follows everything that happens to accounts, with the official client
// of EventStoreDB, and goes on where it was whenever it or the server was away.
//
//	consumer 'esdb://localhost:2113?tls=false' accounts.txt accounts.checkpoint
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: consumer <connection string> <file to write to> <checkpoint file>")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	out, err := os.OpenFile(os.Args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(ctx, os.Args[1], out, os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

// run follows until the context ends.
func run(ctx context.Context, connection string, out io.Writer, checkpoint string) error {
	config, err := esdb.ParseConnectionString(connection)
	if err != nil {
		return err
	}
	// Without this the client gives up for good when the server is away for a second.
	config.MaxDiscoverAttempts, config.DiscoveryInterval = 1<<30, 200
	client, err := esdb.NewClient(config)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		err := follow(ctx, client, out, checkpoint)
		if ctx.Err() == nil {
			log.Print("the subscription ended, trying again: ", err)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
	return nil
}

// follow subscribes behind the checkpoint, and moves the checkpoint behind what was done.
func follow(ctx context.Context, client *esdb.Client, out io.Writer, checkpoint string) error {
	from, err := load(checkpoint)
	if err != nil {
		return err
	}
	subscription, err := client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{
		From:            from,
		Filter:          &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"account."}},
		MaxSearchWindow: 500, CheckpointInterval: 1, // of events that are not ours
	})
	if err != nil {
		return err
	}
	defer subscription.Close() //nolint:errcheck // it has ended
	for {
		switch e := subscription.Recv(); {
		case e.EventAppeared != nil:
			event := e.EventAppeared.Event
			// First the work, then the checkpoint: after a crash in between, the event comes
			// again. Make the work harmless when done twice, or keep the checkpoint with it
			// in one transaction.
			if _, err := fmt.Fprintln(out, event.Position.Commit, event.EventType, event.StreamID); err != nil {
				return err
			}
			if err := save(checkpoint, event.Position); err != nil {
				return err
			}
		case e.CheckPointReached != nil: // nothing of ours up to here
			if err := save(checkpoint, *e.CheckPointReached); err != nil {
				return err
			}
		case e.SubscriptionDropped != nil:
			return e.SubscriptionDropped.Error
		}
	}
}

func load(checkpoint string) (esdb.AllPosition, error) {
	text, err := os.ReadFile(checkpoint)
	if errors.Is(err, os.ErrNotExist) {
		return esdb.Start{}, nil
	}
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	return esdb.Position{Commit: n, Prepare: n}, err
}

// save replaces the file as a whole, so that a crash leaves the old one or the new one.
func save(checkpoint string, p esdb.Position) error {
	if err := os.WriteFile(checkpoint+".new", strconv.AppendUint(nil, p.Commit, 10), 0o600); err != nil {
		return err
	}
	return os.Rename(checkpoint+".new", checkpoint)
}
