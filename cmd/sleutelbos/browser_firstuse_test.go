package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sleutelbos/domain/typed"
	"sleutelbos/internal/app"
)

// beginning counts what it takes to come from the empty folder to the first sign-in of a user.
type beginning struct {
	keyboard
	pages, fields int
}

// What it may take: a page is one that is read, a field one that is typed into or chosen from.
const (
	mostPages  = 19
	mostFields = 21  // three of them for each of three names
	mostKeys   = 300 // more than 200 of them what is typed: a minute and a half for who types three a second
	mostTime   = 2 * time.Minute
)

// testFirstUse knows nothing but the link that the program prints. From there on it goes where the
// pages lead: the button that stands out, and the fields that must be filled in.
func (h *house) testFirstUse(t *testing.T) {
	began := time.Now()
	empty := &house{browser: h.browser, running: start(t, app.Places{Data: t.TempDir()}, func(s *app.Serving) { s.BootstrapAPIKey = "" })}
	b := &beginning{keyboard: empty.keyboard(t)}

	b.page(strings.TrimPrefix(empty.SetupLink, b.origin))
	b.enter("givenName", "Sophie")
	b.enter("surnamePrefix", "van")
	b.enter("surname", "Leeuwen")
	b.enter("username", "sophie@voorbeeld.nl")
	b.enter("password", "Sleutel-Hanger-7")
	b.submit("/")

	b.follow("/organizations/new")
	b.enter("name", "Zorghuis Aan de Vecht")
	b.pick("preset", "own")
	b.submit("/organizations/")
	empty.settle()

	b.page("/")
	b.follow("/accounts/new")
	b.person(typed.Name{GivenName: "Anouk", SurnamePrefix: "van der", Surname: "Velde"}, "anouk@aandevecht.nl")
	admin := empty.linkTo(t, "anouk@aandevecht.nl")

	b.page("/")
	b.follow("/accounts/new")
	b.person(typed.Name{GivenName: "Bram", SurnamePrefix: "'t", Surname: "Hart"}, "bram@aandevecht.nl")
	holder := empty.linkTo(t, "bram@aandevecht.nl")

	b.page("/")
	b.follow("/messages") // where it stands that the mails were sent
	for _, link := range []string{admin, holder} {
		someone := &beginning{keyboard: empty.keyboard(t)}
		someone.page(link)
		someone.enter("password", "Sleutel-Hanger-77")
		someone.submit("/login")
		someone.enter("username", map[string]string{admin: "anouk@aandevecht.nl", holder: "bram@aandevecht.nl"}[link])
		someone.enter("password", "Sleutel-Hanger-77")
		someone.submit("/")
		someone.innocent()
		b.pages, b.fields, *b.pressed = b.pages+someone.pages, b.fields+someone.fields, *b.pressed+*someone.pressed
	}
	empty.settle()
	b.page("/")
	if ask(b.tab, chromedp.Evaluate[bool](`!!document.querySelector("ol.begin")`)) {
		t.Error("the page still says how to begin")
	}
	b.innocent()

	took := time.Since(began)
	t.Logf("%d pages, %d fields, %d keys, %s", b.pages, b.fields, *b.pressed, took.Round(time.Second))
	for what, n := range map[string][2]int{"pages": {b.pages, mostPages}, "fields": {b.fields, mostFields}, "keys": {*b.pressed, mostKeys}} {
		if n[0] > n[1] {
			t.Errorf("first use takes %d %s, and may take %d", n[0], what, n[1])
		}
	}
	if took > mostTime {
		t.Errorf("first use took %s", took)
	}
}

// page opens what an address or a link in a mail leads to.
func (b *beginning) page(path string) {
	b.t.Helper()
	if status := b.open(path); status != 200 {
		b.t.Fatalf("%s: status %d", path, status)
	}
	b.pages++
}

// follow takes the step to which the home page leads.
func (b *beginning) follow(path string) {
	b.t.Helper()
	b.choose("ol.begin a.primary")
	b.at(path)
	b.pages++
}

func (b *beginning) enter(name, text string) {
	b.t.Helper()
	b.fill("#field-"+name, text)
	b.fields++
}

// pick chooses one of several that exclude each other.
func (b *beginning) pick(name, value string) {
	b.t.Helper()
	b.to("[name=" + name + "]")
	for range 9 {
		if ask(b.tab, chromedp.Evaluate[bool](`document.activeElement.value === "`+value+`" && document.activeElement.checked`)) {
			b.fields++
			return
		}
		b.press(kb.ArrowDown)
	}
	b.t.Fatalf("%s has no choice %s", name, value)
}

// submit presses Enter in the field where it is, and waits for the page that follows.
func (b *beginning) submit(path string) {
	b.t.Helper()
	if ask(b.tab, chromedp.Evaluate[bool](`document.activeElement.matches("input[type=radio]")`)) {
		b.choose("main form button.primary")
	} else {
		b.press(kb.Enter)
	}
	b.until(`location.pathname.startsWith("` + path + `") && !location.pathname.endsWith("/new") && document.readyState === "complete"`)
	b.still()
	b.pages++
}

// person fills in the form of an account, as it comes.
func (b *beginning) person(name typed.Name, username string) {
	b.t.Helper()
	b.enter("givenName", name.GivenName)
	b.enter("surnamePrefix", name.SurnamePrefix)
	b.enter("surname", name.Surname)
	b.enter("username", username)
	b.press(kb.Enter)
	b.until(`/^\/accounts\/[0-9a-f-]{36}$/.test(location.pathname)`)
	b.still()
	b.pages++
}
