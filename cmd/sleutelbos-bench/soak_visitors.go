package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/go-json-experiment/json"
)

const (
	soakPassword = "Een-Lang-Wachtwoord-1" //nolint:gosec // of a store that is thrown away
	soakUser     = "aanvaller@example.nl"
	soakPerson   = "iemand@example.nl"
)

// asker is a program or a person that asks over HTTP.
type asker struct {
	url    string
	key    string // of a program
	client *http.Client
}

// asker returns one with connections of its own.
func (s *soak) asker(key string) *asker {
	return s.askerFrom("127.0.0.1", key)
}

// askerFrom returns one at another address of this machine: what is limited by address must
// not limit the others.
func (s *soak) askerFrom(address, key string) *asker {
	jar, _ := cookiejar.New(nil) // fails for no options
	return &asker{url: s.served.url, key: key, client: &http.Client{
		Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 16, DialContext: dialer(address).DialContext}, Timeout: 2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// dialer connects from an address of this machine.
func dialer(address string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
}

// send sends a request; the answer's body is the caller's to close.
func (a *asker) send(ctx context.Context, method, path, kind string, body []byte, headers ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if a.key != "" {
		req.Header.Set("Authorization", "Bearer "+a.key)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return a.client.Do(req)
}

// whole sends a request, reads the answer and decodes it if it is a good one.
func (a *asker) whole(ctx context.Context, method, path, kind string, body []byte, answer any, headers ...string) (int, error) {
	res, err := a.send(ctx, method, path, kind, body, headers...)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return res.StatusCode, fmt.Errorf("%s %s: %d %.80s", method, path, res.StatusCode, content)
	}
	if answer == nil || res.StatusCode != http.StatusOK {
		return res.StatusCode, nil
	}
	return res.StatusCode, json.Unmarshal(content, answer)
}

func (a *asker) get(ctx context.Context, path string) (int, error) {
	return a.whole(ctx, http.MethodGet, "/api/v1"+path, "", nil, nil)
}

func (a *asker) command(ctx context.Context, name string, body map[string]any, answer any, headers ...string) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	return a.whole(ctx, http.MethodPost, "/api/v1/commands/"+name, "application/json", raw, answer, headers...)
}

// signIn signs in by the form.
func (a *asker) signIn(ctx context.Context, username, password string) (int, error) {
	form := url.Values{"username": {username}, "password": {password}}
	status, err := a.whole(ctx, http.MethodPost, "/login", "application/x-www-form-urlencoded", []byte(form.Encode()), nil)
	if err == nil && status != http.StatusSeeOther {
		return http.StatusForbidden, errors.New("signing in was refused")
	}
	return status, err
}

// read reads an answer at a pace, and leaves after a while or after so many bytes.
func (a *asker) read(ctx context.Context, path string, pause, leave time.Duration, most int64) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, leave)
	defer cancel()
	res, err := a.send(ctx, http.MethodGet, "/api/v1"+path, "", nil)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	content := bufio.NewReaderSize(io.LimitReader(res.Body, most), 1<<10)
	for ctx.Err() == nil {
		if _, err := content.Discard(1 << 10); err != nil {
			break // ended, or cut off
		}
		wait(ctx, pause)
	}
	return res.StatusCode, nil
}

// prepare makes an organization with accounts, and the two who sign in.
func (s *soak) prepare(ctx context.Context) error {
	a := s.asker(benchKey)
	var organization struct {
		Result struct {
			OrganizationID string `json:"organizationId"`
		} `json:"result"`
	}
	if _, err := a.command(ctx, "RegisterOrganization", map[string]any{"name": "Duurproef", "preset": "klic"}, &organization); err != nil {
		return err
	}
	s.organization = organization.Result.OrganizationID
	for n := range s.Accounts {
		id, _, err := s.create(ctx, a, map[string]any{"username": fmt.Sprintf("begin.%d@example.nl", n), "channel": "mail_link"})
		if err != nil {
			return err
		}
		if n < 200 {
			s.accounts = append(s.accounts, id)
		}
	}
	for _, username := range []string{soakUser, soakPerson} {
		id, _, err := s.create(ctx, a, map[string]any{"username": username, "channel": "admin_password", "password": soakPassword, "keepPassword": true})
		if err != nil {
			return err
		}
		if username == soakUser {
			s.user = id
		}
	}
	return nil
}

// create makes an account and returns its id, and the position of its event.
func (s *soak) create(ctx context.Context, a *asker, more map[string]any) (id, position string, err error) {
	body := map[string]any{"organizationId": s.organization, "name": fmt.Sprintf("Bakker %d van der Berg", benchSerial.Add(1)), "role": "user"}
	for name, value := range more {
		body[name] = value
	}
	var made struct {
		Position string `json:"position"`
		Result   struct {
			AccountID string `json:"accountId"`
		} `json:"result"`
	}
	_, err = a.command(ctx, "CreateAccount", body, &made)
	return made.Result.AccountID, made.Position, err
}

