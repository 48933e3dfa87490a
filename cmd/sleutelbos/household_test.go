package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
)

// household is an organization whose accounts one run of rapid works on.
type household struct {
	*generated
	n            int
	organization string
	accounts     []string
	licenses     []string
	requests     []string
	before       eventstore.Position // its first event

	// Folded from the log alone.
	details map[string]accountdetail.Row
	list    map[string]accountlist.Row
	states  map[string]account.State
}

func (g *generated) newHousehold(rt *rapid.T) *household {
	g.n++
	h := &household{
		generated: g, n: g.n, organization: id(1, g.n),
		details: map[string]accountdetail.Row{}, list: map[string]accountlist.Row{}, states: map[string]account.State{},
	}
	h.before = h.headNow(rt)
	s := g.v.Commands
	h.do(rt, "RegisterOrganization", func(ctx context.Context, c *engine.Call) (any, error) {
		return s.RegisterOrganization(ctx, c, commands.RegisterOrganization{OrganizationID: h.organization, Name: fmt.Sprintf("Organization %d", g.n), Preset: "klic"})
	})
	for range 2 {
		license := id(3, g.n*10+len(h.licenses))
		h.licenses = append(h.licenses, license)
		h.do(rt, "RegisterLicense", func(ctx context.Context, c *engine.Call) (any, error) {
			return s.RegisterLicense(ctx, c, commands.RegisterLicense{LicenseID: license, OrganizationID: h.organization, Name: license})
		})
	}
	return h
}

// do runs a command a second later than the one before. A refusal is an answer.
func (h *household) do(rt *rapid.T, name string, run func(context.Context, *engine.Call) (any, error)) {
	h.clock.Add(int64(time.Second))
	_, err := h.v.Commands.Do(context.Background(), engine.Request{Name: name, Actor: h.who, Origin: eventstore.Origin{Channel: "api"}}, run)
	refusal := (*domain.Error)(nil)
	switch {
	case err == nil:
		h.done++
	case errors.As(err, &refusal):
		h.refused++
	default:
		rt.Fatalf("%s: %v", name, err)
	}
}

// step draws one command. Some are refused, as they should be.
func (h *household) step(rt *rapid.T) {
	s := h.v.Commands
	if len(h.accounts) == 0 || len(h.accounts) < 6 && rapid.IntRange(0, 9).Draw(rt, "new") == 0 {
		h.create(rt)
		return
	}
	who := rapid.SampledFrom(h.accounts).Draw(rt, "account")
	reason := rapid.SampledFrom([]string{"why not", "because", ""}).Draw(rt, "reason")
	run := func(name string, do func(ctx context.Context, c *engine.Call) (any, error)) {
		h.do(rt, name, do)
	}
	switch name := rapid.SampledFrom(drawn).Draw(rt, "command"); name {
	case "SendActivation":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.SendActivation(ctx, c, commands.SendActivation{AccountID: who})
		})
	case "ActivateAccount":
		h.activate(rt, who)
	case "BlockAccount":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.BlockAccount(ctx, c, commands.BlockAccount{AccountID: who, Reason: reason})
		})
	case "UnblockAccount":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.UnblockAccount(ctx, c, commands.UnblockAccount{AccountID: who, Reason: reason})
		})
	case "DisableAccount":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.DisableAccount(ctx, c, commands.DisableAccount{AccountID: who, Reason: reason})
		})
	case "EnableAccount":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.EnableAccount(ctx, c, commands.EnableAccount{AccountID: who, Reason: reason})
		})
	case "CloseAccount":
		if rapid.IntRange(0, 4).Draw(rt, "really") > 0 {
			return // or soon nobody is left
		}
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.CloseAccount(ctx, c, commands.CloseAccount{AccountID: who, Reason: reason})
		})
	case "SetValidUntil":
		day := time.Unix(0, h.clock.Load()).UTC().AddDate(0, 0, rapid.IntRange(-1, 20).Draw(rt, "days")).Format(time.DateOnly)
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.SetValidUntil(ctx, c, commands.SetValidUntil{AccountID: who, ValidUntil: day})
		})
	case "ClearValidUntil":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.ClearValidUntil(ctx, c, commands.ClearValidUntil{AccountID: who})
		})
	case "ChangeUsername":
		username := fmt.Sprintf("name-%d-%d@example.nl", h.n, rapid.IntRange(0, 9).Draw(rt, "username")) // some are taken
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.ChangeUsername(ctx, c, commands.ChangeUsername{AccountID: who, Username: username})
		})
	case "ChangeDetails":
		in := commands.ChangeDetails{AccountID: who}
		for _, field := range []**string{&in.Name, &in.Email, &in.Phone, &in.Country, &in.Description} {
			if rapid.Bool().Draw(rt, "changes") {
				value := rapid.SampledFrom([]string{"", "NL", "BE", "+31 30 1234567", "elsewhere@example.nl", "Zoë 't Hart", "Ünïcode 🗝"}).Draw(rt, "value")
				*field = &value
			}
		}
		run(name, func(ctx context.Context, c *engine.Call) (any, error) { return s.ChangeDetails(ctx, c, in) })
	case "AppointAdmin":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.AppointAdmin(ctx, c, commands.AppointAdmin{OrganizationID: h.organization, AccountID: who})
		})
	case "DismissAdmin":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.DismissAdmin(ctx, c, commands.DismissAdmin{OrganizationID: h.organization, AccountID: who})
		})
	case "SetPassword":
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			return s.SetPassword(ctx, c, commands.SetPassword{AccountID: who, GeneratePassword: true})
		})
	case "RequestLicense":
		in := commands.RequestLicense{RequestID: id(4, h.n*1000+len(h.requests)), AccountID: who, LicenseID: rapid.SampledFrom(h.licenses).Draw(rt, "license"), Reason: reason}
		h.requests = append(h.requests, in.RequestID)
		run(name, func(ctx context.Context, c *engine.Call) (any, error) { return s.RequestLicense(ctx, c, in) })
	case "ApproveLicense", "RejectLicense":
		if len(h.requests) == 0 {
			return
		}
		request := h.requests[len(h.requests)-1-rapid.IntRange(0, min(3, len(h.requests)-1)).Draw(rt, "request")]
		run(name, func(ctx context.Context, c *engine.Call) (any, error) {
			if name == "RejectLicense" {
				return s.RejectLicense(ctx, c, commands.RejectLicense{RequestID: request, Reason: reason})
			}
			return s.ApproveLicense(ctx, c, commands.ApproveLicense{RequestID: request})
		})
	case "the clock":
		h.clock.Add(int64(rapid.IntRange(1, 60*24).Draw(rt, "hours")) * int64(time.Hour) / 4)
		now := time.Unix(0, h.clock.Load()).UTC()
		if _, err := s.Deadlines(context.Background(), h, now); err != nil {
			rt.Fatal(err)
		}
		h.done++
	}
}

