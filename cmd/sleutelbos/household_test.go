package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/internal/schema"
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
	h.do(rt, organizations.RegisterOrganization{OrganizationID: h.organization, Name: fmt.Sprintf("Organization %d", g.n), Preset: "klic"})
	for range 2 {
		license := id(3, g.n*10+len(h.licenses))
		h.licenses = append(h.licenses, license)
		h.do(rt, licenses.RegisterLicense{LicenseID: license, OrganizationID: h.organization, Name: license})
	}
	return h
}

// do runs a command a second later than the one before. A refusal is an answer.
func (h *household) do(rt *rapid.T, body any) {
	h.clock.Add(int64(time.Second))
	_, err := h.v.Commands.Run(context.Background(), engine.Request{Actor: h.who, Origin: eventstore.Origin{Channel: "api"}}, body)
	switch {
	case err == nil:
		h.done++
	case isRefusal(err):
		h.refused++
	default:
		rt.Fatalf("%T: %v", body, err)
	}
}

// isRefusal says whether an error is an answer to what was asked, and no fault.
func isRefusal(err error) bool {
	_, ofRule := errors.AsType[*domain.Error](err)
	_, ofBody := errors.AsType[*schema.Error](err)
	return ofRule || ofBody
}

// step draws one command. Some are refused, as they should be.
func (h *household) step(rt *rapid.T) {
	if len(h.accounts) == 0 || len(h.accounts) < 6 && rapid.IntRange(0, 9).Draw(rt, "new") == 0 {
		h.create(rt)
		return
	}
	who := rapid.SampledFrom(h.accounts).Draw(rt, "account")
	reason := rapid.SampledFrom([]string{"why not", "because", ""}).Draw(rt, "reason")
	switch name := rapid.SampledFrom(drawn).Draw(rt, "command"); name {
	case "SendActivation":
		h.do(rt, activation.SendActivation{AccountID: who})
	case "ActivateAccount":
		h.activate(rt, who)
	case "BlockAccount":
		h.do(rt, accounts.BlockAccount{AccountID: who, Reason: reason})
	case "UnblockAccount":
		h.do(rt, accounts.UnblockAccount{AccountID: who, Reason: reason})
	case "DisableAccount":
		h.do(rt, accounts.DisableAccount{AccountID: who, Reason: reason})
	case "EnableAccount":
		h.do(rt, accounts.EnableAccount{AccountID: who, Reason: reason})
	case "ShieldAccount":
		h.do(rt, accounts.ShieldAccount{AccountID: who, Reason: reason})
	case "UnshieldAccount":
		h.do(rt, accounts.UnshieldAccount{AccountID: who, Reason: reason})
	case "RedirectMail":
		h.do(rt, accounts.RedirectMail{AccountID: who})
	case "EndMailRedirect":
		h.do(rt, accounts.EndMailRedirect{AccountID: who})
	case "CloseAccount":
		if rapid.IntRange(0, 4).Draw(rt, "really") > 0 {
			return // or soon nobody is left
		}
		h.do(rt, accounts.CloseAccount{AccountID: who, Reason: reason})
	case "SetValidUntil":
		day := time.Unix(0, h.clock.Load()).UTC().AddDate(0, 0, rapid.IntRange(-1, 20).Draw(rt, "days")).Format(time.DateOnly)
		h.do(rt, accounts.SetValidUntil{AccountID: who, ValidUntil: day})
	case "ClearValidUntil":
		h.do(rt, accounts.ClearValidUntil{AccountID: who})
	case "ChangeUsername":
		username := fmt.Sprintf("name-%d-%d@example.nl", h.n, rapid.IntRange(0, 9).Draw(rt, "username")) // some are taken
		h.do(rt, accounts.ChangeUsername{AccountID: who, Username: username})
	case "ChangeDetails":
		in := accounts.ChangeDetails{AccountID: who}
		for _, field := range []**string{&in.Name, &in.Nickname, &in.Email, &in.Phone, &in.Country, &in.Description, &in.Street, &in.Postcode, &in.City, &in.PostalCountry} {
			if rapid.Bool().Draw(rt, "changes") {
				value := rapid.SampledFrom([]string{"", "NL", "BE", "+31 30 1234567", "elsewhere@example.nl", "Zoë 't Hart", "Ünïcode 🗝"}).Draw(rt, "value")
				*field = &value
			}
		}
		h.do(rt, in)
	case "AppointAdmin":
		h.do(rt, admins.AppointAdmin{OrganizationID: h.organization, AccountID: who})
	case "DismissAdmin":
		h.do(rt, admins.DismissAdmin{OrganizationID: h.organization, AccountID: who})
	case "SetPassword":
		h.do(rt, accounts.SetPassword{AccountID: who, GeneratePassword: true})
	case "HandOverCredentials":
		h.do(rt, accounts.HandOverCredentials{AccountID: who, Method: rapid.SampledFrom(account.Handovers()).Draw(rt, "method")})
	case "RequestLicense":
		in := licenses.RequestLicense{RequestID: id(4, h.n*1000+len(h.requests)), AccountID: who, LicenseID: rapid.SampledFrom(h.licenses).Draw(rt, "license"), Reason: reason}
		h.requests = append(h.requests, in.RequestID)
		h.do(rt, in)
	case "ApproveLicense", "RejectLicense":
		if len(h.requests) == 0 {
			return
		}
		request := h.requests[len(h.requests)-1-rapid.IntRange(0, min(3, len(h.requests)-1)).Draw(rt, "request")]
		if name == "RejectLicense" {
			h.do(rt, licenses.RejectLicense{RequestID: request, Reason: reason})
		} else {
			h.do(rt, licenses.ApproveLicense{RequestID: request})
		}
	case "the clock":
		h.clock.Add(int64(rapid.IntRange(1, 60*24).Draw(rt, "hours")) * int64(time.Hour) / 4)
		now := time.Unix(0, h.clock.Load()).UTC()
		if _, err := h.v.Commands.Clock.Deadlines(context.Background(), h, now); err != nil {
			rt.Fatal(err)
		}
		h.done++
	}
}

