// Package commands puts the areas of the commands together, over one engine. The way to the
// streams is commands/engine; who may reach what is commands/access and commands/rights; what
// can be asked is declared in the area of each matter (accounts, organizations, …). To add a
// command, declare it in its area; to add an area, put its Commands into New.
package commands

import (
	"errors"
	"log/slog"
	"slices"
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/letterpdf"
	"sleutelbos/commands/letters"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/mailtemplates"
	messagecommands "sleutelbos/commands/messages"
	"sleutelbos/commands/operation"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/persons"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/commands/setup"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/pass"
	"sleutelbos/domain/region"
	"sleutelbos/eventstore"
	"sleutelbos/internal/limits"
)

// Options are what a Service is made of. Journal, Vault, Sessions, Limits and PublicURL are
// required, and Mailer and Belongings by whoever runs the reactors.
type Options struct {
	Journal  eventstore.Journal
	Vault    Vault
	Sessions engine.Sessions
	Limits   *limits.Limits // what one asker may use
	Mailer   reactors.Mailer
	// Belongings are looked at when an account is closed, a license is no longer company-wide, or a
	// domain was added.
	Belongings reactors.Belongings
	PublicURL  string // every link starts with it, e.g. "https://accounts.example.nl"
	Support    string // the mail address for problems that no admin can be told of; empty for none
	Language   string // of mails and letters: "nl" (default) or "en"

	Away     func() (since time.Time, away bool) // whether the event store is; default: never
	Now      func() time.Time                    // default time.Now
	Patience time.Duration                       // how long a command without a deadline tries; default 10 s
	States   int                                 // how many states each aggregate keeps in memory; default 16,384
	Log      *slog.Logger                        // default slog.Default
}

// Vault is what the commands need of the vault; *vault.Vault has it.
type Vault interface {
	engine.Vault
	access.Vault
}

// Service is every area over one engine. It is safe for concurrent use.
type Service struct {
	*engine.Commands // the one door to every command
	Engine           *engine.Engine
	Access           access.Access // who asks
	Activation       activation.UseCases
	Letters          letters.UseCases
	Setup            setup.UseCases
	Clock            *reactors.Clock
	Repairs          *reactors.Repairs
	Reactors         []reactors.Reactor // each is run with a checkpoint of its own, in one process at a time
}

// Close writes down what is still to be recorded.
func (s *Service) Close() error { return s.Engine.Close() }

// New returns a service. Its engine starts one goroutine, which Close ends.
func New(o Options) (*Service, error) {
	if o.Language == "" {
		o.Language = "nl"
	}
	if o.Support != "" && !mailaddress.Valid(o.Support) {
		return nil, errors.New("the support address is not a mail address")
	}
	e := engine.New(engine.Options{
		Journal: o.Journal, Vault: o.Vault, Sessions: o.Sessions, Limits: o.Limits, Away: o.Away, Now: o.Now, Patience: o.Patience, States: o.States, Log: o.Log,
	})
	return wire(o, e, aggregates.New(e), engine.NewMemory[time.Time](askersKept)), nil
}

// askersKept is how many accounts are remembered that asked for a new activation.
const askersKept = 1 << 14

func wire(o Options, e *engine.Engine, all aggregates.All, asked engine.Memory[time.Time]) *Service {
	s := &Service{Engine: e, Access: access.Access{Engine: e, Known: access.NewKnown(o.Vault), Accounts: all.Accounts, Organizations: all.Organizations}}
	s.Access.Follow()
	s.Access.Beside()
	administrators := admins.UseCases{Access: s.Access}
	ofAccounts := accounts.UseCases{Access: s.Access, Admins: administrators}
	ofOrganizations := organizations.UseCases{Access: s.Access}
	ofLicenses := licenses.UseCases{Access: s.Access, Licenses: all.Licenses, Requests: all.Requests, Members: o.Belongings}
	ofPersons := persons.UseCases{Access: s.Access, Persons: all.Persons}
	ofRegions := regions.UseCases{Access: s.Access, Regions: engine.NewAggregate(e, "region", region.Decider)}
	ofRoles := rolegroups.New(s.Access)
	ofTexts := mailtemplates.New(s.Access, all.Messages)
	signing := signin.UseCases{Access: s.Access, Sessions: all.Sessions}
	e.Guard(ofAccounts.Usernames(), ofOrganizations.Domains(), ofLicenses.OpenRequests(), ofRegions.Names(), ofRoles.Names())
	s.Activation = activation.UseCases{Access: s.Access, Texts: ofTexts, Language: o.Language, Asked: asked}
	s.Letters = letters.UseCases{Access: s.Access, Letters: all.Letters, Language: o.Language, Fits: letterpdf.Fits}
	s.Setup = setup.UseCases{Access: s.Access, Opens: ofAccounts, Registers: ofOrganizations}
	s.Commands = engine.NewCommands(e, slices.Concat(
		ofOrganizations.Commands(), administrators.Commands(), ofAccounts.Commands(), s.Activation.Commands(), s.Setup.Commands(),
		ofLicenses.Commands(), ofRegions.Commands(), ofRoles.Commands(), ofPersons.Commands(), s.Letters.Commands(), ofTexts.Commands(), messagecommands.UseCases{Access: s.Access, Messages: all.Messages}.Commands(), signing.Commands(),
		operation.UseCases{Access: s.Access, Passes: engine.NewAggregate(e, "pass", pass.Decider)}.Commands(),
	)...)

	messages := reactors.Messages{Access: s.Access, Admins: administrators, Texts: ofTexts, Members: o.Belongings, Support: o.Support, Language: o.Language}
	mails := reactors.Mails{
		Access: s.Access, Messages: all.Messages, Texts: ofTexts, Licenses: all.Licenses, Requests: all.Requests, Mailer: o.Mailer, PublicURL: o.PublicURL,
	}
	s.Clock = &reactors.Clock{Access: s.Access}
	closings := reactors.Closings{Requests: ofLicenses, Licenses: all.Licenses, Regions: ofRegions, Has: o.Belongings}
	s.Repairs = &reactors.Repairs{Access: s.Access, Admins: administrators, Licenses: ofLicenses, Sessions: all.Sessions, Mails: mails}
	s.Reactors = []reactors.Reactor{messages.Reactor(), mails.Reactor(), reactors.Letters{Access: s.Access, Letters: all.Letters}.Reactor(), reactors.Askers{Access: s.Access}.Reactor(),
		reactors.Roles{UseCases: ofRoles}.Reactor(), reactors.Licenses{UseCases: ofLicenses}.Reactor()}
	s.Reactors = append(s.Reactors, closings.Reactors()...)
	return s
}
