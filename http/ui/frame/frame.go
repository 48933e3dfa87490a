// Package frame is what every section of the web UI stands in: the layout and the
// navigation, forms and the commands they run, who may see what, and the parts that pages
// have in common. A section knows this package and never another section.
package frame

import (
	"context"
	"io/fs"
	"net/url"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame/keptforms"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/audithistory"
)

// Config is what the frame is made of.
type Config struct {
	Service   *commands.Service
	DB        machinery.DB
	Runner    Runner
	PublicURL *url.URL
	Now       func() time.Time
	// CursorKey authenticates the places of pages within lists; see answers.Cursors.
	CursorKey []byte
	Opener    audithistory.Opener // of what was stored
	// FormKey seals the forms that wait for their sender to sign in again; Sessions keeps one
	// from then on.
	FormKey  []byte
	Sessions Sessions
	// Away returns since when the event store is out of reach, and false while it is within.
	Away func() (since time.Time, away bool)
}

// Runner lets the read models catch up with the log.
type Runner interface {
	WaitFor(ctx context.Context, position eventstore.Position, names ...string) error
}

// Site is what a section is made of.
type Site struct {
	Pages    *Pages
	Commands Commands
	Reach    Reach
	Names    Names
	// Lists are those of the section.
	Lists []List
	// Texts checks the texts that the sections ask for.
	Texts *words.Book
	// Source is where lists and things come from.
	Source answers.Source
	DB     machinery.DB
	Now    func() time.Time
}

// List is where a list stands. Lists of a section that stand under one line of the navigation
// lead to each other.
type List struct {
	Nav, Path string
	Key       string // of its title
	Right     rights.Right
}

// New returns the site without the pages of any section.
func New(c Config) Site {
	texts := words.NewBook()
	texts.Family("nav.*", "home")
	for _, place := range places {
		texts.Family("nav.*", place.item.Key)
	}
	cookies := Cookies{Secure: c.PublicURL.Scheme == "https"}
	source := answers.Source{DB: c.DB, Opener: c.Opener, Cursors: answers.Cursors{Key: c.CursorKey}, Now: c.Now}
	return Site{
		Source:   source,
		Pages:    &Pages{Cookies: cookies, navigation: navigation{source}, templates: parse(texts, c.Service.Commands), source: source, away: c.Away, forms: keptforms.Forms{Key: c.FormKey, Secrets: secretsOf(c.Service.Commands)}, sessions: c.Sessions},
		Commands: Commands{Offers: c.Service.Commands, runner: c.Runner},
		Reach:    Reach{Source: source, Service: c.Service},
		Names:    Names{Source: source},
		Texts:    texts,
		DB:       c.DB, Now: c.Now,
	}
}

// Section returns the site of one section, with the templates of its pages.
func (s Site) Section(templates ...fs.FS) Site {
	pages := *s.Pages
	pages.templates = parse(s.Texts, s.Commands.Offers, templates...)
	s.Pages = &pages
	return s
}

// soonIsWithin is how far ahead lists warn of an end.
const soonIsWithin = 30 * 24 * time.Hour

// Soon returns the moment before which an end is near.
func Soon(now time.Time) time.Time { return now.Add(soonIsWithin) }

// SoonDay returns the day before which an end is near, in a time zone.
func SoonDay(now time.Time, zone *time.Location) string {
	return Soon(now).In(zone).Format(time.DateOnly)
}

// waitAtMost bounds how long a form waits for the read models.
const waitAtMost = 3 * time.Second

func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, waitAtMost)
}
