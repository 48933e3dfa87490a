package server

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts requests. Labels name routes by pattern; none is personal.
type Metrics struct {
	requests *prometheus.HistogramVec
}

// NewMetrics registers the metrics.
func NewMetrics(registry prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "sleutelbos", Name: "http_request_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"method", "route", "status"})}
	if err := registry.Register(m.requests); err != nil {
		return nil, err
	}
	return m, nil
}

// request counts one; a nil Metrics counts nothing.
func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	}
}
