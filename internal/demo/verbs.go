package demo

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/letters"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
)

// way is how somebody comes to a first password.
type way account.Channel

// The ways.
const (
	byPassword = way(account.ChannelAdminPassword)
	byLink     = way(account.ChannelMailLink)
	byLetter   = way(account.ChannelMailAndLetter)
)

// subject is whom a deed is about, and the administrator who acts.
type subject struct {
	office          *office
	username, admin string
	deed            deed
}

func (s subject) by() string { return s.admin + "@" + s.office.domain }

// verb does something to somebody, or lets somebody do something.
type verb func(context.Context, *house, subject) error

// byAdmin is a verb that is one command of an administrator.
func byAdmin(body func(id string, h *house, d deed) any) verb {
	return func(ctx context.Context, h *house, s subject) error {
		return h.as(ctx, s.by(), body(h.made[s.username], h, s.deed))
	}
}

// What administrators do.
var (
	isBlocked  = byAdmin(func(id string, _ *house, d deed) any { return accounts.BlockAccount{AccountID: id, Reason: d.why} })
	isFreed    = byAdmin(func(id string, _ *house, d deed) any { return accounts.UnblockAccount{AccountID: id, Reason: d.why} })
	isStopped  = byAdmin(func(id string, _ *house, d deed) any { return accounts.DisableAccount{AccountID: id, Reason: d.why} })
	closes     = byAdmin(func(id string, _ *house, d deed) any { return accounts.CloseAccount{AccountID: id, Reason: d.why} })
	isShielded = byAdmin(func(id string, _ *house, d deed) any { return accounts.ShieldAccount{AccountID: id, Reason: d.why} })
	// isEnded gives an account a last day a week later, which is over by now.
	isEnded = byAdmin(func(id string, h *house, _ deed) any {
		return accounts.SetValidUntil{AccountID: id, ValidUntil: h.clock.now().AddDate(0, 0, 7).Format(time.DateOnly)}
	})
	// endsSoon gives an account a last day so many days from now.
	endsSoon = byAdmin(func(id string, h *house, d deed) any {
		ahead, err := strconv.Atoi(d.what)
		if err != nil {
			panic(err) // the data of this package
		}
		return accounts.SetValidUntil{AccountID: id, ValidUntil: h.end.AddDate(0, 0, ahead).Format(time.DateOnly)}
	})
	changesPhone = byAdmin(func(id string, _ *house, d deed) any {
		return accounts.ChangeDetails{AccountID: id, Details: accounts.Details[*string]{Phone: &d.what}}
	})
	changesName = byAdmin(func(id string, _ *house, d deed) any {
		parts := strings.Split(d.what, "|")
		return accounts.ChangeDetails{AccountID: id, NameParts: accounts.NameParts[*string]{GivenName: &parts[0], SurnamePrefix: &parts[1], Surname: &parts[2]}}
	})
)

func isInvited(ctx context.Context, h *house, s subject) error {
	_, err := run[activation.ActivationSent](ctx, h, s.by(), activation.SendActivation{AccountID: h.made[s.username]})
	return err
}

// activates opens the link of the newest mail.
func activates(ctx context.Context, h *house, s subject) error {
	if err := h.settle(ctx); err != nil {
		return err
	}
	token, err := h.linkTo(s.username)
	if err != nil {
		return err
	}
	_, err = runAs[activation.AskersAccount](ctx, h, rights.Stranger, s.username, activation.ActivateAccount{Token: token, Password: Password})
	return err
}

var activationLink = regexp.MustCompile(`/activate/(\S+)`)

func (h *house) linkTo(username string) (token string, err error) {
	const most = 20
	mails, err := h.Outbox().Newest(most)
	if err != nil {
		return "", err
	}
	for _, m := range mails {
		if found := activationLink.FindStringSubmatch(m.Text); found != nil && strings.Contains(m.To, username) {
			return found[1], nil
		}
	}
	return "", fmt.Errorf("there is no link to %s", username)
}

