package commands_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"sleutelbos/commands/engine"
	"sleutelbos/eventstore"
)

// BenchmarkCreateAccount makes accounts with an invitation by mail: a claim, two events,
// the person's key and the link, all durable.
func BenchmarkCreateAccount(b *testing.B) {
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			h := newHouse(b)
			org := h.organization(1, "klic")
			admin := h.account(2, org, "admin")
			var n atomic.Int64
			b.SetParallelism(clients)
			b.ReportAllocs()
			b.ResetTimer()
			run := func() {
				in := create(0, org)
				in.AccountID, in.Username = "", fmt.Sprintf("bench%d@example.nl", n.Add(1))
				who, err := h.Access.Principal(b.Context(), admin.AccountID)
				if err == nil {
					_, err = h.Run(b.Context(), engine.Request{Actor: who, Origin: eventstore.Origin{Channel: "api", Address: "192.0.2.7"}}, in)
				}
				if err != nil {
					b.Error(err)
				}
			}
			if clients == 1 {
				for b.Loop() {
					run()
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					run()
				}
			})
		})
	}
}
