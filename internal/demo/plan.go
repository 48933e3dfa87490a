package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/regions"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
)

// happening is something that happens at a moment.
type happening struct {
	at   time.Time
	what string
	do   func(context.Context) error
}

// Where the two administrators of an office are when they work.
const (
	first  = "beheer"
	second = "beheer2"
)

// plan decides when everything of an office happens. It begins with the office itself, a quarter of
// a year ago.
func (h *house) plan(o *office) error {
	at := h.moment(days-1, time.Time{})
	h.at(at, "register "+o.name, func(ctx context.Context) error { return h.register(ctx, o) })
	last := at
	for _, s := range []struct {
		local string
		full
		role account.Role
	}{
		{first, o.admin, account.RoleAdmin}, {second, o.second, account.RoleAdmin},
		{"compliance", o.auditor, account.RoleCompliance}, {"tom", o.holder, account.RoleUser},
	} {
		last = last.Add(h.between(3, 20))
		h.at(last, "make "+s.local, func(ctx context.Context) error { return h.staff(ctx, o, s.local, s.full, s.role) })
	}
	for _, l := range o.licenses {
		last = last.Add(h.between(1, 4))
		h.at(last, "register "+l.name, func(ctx context.Context) error { return h.license(ctx, o, l) })
	}
	for _, r := range o.roles {
		last = last.Add(h.between(1, 4))
		h.at(last, "make the role "+r.name, func(ctx context.Context) error { return h.role(ctx, o, r) })
	}
	for _, text := range o.texts {
		h.at(last.Add(time.Minute), "change the mail "+string(text.Template), func(ctx context.Context) error {
			text.OrganizationID = h.made[o.name]
			return h.as(ctx, first+"@"+o.domain, text)
		})
	}
	last = h.giveRoles(o, "tom", first, last)
	for _, d := range o.staff {
		h.at(h.moment(days-1-d.after, last), "happen to "+second, func(ctx context.Context) error {
			return d.do(ctx, h, subject{o, second + "@" + o.domain, first, d})
		})
	}
	for i, p := range o.people {
		if err := h.person(o, p, i); err != nil {
			return err
		}
	}
	for i, r := range o.regions {
		h.region(o, r, i)
	}
	h.persons(o)
	return nil
}

// at plans something, if it is not to come yet.
func (h *house) at(at time.Time, what string, do func(context.Context) error) {
	if at.Before(h.end) {
		h.planned = append(h.planned, happening{at, what, do})
	}
}

// person plans the making of an account, and what happens to it. The administrators take turns.
func (h *house) person(o *office, p person, i int) error {
	admin := []string{first, first, second}[i%3]
	if len(o.staff) > 0 {
		admin = first // the other one is away
	}
	last := h.moment(p.ago, time.Time{})
	username := p.local() + "@" + o.domain
	h.at(last, "make "+username, func(ctx context.Context) error { return h.account(ctx, o, p, username, admin) })
	last = h.giveRoles(o, p.local(), admin, last)
	for _, d := range p.deeds {
		if d.after > p.ago {
			return fmt.Errorf("what happens to %s is to come", username)
		}
		last = h.moment(p.ago-d.after, last)
		h.at(last, "happen to "+username, func(ctx context.Context) error { return d.do(ctx, h, subject{o, username, admin, d}) })
	}
	return nil
}

// region plans a region: those of the staff are in it at once, the others when they are there.
func (h *house) region(o *office, r region, i int) {
	const made, assigned, archived = 58, 12, 8
	name := o.name + "/" + r.name
	at := h.moment(made, h.moment(made, time.Time{}).Add(time.Duration(i)*9*time.Minute))
	h.at(at, "make "+r.name, func(ctx context.Context) error {
		done, err := run[regions.RegionMade](ctx, h, first+"@"+o.domain, regions.CreateRegion{OrganizationID: h.made[o.name], Name: r.name})
		h.made[name] = done.RegionID
		return err
	})
	assign := func(staff bool) func(context.Context) error {
		return func(ctx context.Context) error {
			var ids []string
			for _, local := range r.people {
				if strings.Contains(local, ".") != staff {
					ids = append(ids, h.made[local+"@"+o.domain])
				}
			}
			return h.as(ctx, first+"@"+o.domain, regions.AssignUsersToRegion{RegionID: h.made[name], AccountIDs: ids})
		}
	}
	h.at(at.Add(h.between(1, 5)), "assign to "+r.name, assign(true))
	h.at(h.moment(assigned, time.Time{}), "assign to "+r.name, assign(false))
	if r.archived {
		h.at(h.moment(archived, time.Time{}), "archive "+r.name, func(ctx context.Context) error {
			return h.as(ctx, first+"@"+o.domain, regions.ArchiveRegion{RegionID: h.made[name]})
		})
	}
}

// day returns the beginning of the day so many days ago.
func (h *house) day(ago int) time.Time {
	now := h.end.In(h.zone)
	return time.Date(now.Year(), now.Month(), now.Day()-ago, 0, 0, 0, 0, h.zone)
}

// moment returns a moment within office hours so many days ago, or on the working day before it,
// and after what was last.
func (h *house) moment(ago int, last time.Time) time.Time {
	day := h.day(ago)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	at := day.Add(8*time.Hour + h.between(25, 7*60))
	if !at.After(last) {
		at = last.Add(h.between(2, 40))
	}
	return at
}