var drawn = []string{
	"SendActivation", "ActivateAccount", "BlockAccount", "UnblockAccount", "DisableAccount", "EnableAccount", "ShieldAccount", "UnshieldAccount", "RedirectMail", "EndMailRedirect", "CloseAccount", "SetValidUntil",
	"ClearValidUntil", "ChangeUsername", "ChangeDetails", "ChangeDetails", "AppointAdmin", "DismissAdmin", "SetPassword", "HandOverCredentials", "RequestLicense",
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
	in := accounts.CreateAccount{
		AccountID: id(2, h.n*10+len(h.accounts)), OrganizationID: h.organization, Name: fmt.Sprintf("Person %d", len(h.accounts)),
		Username: fmt.Sprintf("name-%d-%d@example.nl", h.n, len(h.accounts)), Role: rapid.SampledFrom([]account.Role{"user", "user", "admin"}).Draw(rt, "role"),
		Channel: rapid.SampledFrom([]accounts.OfferedChannel{"mail_link", "mail_link_and_letter_code", "admin_password"}).Draw(rt, "channel"),
	}
	in.GeneratePassword = in.Channel == "admin_password"
	in.KeepPassword = in.GeneratePassword && rapid.Bool().Draw(rt, "keep")
	before := h.done
	h.do(rt, in)
	if h.done > before {
		h.accounts = append(h.accounts, in.AccountID)
	} // else the username was taken, by a change
}

// activate uses the newest link, and the code with it, right or wrong.
func (h *household) activate(rt *rapid.T, who string) {
	ctx, in := context.Background(), activation.ActivateAccount{Token: "none", Code: "WRONG", Password: "Sleutel-hanger-7"}
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
	_, err := h.v.Commands.Run(ctx, engine.Request{Actor: rights.Stranger, Origin: eventstore.Origin{Channel: "api"}}, in)
	if err != nil && !isRefusal(err) {
		rt.Fatalf("ActivateAccount: %v", err)
	}
	h.done++
}
