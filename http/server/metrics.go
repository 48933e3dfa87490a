package server

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sleutelbos/projections/machinery"
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

// Lag reports how far each projection is behind, asked for at every scrape.
func Lag(registry prometheus.Registerer, status func(context.Context) ([]machinery.Status, error)) error {
	return registry.Register(lag{status})
}

type lag struct {
	status func(context.Context) ([]machinery.Status, error)
}

var (
	lagEvents  = prometheus.NewDesc("sleutelbos_projection_lag_events", "Events that a projection has not taken.", []string{"projection"}, nil)
	lagSeconds = prometheus.NewDesc("sleutelbos_projection_lag_seconds", "Age of the oldest event that a projection has not taken.", []string{"projection"}, nil)
	passedOver = prometheus.NewDesc("sleutelbos_reactor_passed_over_total", "Events about which a reactor could do nothing, since the start.", []string{"reactor"}, nil)
	foreign    = prometheus.NewDesc("sleutelbos_projection_foreign_total", "Events in streams of others that a projection passed over, since the start.", []string{"projection"}, nil)
	stopped    = prometheus.NewDesc("sleutelbos_projection_stopped", "1 if a projection has stopped at an event.", []string{"projection"}, nil)
)

// Describe names the metrics.
func (lag) Describe(to chan<- *prometheus.Desc) {
	to <- lagEvents
	to <- lagSeconds
	to <- stopped
	to <- passedOver
	to <- foreign
}

// Collect measures them. Where the store is out of reach there are none: /readyz says why.
func (l lag) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), probe)
	defer cancel()
	all, err := l.status(ctx)
	if err != nil {
		return
	}
	for _, s := range all {
		halt := 0.0
		if s.State == machinery.StateStopped {
			halt = 1
		}
		if !s.LagUnknown {
			to <- prometheus.MustNewConstMetric(lagEvents, prometheus.GaugeValue, float64(s.LagEvents), s.Name)
			to <- prometheus.MustNewConstMetric(lagSeconds, prometheus.GaugeValue, s.LagTime.Seconds(), s.Name)
		}
		if s.Reactor {
			to <- prometheus.MustNewConstMetric(passedOver, prometheus.CounterValue, float64(s.PassedOver), s.Name)
		} else {
			to <- prometheus.MustNewConstMetric(foreign, prometheus.CounterValue, float64(s.Foreign), s.Name)
		}
		to <- prometheus.MustNewConstMetric(stopped, prometheus.GaugeValue, halt, s.Name)
	}
}

// Troubled counts what Health.Troubles returns, by code.
func Troubled(registry prometheus.Registerer, troubles func() []Trouble) error {
	return registry.Register(troubled{troubles})
}

type troubled struct{ all func() []Trouble }

var troubleCount = prometheus.NewDesc("sleutelbos_trouble", "What somebody should look into, see /readyz.", []string{"code"}, nil)

// Describe names the metric.
func (troubled) Describe(to chan<- *prometheus.Desc) { to <- troubleCount }

// Collect counts.
func (t troubled) Collect(to chan<- prometheus.Metric) {
	for _, trouble := range t.all() {
		to <- prometheus.MustNewConstMetric(troubleCount, prometheus.GaugeValue, float64(trouble.Count), trouble.Code)
	}
}

// Jobs reports how the periodic jobs have gone, asked for at every scrape.
func Jobs(registry prometheus.Registerer, all func() []Job) error {
	return registry.Register(jobs{all})
}

type jobs struct{ all func() []Job }

var (
	jobSuccess  = prometheus.NewDesc("sleutelbos_job_last_success_timestamp_seconds", "When a periodic job was last done by this process.", []string{"job"}, nil)
	jobFailures = prometheus.NewDesc("sleutelbos_job_failures", "Failures of a periodic job since it was last done.", []string{"job"}, nil)
)

// Describe names the metrics.
func (jobs) Describe(to chan<- *prometheus.Desc) {
	to <- jobSuccess
	to <- jobFailures
}

// Collect tells them. A job that this process has not done has no time of success.
func (j jobs) Collect(to chan<- prometheus.Metric) {
	for _, job := range j.all() {
		if !job.Done.IsZero() {
			to <- prometheus.MustNewConstMetric(jobSuccess, prometheus.GaugeValue, float64(job.Done.UnixMilli())/1000, job.Name)
		}
		to <- prometheus.MustNewConstMetric(jobFailures, prometheus.GaugeValue, float64(job.Failures), job.Name)
	}
}

func position(s machinery.Status) string { return s.Position.String() }
