package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// widths at which nothing may stick out: a tablet, a telephone, and what is left of 1280
// pixels when somebody enlarges four times.
var widths = []int64{1024, 390, 320}

const height = 900

// testNarrow asks that no page is wider than its window.
func (h *house) testNarrow(t *testing.T) {
	p := h.newTab(t)
	p.cookie("language", "nl")
	for _, l := range h.pages {
		t.Run(l.name, func(t *testing.T) {
			p.t = t
			h.visit(p, l)
			for _, width := range widths {
				do(p, chromedp.EmulateViewport(width, height))
				if out := ask(p, chromedp.Evaluate[[]string](stickingOut)); len(out) > 0 {
					t.Errorf("at %d pixels there sticks out: %s", width, strings.Join(out, "\n"))
				}
			}
		})
	}
}

// stickingOut names what makes a page wider than its window.
const stickingOut = `(() => {
	const page = document.documentElement;
	if (page.scrollWidth <= innerWidth) return [];
	const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
	return ["the page: " + page.scrollWidth].concat(out.slice(0, 8).map(e => Math.round(e.getBoundingClientRect().right) + " " + e.cloneNode().outerHTML.slice(0, 120)));
})()`

// screen is a picture of the documentation.
type screen struct {
	looked
	lang, theme string
	width, high int64
}

// testScreens takes the pictures of docs/screens when it is asked to.
func (h *house) testScreens(t *testing.T) {
	dir := os.Getenv("SLEUTELBOS_SCREENS")
	if dir == "" {
		return // pictures are made on request, not at every test
	}
	must(t, os.MkdirAll(dir, 0o755))
	pages := map[string]looked{}
	for _, l := range h.pages {
		pages[l.name] = l
	}
	for file, s := range map[string]screen{
		"home-nl-light":       {pages["home of an admin"], "nl", "light", 1440, 900},
		"accounts-nl-light":   {pages["accounts"], "nl", "light", 1440, 900},
		"account-nl-light":    {pages["account blocked"], "nl", "light", 1440, 1000},
		"history-nl-light":    {pages["history"], "nl", "light", 1440, 1000},
		"history-en-dark":     {pages["history, a step"], "en", "dark", 1440, 1000},
		"compare-nl-light":    {pages["history compared"], "nl", "light", 1440, 1000},
		"audit-nl-light":      {looked{who: "compliance", path: "/audit?to=" + h.Now().AddDate(0, 0, -1).Format(time.DateOnly)}, "nl", "light", 1440, 900},
		"requests-nl-light":   {pages["requests"], "nl", "light", 1440, 900},
		"manage-en-light":     {pages["manage"], "en", "light", 1440, 1000},
		"accounts-en-dark":    {pages["accounts filtered"], "en", "dark", 1440, 900},
		"activation-nl-light": {pages["activation"], "nl", "light", 1440, 800},
		"holder-nl-light":     {pages["home of a holder"], "nl", "light", 1440, 900},
		"accounts-nl-narrow":  {pages["accounts"], "nl", "light", 390, 844},
		"history-nl-narrow":   {pages["history"], "nl", "light", 390, 844},
		"holder-nl-narrow":    {pages["home of a holder"], "nl", "light", 390, 844},
	} {
		t.Run(file, func(t *testing.T) {
			p := h.newTab(t)
			p.appearance(s.lang, s.theme)
			do(p, chromedp.EmulateViewport(s.width, s.high))
			h.visit(p, s.looked)
			p.save(filepath.Join(dir, file+".png"))
		})
	}
}

// testEverySight takes a picture of each page, from top to bottom, at each width, in each
// language and theme, when it is asked to: a folder for all, to be looked at by a person.
func (h *house) testEverySight(t *testing.T) {
	dir := os.Getenv("SLEUTELBOS_SIGHTS")
	if dir == "" {
		return
	}
	must(t, os.MkdirAll(dir, 0o755))
	only := regexp.MustCompile(os.Getenv("SLEUTELBOS_SIGHTS_OF")) // of names such as "accounts-390-nl-dark"
	p := h.newTab(t)
	for _, lang := range []string{"nl", "en"} {
		for _, theme := range []string{"light", "dark"} {
			p.cookie("language", lang)
			p.cookie("theme", theme)
			for _, width := range append([]int64{1440}, widths...) {
				do(p, chromedp.EmulateViewport(width, height))
				for _, l := range h.pages {
					name := fmt.Sprintf("%s-%d-%s-%s", strings.NewReplacer(" ", "_", ",", "", "'", "").Replace(l.name), width, lang, theme)
					if !only.MatchString(name) {
						continue
					}
					h.visit(p, l)
					p.keep(filepath.Join(dir, name+".png"), chromedp.FullScreenshot(100))
				}
			}
		}
	}
}

// save keeps what the window shows, as small as PNG makes it.
func (p *tab) save(path string) {
	p.t.Helper()
	p.keep(path, chromedp.CaptureScreenshot())
}

func (p *tab) keep(path string, picture chromedp.Action[[]byte]) {
	p.t.Helper()
	shot, err := png.Decode(bytes.NewReader(ask(p, picture)))
	must(p.t, err)
	var small bytes.Buffer
	must(p.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, shot))
	must(p.t, os.WriteFile(path, small.Bytes(), 0o644))
}
