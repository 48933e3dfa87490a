package persistent

import (
	"context"
	"slices"
	"time"
)

// Info says how a group stands.
type Info struct {
	Config
	StartFrom      string // as clients read places; "-1" or "C:-1/P:-1" for the end
	LastCheckpoint string // empty before the first
	LastKnown      string // empty before the first
	Connections    []ConnectionInfo
	Count          Count
	ReadBuffer     int // messages read and not handed out yet
	LiveBuffer     int // the same, if the group is at the end of its source
	RetryBuffer    int
	InFlight       int   // with consumers
	Outstanding    int   // not done with, whoever has them
	Parked         int64 // messages
}

// ConnectionInfo says how a consumer stands.
type ConnectionInfo struct {
	Consumer
	Count        Count
	InFlight     int
	Measurements []Measurement // if the group wants statistics
}

// Count counts messages handed out.
type Count struct {
	Total      int64
	PerSecond  int // on average, since it began
	SinceAsked int64
}

// Measurement is a statistic of the time until consumers acknowledged, in milliseconds.
type Measurement struct {
	Key   string
	Value int64
}

func (g *group) info(ctx context.Context) (Info, error) {
	parked, err := g.parkedInfo(ctx)
	if err != nil {
		return Info{}, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.m.o.Now()
	info := Info{
		Config: g.config, StartFrom: g.config.place(g.config.Start), RetryBuffer: len(g.again),
		Count: g.total.ask(now), Outstanding: g.outstanding(),
	}
	if g.stored {
		info.LastCheckpoint = g.config.place(g.saved)
	}
	if g.lastSeen >= 0 {
		info.LastKnown = g.config.place(g.lastSeen)
	}
	if g.atEnd {
		info.LiveBuffer = len(g.ready)
	} else {
		info.ReadBuffer = len(g.ready)
	}
	if parked.First >= 0 {
		info.Parked = max(0, parked.Last-max(parked.First, g.replay.done+1)+1)
	}
	for _, c := range g.consumers {
		ci := ConnectionInfo{Consumer: c.Consumer, Count: c.total.ask(now), InFlight: len(c.holds)}
		if g.config.Settings.ExtraStatistics {
			ci.Measurements = measure(c.latencies)
		}
		info.InFlight += ci.InFlight
		info.Connections = append(info.Connections, ci)
	}
	return info, nil
}

// outstanding returns how many messages were read and are not done. The caller holds mu.
func (d *desk) outstanding() int {
	n := 0
	for _, w := range []*window{&d.source, &d.replay} {
		for _, m := range w.open {
			if !m.done {
				n++
			}
		}
	}
	return n
}

// meter counts messages.
type meter struct {
	began        time.Time
	total, asked int64
}

func (m *meter) count(now time.Time) {
	if m.began.IsZero() {
		m.began = now
	}
	m.total++
}

func (m *meter) ask(now time.Time) Count {
	c := Count{Total: m.total, SinceAsked: m.total - m.asked}
	if d := now.Sub(m.began); m.total > 0 && d > 0 {
		c.PerSecond = int(float64(m.total) / max(1, d.Seconds()))
	}
	m.asked = m.total
	return c
}

// sample is how many acknowledgements the statistics look back on.
const sample = 1000

// count notes an acknowledgement. The caller holds mu.
func (c *Connection) count(m *message) {
	now := c.desk.now()
	c.total.count(now)
	if !c.desk.settings.ExtraStatistics {
		return
	}
	if len(c.latencies) == sample {
		c.latencies = slices.Delete(c.latencies, 0, 1)
	}
	c.latencies = append(c.latencies, now.Sub(m.sent))
}

// measure returns the statistics under the names that clients know.
func measure(latencies []time.Duration) []Measurement {
	if len(latencies) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(latencies))
	var sum time.Duration
	for _, d := range sorted {
		sum += d
	}
	at := func(share float64) int64 {
		return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Milliseconds()
	}
	return []Measurement{
		{"Mean", (sum / time.Duration(len(sorted))).Milliseconds()},
		{"Median", at(0.5)},
		{"Fastest", sorted[0].Milliseconds()},
		{"Quintile 1", at(0.2)}, {"Quintile 2", at(0.4)}, {"Quintile 3", at(0.6)}, {"Quintile 4", at(0.8)}, {"Quintile 5", at(1)},
		{"90%", at(0.9)}, {"95%", at(0.95)}, {"99%", at(0.99)}, {"99.5%", at(0.995)}, {"99.9%", at(0.999)},
		{"Highest", sorted[len(sorted)-1].Milliseconds()},
	}
}
