package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// tell prints how everybody fared, and what the log is made of.
func (s *soak) tell(ctx context.Context, visitors []*visitor) error {
	fmt.Fprintln(s.table, "\n  visitor\tvisits\tp50\tp99\tanswers")
	for _, v := range visitors {
		visits := 0
		var answers []string
		for _, status := range slices.Sorted(maps.Keys(v.statuses)) {
			visits += v.statuses[status]
			answers = append(answers, fmt.Sprintf("%d: %d", status, v.statuses[status]))
		}
		p50, p99 := "", ""
		if v.honest {
			p50, p99 = v.took.at(50).String(), v.took.at(99).String()
		}
		fmt.Fprintf(s.table, "  %s\t%d\t%s\t%s\t%s\n", v.name, visits, p50, p99, strings.Join(answers, ", "))
	}
	if err := s.table.Flush(); err != nil {
		return err
	}
	for _, v := range visitors {
		if v.honest {
			for said, times := range v.errs {
				fmt.Fprintf(s.table, "  %s, %d times: %s\n", v.name, times, said)
			}
		}
	}
	return s.tellLog(ctx)
}

// grown is what events of one type take up.
type grown struct {
	name   string
	events int
	bytes  int
}

// tellLog prints which events made the log as large as it is.
func (s *soak) tellLog(ctx context.Context) error {
	client, err := s.served.client()
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // only read
	stream, err := client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.Start{}}, math.MaxUint64)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	defer stream.Close()
	kinds := map[string]*grown{}
	for {
		e, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		k := kinds[e.Event.EventType]
		if k == nil {
			k = &grown{name: e.Event.EventType}
			kinds[k.name] = k
		}
		k.events++
		k.bytes += len(e.Event.Data) + len(e.Event.UserMetadata)
	}
	fmt.Fprintln(s.table, "\n  in the log\tevents\tKiB")
	for _, k := range slices.SortedFunc(maps.Values(kinds), func(a, b *grown) int { return cmp.Compare(b.bytes, a.bytes) }) {
		fmt.Fprintf(s.table, "  %s\t%d\t%d\n", k.name, k.events, k.bytes/1024)
	}
	return s.table.Flush()
}
