package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// attacking is the address the attackers come from.
const attacking = "127.0.0.2"

// attackers do what stopped or drained the program once. Whether they are refused is not
// asked here, only that nobody else notices.
func (s *soak) attackers() []*visitor {
	user, stranger := &signedIn{soak: s}, s.askerFrom(attacking, "")
	return []*visitor{
		{name: "attack: refused reads", many: 2, pause: 2 * time.Millisecond, visit: func(ctx context.Context, n int) (int, error) {
			return user.do(ctx, func(a *asker) (int, error) { return a.get(ctx, "/accounts/"+s.accounts[n%len(s.accounts)]+"/history") })
		}},
		{name: "attack: lists with ever new types", many: 2, pause: 10 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return user.do(ctx, func(a *asker) (int, error) { return a.get(ctx, "/accounts/"+s.user+"/history?type="+soakTypes()) })
		}},
		{name: "attack: own password guessed", many: 8, pause: 10 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return user.do(ctx, func(a *asker) (int, error) {
				return a.command(ctx, "ChangePassword", map[string]any{"currentPassword": fmt.Sprintf("Geraden-%d", benchSerial.Add(1)), "password": soakPassword + "9"}, nil)
			})
		}},
		{name: "attack: dry runs on others", many: 1, pause: 10 * time.Millisecond, visit: func(ctx context.Context, n int) (int, error) {
			return user.do(ctx, func(a *asker) (int, error) {
				return a.command(ctx, "BlockAccount", map[string]any{"accountId": s.accounts[(n+50)%len(s.accounts)], "reason": "proef"}, nil, "Dry-Run", "true")
			})
		}},
		{name: "attack: replays of oneself", many: 16, pause: 50 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return user.do(ctx, func(a *asker) (int, error) {
				return a.read(ctx, "/accounts/"+s.user+"/replay", time.Second, 10*time.Second, 1<<20)
			})
		}},
		{name: "attack: sign-ins guessed", many: 4, pause: 10 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return stranger.signIn(ctx, fmt.Sprintf("begin.%d@example.nl", benchSerial.Add(1)%1000), "Verkeerd-1234567")
		}},
		{name: "attack: silent connections", many: 50, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return s.knock(ctx, "", 20*time.Second)
		}},
		{name: "attack: half a body", many: 10, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return s.knock(ctx, "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nusername=", 20*time.Second)
		}},
		{name: "attack: groups at the door", many: 1, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return s.atTheDoor(ctx, func(c *esdb.Client) error {
				return c.CreatePersistentSubscriptionToAll(ctx, fmt.Sprintf("groep-%d", benchSerial.Add(1)), esdb.PersistentAllSubscriptionOptions{})
			})
		}},
		{name: "attack: patterns at the door", many: 2, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return s.atTheDoor(ctx, func(c *esdb.Client) error {
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
				defer cancel()
				subscription, err := c.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{
					From: esdb.Start{}, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "^(([a-z0-9-])+)+$x" + strings.Repeat("(a?)", 20)},
				})
				if err != nil {
					return err
				}
				defer subscription.Close() //nolint:errcheck // it leaves
				for ctx.Err() == nil {
					if e := subscription.Recv(); e.SubscriptionDropped != nil {
						return e.SubscriptionDropped.Error
					}
				}
				return nil
			})
		}},
	}
}

// signedIn is a person who signs in once, and again when the session has ended.
type signedIn struct {
	*soak
	mu sync.Mutex
	a  *asker
}

func (u *signedIn) do(ctx context.Context, visit func(*asker) (int, error)) (int, error) {
	a, err := u.session(ctx)
	if err != nil {
		return 0, err
	}
	status, err := visit(a)
	if status == http.StatusUnauthorized {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.a == a {
			u.a = nil
		}
	}
	return status, err
}

func (u *signedIn) session(ctx context.Context) (*asker, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.a == nil {
		a := u.askerFrom(attacking, "")
		if _, err := a.signIn(ctx, soakUser, soakPassword); err != nil {
			return nil, err
		}
		u.a = a
	}
	return u.a, nil
}

// knock opens a connection, says something and then nothing more.
func (s *soak) knock(ctx context.Context, say string, stay time.Duration) (int, error) {
	conn, err := dialer(attacking).DialContext(ctx, "tcp", strings.TrimPrefix(s.served.url, "http://"))
	if err != nil {
		return 0, err
	}
	defer conn.Close() //nolint:errcheck // it leaves
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	if _, err := io.WriteString(conn, say); err != nil {
		return 0, err
	}
	if err := conn.SetReadDeadline(time.Now().Add(stay)); err != nil {
		return 0, err
	}
	_, err = conn.Read(make([]byte, 1))
	if errors.Is(err, io.EOF) {
		return http.StatusRequestTimeout, nil // the program closed it, as it should
	}
	return 0, nil
}

// atTheDoor does something there with a connection of its own.
func (s *soak) atTheDoor(_ context.Context, visit func(*esdb.Client) error) (int, error) {
	client, err := s.served.client()
	if err != nil {
		return 0, err
	}
	defer client.Close() //nolint:errcheck // it leaves
	if err := visit(client); err != nil {
		return http.StatusForbidden, err
	}
	return http.StatusOK, nil
}
