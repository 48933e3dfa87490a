package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/projections/machinery"
)

var benchClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}

// call sends a request and decodes the answer; anything but 200 is an error.
func (b *bench) call(ctx context.Context, method, target string, body, answer any) error {
	var raw []byte
	var err error
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+benchKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := benchClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %d: %s", method, req.URL.Path, res.StatusCode, content)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(content, answer)
}

func (b *bench) command(ctx context.Context, name string, body, answer any) error {
	return b.call(ctx, http.MethodPost, b.url+"/api/v1/commands/"+name, body, answer)
}

func (b *bench) register(ctx context.Context) (string, error) {
	var made struct {
		Result struct {
			OrganizationID string `json:"organizationId"`
		} `json:"result"`
	}
	err := b.command(ctx, "RegisterOrganization", map[string]any{"name": "Bench", "preset": "klic"}, &made)
	return made.Result.OrganizationID, err
}

var benchSerial atomic.Int64

func (b *bench) body() map[string]any {
	n := benchSerial.Add(1)
	return map[string]any{
		"organizationId": b.organization, "username": fmt.Sprintf("bench.%d@example.nl", n), "name": fmt.Sprintf("Bench Persoon %d", n),
		"role": "user", "channel": "mail_link",
	}
}

// caughtUp waits until every read model and every reactor has come to the end of the log,
// so that what is measured next has the machine for itself.
func (b *bench) caughtUp(ctx context.Context) error {
	for {
		all, err := b.v.Runner.Status(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(s machinery.Status) bool { return s.LagEvents > 0 || s.LagUnknown }) {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