var drawn = []string{
	"SendActivation", "ActivateAccount", "BlockAccount", "UnblockAccount", "DisableAccount", "EnableAccount", "CloseAccount", "SetValidUntil",
	"ClearValidUntil", "ChangeUsername", "ChangeDetails", "ChangeDetails", "AppointAdmin", "DismissAdmin", "SetPassword", "RequestLicense",
	"ApproveLicense", "RejectLicense", "the clock",
}

// DueActivations returns those that are over, by the accounts themselves.
func (h *household) DueActivations(ctx context.Context, now time.Time, _ int) ([]string, error) {
	return h.due(ctx, func(s account.State) bool {
		return s.Activation.CredentialID != "" && !s.Activation.Expired && !s.Activated && !now.Before(s.Activation.ExpiresAt)
	})
}

// DueAccounts returns those whose last day has passed.
func (h *household) DueAccounts(ctx context.Context, now time.Time, _ int) ([]string, error) {
	return h.due(ctx, func(s account.State) bool { return !s.EndsAt.IsZero() && !s.Expired && !now.Before(s.EndsAt) })
}

func (h *household) due(ctx context.Context, is func(account.State) bool) (ids []string, err error) {
	for _, who := range h.accounts {
		var state account.State
		for entry, err := range h.v.Journal.Read(ctx, "account-"+who, eventstore.Tail{}) {
			if err != nil {
				return nil, err
			}
			state = account.Decider.Evolve(state, entry.Event.(account.Event))
		}
		if is(state) {
			ids = append(ids, who)
		}
	}
	return ids, nil
}

func (h *household) headNow(rt *rapid.T) eventstore.Position {
	head, err := h.v.Journal.Store.Head(context.Background())
	if err != nil {
		rt.Fatal(err)
	}
	return head
}

func (h *household) create(rt *rapid.T) {
	in := commands.CreateAccount{
		AccountID: id(2, h.n*10+len(h.accounts)), OrganizationID: h.organization, Name: fmt.Sprintf("Person %d", len(h.accounts)),
		Username: fmt.Sprintf("name-%d-%d@example.nl", h.n, len(h.accounts)), Role: rapid.SampledFrom([]string{"user", "user", "admin"}).Draw(rt, "role"),
		Channel: rapid.SampledFrom([]string{"mail_link", "mail_link_and_letter_code", "admin_password"}).Draw(rt, "channel"),
	}
	in.GeneratePassword = in.Channel == "admin_password"
	in.KeepPassword = in.GeneratePassword && rapid.Bool().Draw(rt, "keep")
	before := h.done
	h.do(rt, "CreateAccount", func(ctx context.Context, c *engine.Call) (any, error) {
		return h.v.Commands.CreateAccount(ctx, c, in)
	})
	if h.done > before {
		h.accounts = append(h.accounts, in.AccountID)
	} // else the username was taken, by a change
}

// activate uses the newest link, and the code with it, right or wrong.
func (h *household) activate(rt *rapid.T, who string) {
	ctx, in := context.Background(), commands.ActivateAccount{Token: "none", Code: "WRONG", Password: "Sleutel-hanger-7"}
	for entry, err := range h.v.Journal.Read(ctx, "account-"+who, eventstore.Tail{}) {
		if err != nil {
			rt.Fatal(err)
		}
		sent, ok := entry.Event.(account.ActivationSent)
		if !ok {
			continue
		}
		if token, err := h.v.Vault.SealedSecret(ctx, sent.CredentialID); err == nil {
			in.Token = token
		}
		if code, err := h.v.Vault.SealedSecret(ctx, sent.CodeCredentialID); err == nil && rapid.Bool().Draw(rt, "right code") {
			in.Code = code
		}
	}
	h.clock.Add(int64(time.Second))
	_, err := h.v.Commands.Do(ctx, engine.Request{Name: "ActivateAccount", Actor: rights.Stranger, Origin: eventstore.Origin{Channel: "api"}},
		func(ctx context.Context, c *engine.Call) (any, error) {
			return h.v.Commands.ActivateAccount(ctx, c, in)
		})
	if refusal := (*domain.Error)(nil); err != nil && !errors.As(err, &refusal) {
		rt.Fatalf("ActivateAccount: %v", err)
	}
	h.done++
}
