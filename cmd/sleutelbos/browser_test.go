package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"sleutelbos/internal/app"
	"sleutelbos/internal/demo"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// TestBrowser uses the program as people do: the demo's organizations, in Chromium.
func TestBrowser(t *testing.T) {
	h := openHouse(t)
	t.Run("faults are seen", h.testFaults)
	t.Run("screens", h.testScreens)
	t.Run("sights", h.testEverySight)
	t.Run("pages", h.testPages)
	t.Run("narrow", h.testNarrow)
	t.Run("without scripts", h.testWithoutScripts)
	t.Run("keyboard", h.testKeyboard)
	t.Run("F36 fifteen steps", h.testFifteenSteps)
	t.Run("F36 searching select", h.testSearchingSelect)
	t.Run("first use", h.testFirstUse)
}

// house is a running program with the demo's people in it, and a browser.
type house struct {
	*running
	browser context.Context
	cookies map[string]string // of who signed in, by role
	pages   []looked
}

// Who of the demo looks at pages. Those who change things are of another organization.
var demoRoles = map[string]string{
	"platform":   demo.Platform,
	"admin":      "beheer@delinde-zorg.nl",
	"compliance": "compliance@delinde-zorg.nl",
	"holder":     "tom@delinde-zorg.nl",
	"letters":    "beheer@vandijk-hulpmiddelen.nl",
	"regions":    "beheer@graafwerken-noord.nl",
	"in regions": "tom@graafwerken-noord.nl",
}

func openHouse(t *testing.T) *house {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("Chromium is not installed")
	}
	h := &house{cookies: map[string]string{}}
	places := app.Places{Data: t.TempDir()}
	must(t, demo.Fill(t.Context(), places, app.Serving{HTTP: "127.0.0.1", MailFrom: "Sleutelbos <sleutelbos@localhost>", Language: "nl", BootstrapAPIKey: bootKey}, slog.New(slog.DiscardHandler), time.Now()))
	h.running = start(t, places)
	h.settle()
	h.browser = startChromium(t, path)
	for role, username := range demoRoles {
		h.cookies[role] = h.signIn(username)
	}
	h.pages = h.allPages(t)
	return h
}

// part lets what asks the program fail a test within this one, until the returned function is called.
func (h *house) part(t *testing.T) (over func()) {
	whole := h.t
	h.t = t
	return func() { h.t = whole }
}

// startChromium starts a browser with a profile of its own. It sees no page but ours, so
// it does without the sandbox that containers often cannot give it.
func startChromium(t *testing.T, path string) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Log("end Chromium: ", err)
		}
		cancel()
		stop()
	})
	must(t, chromedp.Do(ctx))
	return ctx
}

// signIn returns the cookie of a session.
func (h *house) signIn(username string) string {
	h.t.Helper()
	form := url.Values{"username": {username}, "password": {demo.Password}}
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.PublicURL.JoinPath("login").String(), strings.NewReader(form.Encode()))
	must(h.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(req) // the answer itself, not where it leads
	must(h.t, err)
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	h.t.Fatalf("sign in as %s: %s", username, res.Status)
	return ""
}

const sessionCookie = "sleutelbos" // without TLS

// first returns the id of the first row of a list of the API.
func (h *house) first(path string) string {
	h.t.Helper()
	var list struct{ Items []struct{ ID string } }
	must(h.t, json.Unmarshal([]byte(h.fresh(path)), &list))
	if len(list.Items) == 0 {
		h.t.Fatalf("nothing in %s", path)
	}
	return list.Items[0].ID
}

// row returns one thing of the API.
func (h *house) row(path string) map[string]any {
	h.t.Helper()
	var row map[string]any
	must(h.t, json.Unmarshal([]byte(h.fresh(path)), &row))
	return row
}

// tab is a tab of its own browser context: it shares no cookie with another.
type tab struct {
	t      testing.TB
	ctx    context.Context
	origin string

	mu     sync.Mutex
	asked  string   // address that may answer with an error
	faults []string // what a page must not do
}

func (h *house) newTab(t testing.TB) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(h.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx, origin: h.PublicURL.String()}
	must(t, chromedp.Do(ctx))
	must(t, chromedp.Listen(ctx, p.hear))
	return p
}

// overtaken is what htmx writes as an error when a newer request takes the place of one that is
// under way, as quick steps do. One that fails says htmx:sendError or htmx:responseError, too.
var overtaken = regexp.MustCompile(`^"htmx:(afterRequest|sendAbort), `)

// hear notes what no page may do: write errors to the console, break the content security
// policy (which is written there, too), or ask anyone but its own origin.
func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var text []string
			for _, a := range e.Args {
				text = append(text, string(a.Value)+a.Description)
			}
			if said := strings.Join(text, " "); !overtaken.MatchString(said) {
				p.faults = append(p.faults, "console: "+said)
			}
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError && e.Entry.URL != p.asked {
			p.faults = append(p.faults, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, p.origin+"/") && !strings.HasPrefix(u, "data:") {
			p.faults = append(p.faults, "request elsewhere: "+u)
		}
	}
}

// innocent asks that no page has done what none may.
func (p *tab) innocent() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		p.t.Error(f)
	}
	p.faults = nil
}

// patience is how long a page may take on a busy machine.
const patience = time.Minute

func do(p *tab, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	must(p.t, chromedp.Do(ctx, steps...))
}

func ask[T any](p *tab, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, action)
	must(p.t, err)
	return answer
}

// tell gives the browser a command of its protocol.
func tell[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, command, params)
	must(p.t, err)
}

// open goes to a page and returns the status with which it came.
func (p *tab) open(path string) (status int64) {
	p.t.Helper()
	p.mu.Lock()
	p.asked = p.origin + path
	p.mu.Unlock()
	answer := ask(p, chromedp.NavigateResponse(p.origin+path))
	p.still()
	return answer.Status
}

// still waits until the page is there and asks for nothing any more.
func (p *tab) still() {
	p.t.Helper()
	p.until(`document.readyState === "complete" && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")`)
}

// until waits for a condition in the page, through every navigation.
func (p *tab) until(condition string) {
	p.t.Helper()
	eventually(p.t, patience, func() error {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		now, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		if err == nil && !now {
			var where string
			where, _ = chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.querySelector('main')?.innerText"))
			return fmt.Errorf("not so: %s, at %s", condition, where)
		}
		return err
	})
}

// cookie sets one; an empty value takes it away.
func (p *tab) cookie(name, value string) {
	p.t.Helper()
	if value == "" {
		tell(p, network.DeleteCookies, network.DeleteCookiesParams{Name: name, URL: p.origin})
		return
	}
	tell(p, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: p.origin})
}

// wants says how the system's theme is set.
func (p *tab) wants(scheme string) {
	p.t.Helper()
	tell(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}
