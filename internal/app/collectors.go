package app

import (
	"regexp"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"sleutelbos/internal/turns"
)

// processCollectors tell what the process itself takes. What the heap holds after a collection is
// among it, since all other sizes of the heap go up and down with the garbage.
func processCollectors() []prometheus.Collector {
	held := collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile("^" + keptBytes + "$")}
	waiting := prometheus.GaugeOpts{Name: "sleutelbos_long_work_waiting", Help: "Pieces of rebuilds, downloads and feeds that wait for a processor."}
	return []prometheus.Collector{
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(held)), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(waiting, func() float64 { return float64(turns.Waiting()) }),
	}
}