// between returns a number of minutes between two, to the second.
func (h *house) between(least, most int) time.Duration {
	return time.Duration(least*60+h.random.IntN((most-least)*60)) * time.Second
}

// local returns what the mail address of somebody begins with.
func (f full) local() string {
	letters := func(part string) string {
		return strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return -1
			}
			return r
		}, typed.Fold(part))
	}
	return letters(f.given) + "." + letters(f.infix) + letters(f.surname)
}

// parts returns the name as commands take it.
func (f full) parts() accounts.NameParts[string] {
	return accounts.NameParts[string]{GivenName: f.given, SurnamePrefix: f.infix, Surname: f.surname}
}

func (h *house) register(ctx context.Context, o *office) error {
	made, err := run[organizations.OrganizationMade](ctx, h, Platform, organizations.RegisterOrganization{Name: o.name, Preset: o.preset, Domains: []string{o.domain}})
	if h.made[o.name] = made.OrganizationID; err != nil {
		return err
	}
	for _, set := range o.rules() {
		set.OrganizationID = made.OrganizationID
		if err := h.as(ctx, Platform, set); err != nil {
			return err
		}
	}
	if o.sender == (organizations.LetterSender{}) {
		return nil
	}
	return h.as(ctx, Platform, organizations.SetLetterSender{OrganizationID: made.OrganizationID, LetterSender: o.sender})
}

// rules returns where the office goes another way than its preset: people who come to their first
// password otherwise.
func (o *office) rules() []organizations.SetPolicy {
	usual, _ := o.preset.Policies() // it is one of them
	ways := append(domain.Values(usual.FirstChannels), string(byPassword))
	for _, p := range o.people {
		if !slices.Contains(ways, string(p.way)) {
			ways = append(ways, string(p.way))
		}
	}
	return []organizations.SetPolicy{{
		Policy: organization.PolicyFirstChannels, Value: strings.Join(ways, ","), Reason: "De beheerders geven het wachtwoord soms aan de balie",
	}}
}

// streets are where holders live who get letters, one after the other. Some have no address yet.
var streets = [][3]string{
	{"Assendorperstraat 112", "8012 CB", "Zwolle"}, {"Dorpsstraat 8", "8051 AN", "Hattem"}, {}, {"Burgemeester Drijbersingel 25-3", "8021 JB", "Zwolle"},
	{"Stationsweg 41", "8181 CA", "Heerde"},
}

// staff makes an account that can sign in. The first is made by the platform, the others by that one.
func (h *house) staff(ctx context.Context, o *office, local string, name full, role account.Role) error {
	by := first + "@" + o.domain
	if local == first {
		by = Platform
	}
	return h.make(ctx, by, accounts.CreateAccount{
		OrganizationID: h.made[o.name], Username: local + "@" + o.domain, NameParts: name.parts(), Role: role, Channel: accounts.OfferedChannel(account.ChannelAdminPassword),
		Password: Password, KeepPassword: true, Details: accounts.Details[string]{Country: o.country},
	})
}

func (h *house) license(ctx context.Context, o *office, l license) error {
	by := first + "@" + o.domain
	if l.forEverybody {
		by = Platform
	}
	made, err := run[licenses.LicenseMade](ctx, h, by, licenses.RegisterLicense{
		OrganizationID: h.made[o.name], Name: l.name, CompanyWide: l.forEverybody, ShownInSelection: l.shown,
	})
	h.made[o.name+"/"+l.name] = made.LicenseID
	for _, standard := range o.norms[l.name] {
		if err == nil {
			err = h.as(ctx, first+"@"+o.domain, licenses.AddStandard{LicenseID: made.LicenseID, Standard: standard})
		}
	}
	return err
}

// account makes the account of a person, in the person's way.
func (h *house) account(ctx context.Context, o *office, p person, username, admin string) error {
	in := accounts.CreateAccount{
		OrganizationID: h.made[o.name], Username: username, NameParts: p.parts(), Role: account.RoleUser, Channel: accounts.OfferedChannel(p.way),
		Details: accounts.Details[string]{Phone: fmt.Sprintf("%s%02d %02d", o.phone, 10+h.random.IntN(90), h.random.IntN(100)), Country: o.country, Description: p.about},
	}
	if lives := streets[len(h.made)%len(streets)]; p.way == byLetter && lives[0] != "" {
		in.Street, in.Postcode, in.City, in.PostalCountry = lives[0], lives[1], lives[2], o.country
	}
	if p.way == byPassword {
		in.Password = Password
		in.KeepPassword = len(p.deeds) > 0 // who acts has chosen a password of their own before
	}
	return h.make(ctx, admin+"@"+o.domain, in)
}

func (h *house) make(ctx context.Context, by string, in accounts.CreateAccount) error {
	made, err := run[accounts.AccountMade](ctx, h, by, in)
	h.made[in.Username] = made.AccountID
	return err
}

// as runs a command that has no result.
func (h *house) as(ctx context.Context, by string, body any) error {
	_, err := run[engine.None](ctx, h, by, body)
	return err
}
