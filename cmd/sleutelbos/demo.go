package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
)

type demoCommand struct {
	app.Serving
	Keep bool `help:"Leave the temporary folder behind at the end."`
}

// Run serves a fresh temporary folder with five organizations, and prints who can sign in.
func (c *demoCommand) Run(p *program) (err error) {
	dir, err := os.MkdirTemp("", "sleutelbos-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	if !c.Keep {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	p.places.Data, p.places.EventStore, p.places.Database = dir, "", ""
	c.BootstrapUsername, c.BootstrapPassword = demoPlatform, demoPassword
	return p.serve(c.Serving, func(v *app.App) error {
		d := &demo{v: v, random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same names every time; no secret
		if err := d.fill(p.ctx); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "\nSleutelbos demo on %s  (data in %s)\n\nWho can sign in, all with the password %s\n", v.PublicURL, dir, demoPassword)
		for _, who := range d.people {
			fmt.Fprintf(p.out, "  %-34s %s\n", who.username, who.what)
		}
		fmt.Fprintf(p.out, "\nMails are shown under Beheer → Outbox. Press Ctrl-C to stop; the data goes with it.\n")
		return nil
	})
}

const (
	demoPlatform = "platform@sleutelbos.example"
	demoPassword = "Sleutelbos-Demo-1" //nolint:gosec // of a folder that goes when the demo ends
)

// demo fills a store through the same commands as everybody else's, as if it had been in
// use for three months.
type demo struct {
	v      *app.App
	random *rand.Rand
	people []demoPerson
	now    time.Time // of the command that is next
	actor  rights.Principal
}

type demoPerson struct{ username, what string }

type demoOrganization struct {
	name, preset, domain, city string
	accounts                   int
}

var demoOrganizations = []demoOrganization{
	{"Zorggroep De Linde", "regicare", "delinde-zorg.nl", "Utrecht", 24},
	{"Hulpmiddelen Van Dijk", "officeheart", "vandijk-hulpmiddelen.nl", "Zwolle", 18},
	{"Scholengroep Scheldeland", "informat", "scheldeland.be", "Antwerpen", 22},
	{"Graafwerken Noord", "klic", "graafwerken-noord.nl", "Assen", 16},
	{"Adviesbureau Normaal", "nen", "bureau-normaal.nl", "Delft", 20},
}

var (
	demoFirst = []string{
		"Anna", "Bram", "Chantal", "Daan", "Emma", "Fatima", "Gijs", "Hanna", "Ibrahim", "Jasmijn", "Koen", "Lotte", "Mehmet",
		"Noor", "Oscar", "Petra", "Quinten", "Rosa", "Sander", "Tess", "Umar", "Vera", "Wouter", "Xandra", "Youssef", "Zoë",
	}
	demoLast = []string{
		"de Vries", "Janssens", "Bakker", "van den Berg", "Peeters", "Visser", "Smit", "Meijer", "Maes", "Mulder", "de Groot",
		"Jacobs", "Willems", "Yılmaz", "El Idrissi", "Hendriks", "Vermeulen", "Dijkstra", "Claes", "Kuipers",
	}
	demoReasons = []string{"Misbruik gemeld", "Vertrokken zonder overdracht", "Op verzoek van de leidinggevende", "Verdachte aanmeldingen"}
)

func (d *demo) fill(ctx context.Context) error {
	d.people = append(d.people, demoPerson{demoPlatform, "platform administrator (the provider)"})
	for i, o := range demoOrganizations {
		d.now = d.v.Now().AddDate(0, 0, -92+i)
		if err := d.organization(ctx, o); err != nil {
			return fmt.Errorf("fill the demo with %s: %w", o.name, err)
		}
	}
	if _, err := d.v.Sealer.Seal(ctx); err != nil {
		return fmt.Errorf("seal the demo: %w", err)
	}
	return nil
}

func (d *demo) organization(ctx context.Context, o demoOrganization) error {
	d.actor = rights.System("demo")
	made, err := run[organizations.OrganizationMade](ctx, d, organizations.RegisterOrganization{Name: o.name, Preset: organization.Preset(o.preset), Domains: []string{o.domain}})
	if err != nil {
		return err
	}
	staff := []struct {
		name, local string
		role        account.Role
		what        string
	}{
		{"Marieke " + d.last(), "beheer", "admin", "administrator of " + o.name},
		{"Pieter " + d.last(), "beheer2", "admin", ""},
		{"Ilse " + d.last(), "compliance", "compliance", "compliance officer of " + o.name},
		{"Tom " + d.last(), "tom", "user", "user of " + o.name},
	}
	var admins []rights.Principal
	var ids []string // of the staff
	for _, s := range staff {
		username := s.local + "@" + o.domain
		person, err := d.create(ctx, accounts.CreateAccount{
			OrganizationID: made.OrganizationID, Username: username, Name: s.name, Role: s.role, Channel: "admin_password",
			Password: demoPassword, KeepPassword: true, Details: accounts.Details[string]{Country: country(o.domain)},
		})
		if err != nil {
			return err
		}
		ids = append(ids, person.AccountID)
		if s.role == "admin" {
			admin, err := d.v.Commands.Access.Principal(ctx, person.AccountID)
			if err != nil {
				return err
			}
			admins = append(admins, admin)
			d.actor = admin // from here on people act, not the program
		}
		if s.what != "" {
			d.people = append(d.people, demoPerson{username, s.what})
		}
	}
	licenses, err := d.licenses(ctx, made.OrganizationID)
	if err != nil {
		return err
	}
	for i := range o.accounts {
		d.actor = admins[i%len(admins)]
		if err := d.account(ctx, o, made.OrganizationID, i, licenses); err != nil {
			return err
		}
	}
	if organization.Preset(o.preset).HasRegions() {
		return d.regions(ctx, made.OrganizationID, ids)
	}
	return nil
}

// regions makes regions, of which the first is assigned to everybody given, and the last is archived.
func (d *demo) regions(ctx context.Context, organization string, accounts []string) error {
	for i, name := range []string{"Drenthe Noord", "Drenthe Zuid", "Groningen"} {
		made, err := run[regions.RegionMade](ctx, d, regions.CreateRegion{OrganizationID: organization, Name: name})
		if err != nil {
			return err
		}
		if _, err := run[engine.None](ctx, d, regions.AssignUsersToRegion{RegionID: made.RegionID, AccountIDs: accounts[i:]}); err != nil {
			return err
		}
		if name != "Groningen" {
			continue
		}
		if _, err := run[engine.None](ctx, d, regions.ArchiveRegion{RegionID: made.RegionID}); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) licenses(ctx context.Context, organization string) ([]string, error) {
	var ids []string
	for _, l := range []licenses.RegisterLicense{
		{Name: "Bibliotheek", CompanyWide: true, ShownInSelection: true},
		{Name: "Normen bouw", ShownInSelection: true},
		{Name: "Normen zorg", ShownInSelection: true},
		{Name: "Archief", ShownInSelection: false},
	} {
		l.OrganizationID = organization
		made, err := run[licenses.LicenseMade](ctx, d, l)
		if err != nil {
			return nil, err
		}
		if !l.CompanyWide && l.ShownInSelection {
			ids = append(ids, made.LicenseID)
		}
	}
	return ids, nil
}

// account makes one account and some of what may happen to one.
func (d *demo) account(ctx context.Context, o demoOrganization, organization string, i int, licenses []string) error {
	d.later(time.Duration(20+d.random.IntN(60)) * time.Hour)
	first, last := demoFirst[(i*7+len(o.name))%len(demoFirst)], d.last()
	channel, password := accounts.OfferedChannel(account.ChannelMailLink), ""
	switch {
	case i%4 == 1: // in use, with a password handed over
		channel, password = "admin_password", demoPassword
	case o.preset == "officeheart":
		channel = accounts.OfferedChannel(account.ChannelMailAndLetter)
	}
	made, err := d.create(ctx, accounts.CreateAccount{
		OrganizationID: organization, Username: fmt.Sprintf("%s.%d@%s", ascii(first), i+1, o.domain), Name: first + " " + last,
		Role: account.RoleUser, Channel: channel, Password: password,
		Details: accounts.Details[string]{
			Phone: fmt.Sprintf("+31 6 %08d", d.random.IntN(1e8)), Country: country(o.domain),
			Description: []string{"", "Vestiging " + o.city, "Tijdelijk", ""}[i%4],
		},
	})
	if err != nil {
		return err
	}
	var steps []func(context.Context, string) error
	if i%5 != 4 && password == "" {
		steps = append(steps, d.send)
	}
	switch i % 6 {
	case 1:
		steps = append(steps, d.block)
	case 2:
		steps = append(steps, d.block, d.unblock)
	case 3:
		steps = append(steps, d.disable)
	case 5:
		steps = append(steps, d.rename)
	case 4:
		steps = append(steps, d.endSoon)
	}
	for _, step := range steps {
		if err := step(ctx, made.AccountID); err != nil {
			return err
		}
	}
	return d.request(ctx, made.AccountID, licenses[i%len(licenses)], i)
}

func (d *demo) request(ctx context.Context, account, license string, i int) error {
	if i%3 != 0 {
		return nil
	}
	made, err := run[licenses.RequestMade](ctx, d, licenses.RequestLicense{AccountID: account, LicenseID: license, Reason: "Nodig voor het nieuwe project"})
	if err != nil {
		return err
	}
	switch i % 9 {
	case 3:
		_, err = run[engine.None](ctx, d, licenses.ApproveLicense{RequestID: made.RequestID})
	case 6:
		_, err = run[engine.None](ctx, d, licenses.RejectLicense{RequestID: made.RequestID, Reason: "Vraag eerst de basislicentie aan"})
	}
	return err
}

func (d *demo) create(ctx context.Context, in accounts.CreateAccount) (accounts.AccountMade, error) {
	return run[accounts.AccountMade](ctx, d, in)
}

func (d *demo) send(ctx context.Context, id string) error {
	_, err := run[activation.ActivationSent](ctx, d, activation.SendActivation{AccountID: id})
	return err
}

func (d *demo) block(ctx context.Context, id string) error {
	reason := demoReasons[d.random.IntN(len(demoReasons))]
	_, err := run[engine.None](ctx, d, accounts.BlockAccount{AccountID: id, Reason: reason})
	return err
}

func (d *demo) unblock(ctx context.Context, id string) error {
	_, err := run[engine.None](ctx, d, accounts.UnblockAccount{AccountID: id, Reason: "Bleek een vergissing"})
	return err
}

func (d *demo) rename(ctx context.Context, id string) error {
	name, phone := "Anna-Maria "+d.last(), "+31 20 555 0199"
	_, err := run[engine.None](ctx, d, accounts.ChangeDetails{AccountID: id, Name: &name, Details: accounts.Details[*string]{Phone: &phone}})
	return err
}

func (d *demo) disable(ctx context.Context, id string) error {
	_, err := run[engine.None](ctx, d, accounts.DisableAccount{AccountID: id, Reason: "Langdurig afwezig"})
	return err
}

func (d *demo) endSoon(ctx context.Context, id string) error {
	last := d.v.Now().AddDate(0, 0, 5+d.random.IntN(60)).Format(time.DateOnly)
	_, err := run[engine.None](ctx, d, accounts.SetValidUntil{AccountID: id, ValidUntil: last})
	return err
}

// later moves the demo's moment on, to when people are at work and not beyond the present.
func (d *demo) later(by time.Duration) {
	const begin, end = 8, 17 // o'clock, UTC
	at := d.now.Add(by).UTC()
	minutes := time.Duration(at.Minute()) * time.Minute
	switch midnight := at.Truncate(24 * time.Hour); {
	case at.Hour() < begin:
		at = midnight.Add(begin*time.Hour + minutes)
	case at.Hour() >= end:
		at = midnight.Add((24+begin)*time.Hour + minutes)
	}
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.Add(24 * time.Hour)
	}
	if now := d.v.Now(); at.After(now) {
		at = now
	}
	d.now = at
}

// run runs a command at the demo's moment, and moves the moment on.
func run[Result any](ctx context.Context, d *demo, body any) (Result, error) {
	d.later(time.Duration(2+d.random.IntN(50)) * time.Minute)
	request := engine.Request{Actor: d.actor, Now: d.now}
	if request.Origin.Channel = "system"; d.actor.Kind == eventstore.ActorAccount {
		request.Origin = eventstore.Origin{Channel: "ui", Address: "192.0.2.24", UserAgent: "Firefox/145.0"}
	}
	outcome, err := d.v.Commands.Run(ctx, request, body)
	if err != nil {
		var none Result
		return none, err
	}
	return engine.Result[Result](outcome)
}

func (d *demo) last() string { return demoLast[d.random.IntN(len(demoLast))] }

func country(domain string) string {
	if domain[len(domain)-3:] == ".be" {
		return "BE"
	}
	return "NL"
}

// ascii returns a first name as it stands in a mail address.
func ascii(name string) string {
	out := make([]rune, 0, len(name))
	for _, r := range name {
		switch {
		case r == 'ë':
			r = 'e'
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		}
		out = append(out, r)
	}
	return string(out)
}
