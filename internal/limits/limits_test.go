package limits_test

import (
	"errors"
	"net"
	"testing"
	"time"

	"sleutelbos/internal/limits"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// TestStandard: each kind of work that a route or a call may make has a bound by account or by
// address, and what strangers may do has one by address.
func TestStandard(t *testing.T) {
	m := limits.Standard()
	for _, r := range limits.Routes {
		row, ok := m[r.Work]
		if !ok {
			t.Errorf("%s %s: no row for %s", r.Method, r.Pattern, r.Work)
		}
		if row.ByAddress == (limits.Rate{}) {
			t.Errorf("%s %s: strangers may ask without a limit", r.Method, r.Pattern)
		}
	}
	for work, row := range m {
		for _, r := range []limits.Rate{row.ByAccount, row.ByAddress} {
			if (r.PerMinute > 0) != (r.Burst > 0) {
				t.Errorf("%s: %+v lets nobody in, or nobody in again", work, r)
			}
		}
		if row.ByAccount == (limits.Rate{}) && row.ByAddress == (limits.Rate{}) {
			t.Errorf("%s has no bound", work)
		}
	}
}

func TestTake(t *testing.T) {
	now := noon
	l := limits.New(limits.Matrix{
		limits.Read:     {ByAccount: limits.Rate{PerMinute: 60, Burst: 2}, ByAddress: limits.Rate{PerMinute: 60, Burst: 3}},
		limits.Download: {ByAccount: limits.Rate{PerMinute: 60, Burst: 9}, AtOnce: limits.AtOnce{One: 1, All: 2}},
	}, func() time.Time { return now })
	much := func(err error, after time.Duration) {
		t.Helper()
		if e, ok := errors.AsType[*limits.TooMuchError](err); !ok || e.After != after || e.Work != limits.Read {
			t.Errorf("got %#v, want to wait for %s", err, after)
		}
	}
	fine := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	jan, piet := limits.Asker{Account: "jan", Address: "192.0.2.1"}, limits.Asker{Account: "piet", Address: "192.0.2.1"}
	fine(l.Take(limits.Read, jan))
	fine(l.Take(limits.Read, jan))
	much(l.Take(limits.Read, jan), time.Second)
	much(l.Left(limits.Read, jan), time.Second)
	fine(l.Take(limits.Read, piet))
	much(l.Take(limits.Read, piet), time.Second) // the address has used up its own
	fine(l.Take(limits.Read, limits.Asker{Account: "piet", Address: "192.0.2.2"}))
	now = now.Add(500 * time.Millisecond)
	much(l.Take(limits.Read, jan), 500*time.Millisecond)
	now = now.Add(500 * time.Millisecond)
	fine(l.Left(limits.Read, jan))
	fine(l.Take(limits.Read, jan))
	fine(l.Take(limits.Read, limits.Asker{})) // of whom nothing is known

	leave, err := l.Enter(limits.Download, jan)
	fine(err)
	_, err = l.Enter(limits.Download, jan)
	if e, ok := errors.AsType[*limits.TooMuchError](err); !ok || !e.Places {
		t.Errorf("got %v", err)
	}
	_, err = l.Enter(limits.Download, piet)
	fine(err)
	_, err = l.Enter(limits.Download, limits.Asker{Account: "wil"})
	if _, ok := errors.AsType[*limits.FullError](err); !ok {
		t.Errorf("got %v", err)
	}
	leave()
	leave() // once
	_, err = l.Enter(limits.Download, jan)
	fine(err)
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "nonsense": "",
	} {
		if got := limits.Network(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	for asked, want := range map[[2]string]limits.Work{
		{"GET", "/"}: limits.Read, {"HEAD", "/accounts"}: limits.Read, {"GET", "/accounts/{id}"}: limits.Read, {"GET", "/accountsandmore"}: "",
		{"POST", "/login"}: limits.Secret, {"POST", "/api/v1/commands/{name}"}: limits.Write, {"POST", "/api/v1/commands/ActivateAccount"}: limits.Secret,
		{"POST", "/audit"}: "", {"DELETE", "/accounts"}: "", {"GET", "/nowhere"}: "",
	} {
		if got, ok := limits.Of(asked[0], asked[1]); got != want || ok != (want != "") {
			t.Errorf("%v: got %q", asked, got)
		}
	}
}

func TestCounted(t *testing.T) {
	from := func(ip string) net.Addr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: 4000} }
	c := limits.Count(limits.Connections{All: 5, Address: 2, Spared: func(a string) bool { return a == "192.0.2.9" }})
	enter := func(ip string, want error) func() {
		t.Helper()
		leave, err := c.Enter(from(ip))
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", ip, err, want)
		}
		return leave
	}
	enter("192.0.2.1", nil)
	leave := enter("::ffff:192.0.2.1", nil)
	enter("192.0.2.1", limits.ErrAddressCrowded)
	leave()
	leave()
	enter("192.0.2.1", nil)
	enter("192.0.2.9", nil)
	enter("192.0.2.9", nil)
	enter("192.0.2.9", nil) // a proxy
	enter("192.0.2.3", limits.ErrCrowded)
}