// people do their daily work; none of them may be refused.
func (s *soak) people() []*visitor {
	admin, officer := s.asker(benchKey), s.asker(benchKey)
	looks := []string{"/accounts?limit=50&sort=name", "/accounts?limit=50&q=berg+12", "/accounts?limit=50&blocked=true&sort=-createdAt", "/audit?limit=50", "/license-requests", "/me"}
	return []*visitor{
		{name: "administrator creates, looks, blocks", honest: true, many: 3, pause: 200 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			id, position, err := s.create(ctx, admin, map[string]any{"username": fmt.Sprintf("nieuw.%d@example.nl", benchSerial.Add(1)), "channel": "mail_link"})
			if err != nil {
				return http.StatusInternalServerError, err
			}
			if status, err := admin.get(ctx, "/accounts?limit=50&sort=-createdAt&minPosition="+position); err != nil {
				return status, err
			}
			return admin.command(ctx, "BlockAccount", map[string]any{"accountId": id, "reason": "duurproef"}, nil)
		}},
		{name: "officer reads lists", honest: true, many: 4, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return officer.get(ctx, oneOf(looks))
		}},
		{name: "officer reads a history", honest: true, many: 2, pause: 100 * time.Millisecond, visit: func(ctx context.Context, _ int) (int, error) {
			return officer.get(ctx, "/accounts/"+oneOf(s.accounts)+"/history")
		}},
		{name: "holder signs in and looks", honest: true, many: 1, pause: 3 * time.Second, visit: func(ctx context.Context, _ int) (int, error) {
			holder := s.asker("")
			defer holder.client.CloseIdleConnections()
			if status, err := holder.signIn(ctx, soakPerson, soakPassword); err != nil {
				return status, err
			}
			return holder.get(ctx, "/me")
		}},
	}
}

// readers take long answers, at every pace.
func (s *soak) readers() []*visitor {
	a := s.asker(benchKey)
	reads := func(path string, pause, leave time.Duration, most int64) func(context.Context, int) (int, error) {
		return func(ctx context.Context, _ int) (int, error) { return a.read(ctx, path, pause, leave, most) }
	}
	return []*visitor{
		{name: "quick download", many: 1, pause: 5 * time.Second, visit: reads("/accounts?format=csv", 0, time.Minute, 1<<30)},
		{name: "slow download", many: 6, pause: time.Second, visit: reads("/audit?format=csv", 100*time.Millisecond, 30*time.Second, 1<<30)},
		{name: "download left at once", many: 2, pause: 300 * time.Millisecond, visit: reads("/audit?format=csv", 0, time.Minute, 2<<10)},
		{name: "replay read slowly", many: 6, pause: time.Second, visit: func(ctx context.Context, n int) (int, error) {
			return a.read(ctx, "/accounts/"+s.accounts[n%len(s.accounts)]+"/replay", time.Second, 20*time.Second, 1<<30)
		}},
		{name: "rebuild of a read model", many: 1, pause: 20 * time.Second, visit: func(ctx context.Context, _ int) (int, error) {
			models := []string{"account_list_v1", "audit_history_v1", "account_detail_v1"}
			status, err := a.whole(ctx, http.MethodPost, "/api/v1/projections/"+oneOf(models)+"/rebuild", "", nil, nil)
			if status == http.StatusConflict {
				return status, nil // the one before is not done
			}
			return status, err
		}},
	}
}

// followers follow the log.
func (s *soak) followers() []*visitor {
	a := s.asker(benchKey)
	follow := func(pause time.Duration) func(context.Context, int) (int, error) {
		return func(ctx context.Context, _ int) (int, error) {
			return a.read(ctx, "/events?follow=true", pause, 2*time.Minute, 1<<40)
		}
	}
	return []*visitor{
		{name: "follower by SSE", many: 20, pause: time.Second, visit: follow(0)},
		{name: "follower by SSE who does not read", many: 5, pause: time.Second, visit: follow(time.Hour)},
		{name: "follower at the door", many: 5, pause: time.Second, visit: func(ctx context.Context, n int) (int, error) {
			client, err := s.served.client()
			if err != nil {
				return 0, err
			}
			defer client.Close() //nolint:errcheck // it leaves
			subscription, err := client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.End{}})
			if err != nil {
				return 0, err
			}
			defer subscription.Close() //nolint:errcheck // it leaves
			for until := time.Now().Add(2 * time.Minute); time.Now().Before(until) && ctx.Err() == nil; {
				if e := subscription.Recv(); e.SubscriptionDropped != nil {
					return 0, e.SubscriptionDropped.Error
				}
				if n == 0 {
					wait(ctx, 50*time.Millisecond) // one is slow
				}
			}
			return http.StatusOK, nil
		}},
	}
}

// oneOf returns any of them.
func oneOf(all []string) string { return all[rand.N(len(all))] } //nolint:gosec // what is looked at is no secret

// soakTypes are what the attackers ask for, each time another.
func soakTypes() string {
	var types []string
	for range 20 {
		types = append(types, fmt.Sprintf("account.t%d.v1", benchSerial.Add(1)))
	}
	return strings.Join(types, ",")
}