func isPrinted(ctx context.Context, h *house, s subject) error {
	if err := h.settle(ctx); err != nil {
		return err
	}
	id, err := h.letterTo(ctx, s)
	if err != nil {
		return err
	}
	return h.as(ctx, s.by(), letters.MarkLetterPrinted{LetterID: id})
}

func isPosted(ctx context.Context, h *house, s subject) error {
	id, err := h.letterTo(ctx, s)
	if err != nil {
		return err
	}
	return h.as(ctx, s.by(), letters.MarkLetterSent{LetterID: id})
}

func (h *house) letterTo(ctx context.Context, s subject) (string, error) {
	f, err := h.Commands.Access.Accounts.Load(ctx, h.made[s.username])
	if err != nil {
		return "", err
	}
	return activation.LetterID(f.State.Activation.CodeCredentialID), nil
}

func signsIn(ctx context.Context, h *house, s subject) error {
	_, err := runAs[signin.SignedIn](ctx, h, rights.Stranger, s.username, signin.SignIn{Username: s.username, Password: Password})
	return err
}

// mistypes tries a wrong password, three times in a row as people do.
func mistypes(ctx context.Context, h *house, s subject) error {
	const tries = 3
	for range tries {
		_, err := runAs[signin.SignedIn](ctx, h, rights.Stranger, s.username, signin.SignIn{Username: s.username, Password: strings.ToLower(Password)})
		if !errors.Is(err, engine.ErrSignInFailed) {
			return fmt.Errorf("a wrong password was taken: %w", err)
		}
		h.clock.set(h.clock.now().Add(7 * time.Second))
	}
	return nil
}

func asks(ctx context.Context, h *house, s subject) error {
	id := h.made[s.username]
	made, err := run[licenses.RequestMade](ctx, h, s.username, licenses.RequestLicense{AccountID: id, LicenseID: h.licenseOf(s), Reason: s.deed.why})
	h.asked[id+s.deed.what] = made.RequestID
	return err
}

func isGiven(ctx context.Context, h *house, s subject) error {
	return h.as(ctx, s.by(), licenses.ApproveLicense{RequestID: h.asked[h.made[s.username]+s.deed.what]})
}

func isDenied(ctx context.Context, h *house, s subject) error {
	return h.as(ctx, s.by(), licenses.RejectLicense{RequestID: h.asked[h.made[s.username]+s.deed.what], Reason: s.deed.why})
}

func (h *house) licenseOf(s subject) string { return h.made[s.office.name+"/"+s.deed.what] }

// run runs a command of somebody, by the username.
func run[Result any](ctx context.Context, h *house, by string, body any) (Result, error) {
	var none Result
	who, err := h.Commands.Access.Principal(ctx, h.made[by])
	if err != nil {
		return none, fmt.Errorf("act as %s: %w", by, err)
	}
	return runAs[Result](ctx, h, who, by, body)
}

// runAs runs a command from the place and with the browser that somebody always uses.
func runAs[Result any](ctx context.Context, h *house, who rights.Principal, username string, body any) (Result, error) {
	outcome, err := h.Commands.Run(ctx, engine.Request{Actor: who, Origin: originOf(username)}, body)
	if err != nil {
		var none Result
		return none, err
	}
	return engine.Result[Result](outcome)
}

// browsers are those of the demo's people.
var browsers = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
	"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
}

// originOf returns from where somebody works: an address of a network for documents, by the name.
func originOf(username string) eventstore.Origin {
	sum := 0
	for _, r := range username {
		sum = sum*31 + int(r)
	}
	sum &= 1<<20 - 1
	return eventstore.Origin{Channel: "ui", Address: fmt.Sprintf("%s.%d", []string{"192.0.2", "198.51.100", "203.0.113"}[sum%3], 1+sum%250), UserAgent: browsers[sum/7%len(browsers)]}
}
