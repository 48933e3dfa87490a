package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sleutelbos/internal/demo"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// testKeyboard walks the ten main tasks with nothing but a keyboard. What came of each is
// asked of the API.
func (h *house) testKeyboard(t *testing.T) {
	admin, holder := h.keyboard(t), h.keyboard(t)
	account := &walked{
		house: h, organization: h.first("/organizations?q=Graafwerken"), username: "toets.enbord@graafwerken-noord.nl", name: "Toets <b>Enbord</b>",
	}
	for _, task := range []struct {
		name string
		most int // keys, with the text that is typed
		do   func(admin, holder keyboard)
	}{
		{"sign in", 48, func(admin, _ keyboard) { account.signIn(admin, "beheer@graafwerken-noord.nl", demo.Password) }},
		{"create an account", 96, func(admin, _ keyboard) { account.create(admin) }},
		{"send several activations", 100, func(admin, _ keyboard) { account.sendSeveral(admin) }},
		{"activate", 84, func(_, holder keyboard) { account.activate(holder) }},
		{"block", 73, func(admin, _ keyboard) { account.block(admin) }},
		{"unblock", 42, func(admin, _ keyboard) { account.unblock(admin) }},
		{"request licenses", 119, func(_, holder keyboard) { account.request(holder) }},
		{"approve and reject", 137, func(admin, _ keyboard) { account.decide(admin) }},
		{"travel", 67, func(admin, _ keyboard) { account.travel(admin) }},
		{"search and sign out", 53, func(admin, _ keyboard) { account.searchAndLeave(admin) }},
	} {
		if !t.Run(task.name, func(t *testing.T) {
			defer h.part(t)()
			admin.t, holder.t = t, t
			before := *admin.pressed + *holder.pressed
			task.do(admin, holder)
			keys := *admin.pressed + *holder.pressed - before
			t.Logf("%d keys", keys)
			if keys > task.most {
				t.Errorf("it takes %d keys, and took %d", keys, task.most)
			}
			admin.innocent()
			holder.innocent()
		}) {
			return // what follows builds on it
		}
	}
}

// testFifteenSteps goes back faster than the page can follow, through a history that is long enough.
func (h *house) testFifteenSteps(t *testing.T) {
	const steps = 15
	id := h.accountOf("tom@graafwerken-noord.nl")
	for i := range steps {
		h.run("ChangeDetails", body{"accountId": id, "description": fmt.Sprintf("Standplaats %d", i)})
	}
	h.settle()
	k := h.keyboard(t)
	h.visit(k.tab, looked{who: "regions", path: "/accounts/" + id + "/history"})
	k.hurry(steps)
	k.choose("#travel-pin")
	k.until(`new URLSearchParams(location.search).get("pin")`)
	k.still()
	k.press(kb.ArrowLeft, kb.ArrowLeft)
	k.until(`[...document.querySelectorAll(".sides thead th")].some(h => h.innerText.includes("Stap " + document.querySelector("#scrubber").value)) && document.querySelector("#scrubber").value === String(new URLSearchParams(location.search).get("pin") - 2)`)
	k.still()
	sides := ask(k.tab, chromedp.Evaluate[[]int](`[...document.querySelectorAll(".sides thead th")].slice(1).map(h => Number(h.innerText.match(/\d+/)[0]))`))
	if sides[0] >= sides[1] {
		t.Errorf("the comparison runs from step %d to step %d", sides[0], sides[1])
	}
	k.innocent()
}

// testSearchingSelect looks for an organization among too many for a select, and chooses it.
func (h *house) testSearchingSelect(t *testing.T) {
	k := h.keyboard(t)
	h.visit(k.tab, looked{who: "platform", path: "/accounts?organizationId-search=e"})
	const options = `[...document.querySelector("#filter-organizationId").options].filter(o => o.value).map(o => o.text).join()`
	k.to(`[name=organizationId-search]`)
	k.press(kb.End, "\b", "Normaal")
	k.until(options + ` === "Adviesbureau Normaal"`)
	k.still()
	if !ask(k.tab, chromedp.Evaluate[bool](`document.activeElement.matches("[name=organizationId-search]")`)) {
		t.Error("the search lost the focus")
	}
	do(k.tab, chromedp.Evaluate[chromedp.Void](`document.querySelector("#filter-organizationId").focus()`))
	k.press("Adv")
	k.until(`new URLSearchParams(location.search).get("organizationId") && document.querySelector("#list .chip.on")?.innerText.includes("Normaal")`)
	k.innocent()
}

// keyboard is a tab that is used without a mouse, and the number of keys that were pressed.
type keyboard struct {
	*tab
	pressed *int
}

func (h *house) keyboard(t *testing.T) keyboard {
	k := keyboard{h.newTab(t), new(int)}
	k.cookie("language", "nl")
	return k
}

func (k keyboard) press(keys ...string) {
	k.t.Helper()
	for _, key := range keys {
		*k.pressed += utf8.RuneCountInString(key)
		do(k.tab, chromedp.KeyEvent(key))
	}
}

// shortcut presses a key that is no text if the page takes it: one event for both, as a
// real keyboard has it.
func (k keyboard) shortcut(key, code string) {
	k.t.Helper()
	tell(k.tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: code, Text: key})
	tell(k.tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, Code: code})
}

// focused says where the focus is. It must be seen: with a ring, on the screen, and not
// behind what sticks to an edge.
type focused struct {
	Here, Ring, Shown bool
	What              string
}

const focusedScript = `(wanted => {
	const e = document.activeElement;
	if (!e || e === document.body) return {Here: false, Ring: true, Shown: true, What: "the page"};
	const shown = e.matches("input[type=radio], input[type=checkbox]") ? e.closest("label") ?? e : e;
	const at = [...e.getClientRects()].concat(...shown.getClientRects());
	const style = getComputedStyle(e);
	return {
		Here: e.matches(wanted),
		Ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
		Shown: at.some(r => [[.5, .5], [.1, .5], [.9, .5]].some(([x, y]) => {
			const hit = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
			return hit && (shown.contains(hit) || hit.contains(shown) && hit !== document.documentElement);
		})),
		What: e.outerHTML.slice(0, 160),
	};
})(%s)`

// to presses Tab until the focus is on what the selector names. It may be there already.
func (k keyboard) to(selector string) {
	k.t.Helper()
	quoted, err := json.Marshal(selector)
	must(k.t, err)
	const most = 400
	var last focused
	for i := range most {
		if i > 0 {
			k.press(kb.Tab)
		}
		eventually(k.t, time.Minute, func() error { // a page that is drawn or scrolls gets there
			last = ask(k.tab, chromedp.Evaluate[focused](fmt.Sprintf(focusedScript, quoted)))
			if !last.Ring || !last.Shown {
				return fmt.Errorf("the focus cannot be seen (ring %t, on the screen %t): %s", last.Ring, last.Shown, last.What)
			}
			return nil
		})
		if last.Here {
			return
		}
	}
	k.t.Fatalf("%s is not reached by %d times Tab; the last was %s", selector, most, last.What)
}

// choose goes to something and presses Enter on it.
func (k keyboard) choose(selector string) {
	k.t.Helper()
	k.to(selector)
	k.press(kb.Enter)
}

// fill goes to a field and types.
func (k keyboard) fill(selector, text string) {
	k.t.Helper()
	k.to(selector)
	k.press(text)
}

// at waits until a page is there.
func (k keyboard) at(path string) {
	k.t.Helper()
	k.until(fmt.Sprintf("location.pathname === %q", path))
	k.still()
}

// walked is the account that the tasks are about.
type walked struct {
	*house
	organization, id, username, name string
}

func (w *walked) is(t testing.TB, want map[string]any) {
	t.Helper()
	row := w.row("/accounts/" + w.id)
	got := map[string]any{}
	for name := range want {
		got[name] = row[name]
	}
	same(t, got, want)
}

func (w *walked) signIn(k keyboard, username, password string) {
	k.t.Helper()
	k.open("/accounts")
	k.at("/login")
	k.fill("#field-username", username)
	k.fill("#field-password", password)
	k.press(kb.Enter)
	k.at("/accounts")
	same(k.t, k.sessionOf(w)["username"], any(username))
}

// sessionOf returns whom the API takes the browser for; nil is nobody.
func (k keyboard) sessionOf(w *walked) map[string]any {
	k.t.Helper()
	all := ask(k.tab, func(ctx context.Context, target *chromedp.Target) ([]*network.Cookie, error) {
		answer, err := cdp.Call(ctx, target, network.GetCookies, network.GetCookiesParams{URLs: []string{k.origin}})
		return answer.Cookies, err
	})
	for _, c := range all {
		if c.Name != sessionCookie {
			continue
		}
		browser := client{base: w.api.base}
		text, err := browser.ask(k.t.Context(), http.MethodGet, "/api/v1/me", nil, "Cookie", sessionCookie+"="+c.Value)
		if refused, ok := errors.AsType[*answered](err); ok && refused.status == http.StatusUnauthorized {
			return nil
		}
		must(k.t, err)
		var me struct{ Account map[string]any }
		must(k.t, json.Unmarshal(text, &me))
		return me.Account
	}
	return nil
}

func (w *walked) create(k keyboard) {
	k.choose(`a[href^="/accounts/new"]`)
	k.at("/accounts/new")
	given, surname, _ := strings.Cut(w.name, " ")
	k.fill("#field-givenName", given)
	k.fill("#field-surname", surname)
	k.fill("#field-username", w.username)
	k.to("[name=sendNow]")
	k.press(" ")
	k.choose("form.new-account button.primary")
	k.until(`/^\/accounts\/[0-9a-f-]{36}$/.test(location.pathname)`)
	k.still()
	w.id = w.accountOf(w.username)
	w.is(k.t, map[string]any{
		"name": w.name, "username": w.username, "organizationId": w.organization, "role": "user", "activation": "not_sent",
		"activationChannel": "mail_link",
	})
}

func (w *walked) sendSeveral(k keyboard) {
	unsent := "/accounts?badge=activation_not_sent&organizationId=" + w.organization
	before := w.total(unsent)
	k.choose(`nav a[href="/accounts"]`)
	k.at("/accounts")
	k.escape()
	k.choose(`.saved a[href*="badge=activation_not_sent"]`)
	k.until(fmt.Sprintf(`location.search.includes("badge=activation_not_sent") && document.querySelectorAll("[data-select]").length === %d`, before))
	k.still()
	k.to("[data-select-all]")
	k.press(" ")
	k.until(fmt.Sprintf(`document.querySelector("[data-selection-count]").textContent === "%d"`, before))
	k.goToActions(`select[name=action]`)
	k.press(kb.Tab)
	k.press(kb.Enter)
	k.at("/accounts/selected")
	k.choose("main button.primary")
	k.until(fmt.Sprintf(`document.querySelectorAll(".good-text").length === %d`, before))
	w.is(k.t, map[string]any{"activation": "sent", "activationSentCount": 1.0})
	same(k.t, w.total(unsent), 0)
}

// goToActions goes from the box of a row to an action for the selected rows. It takes a few keys
// however many rows there are, and how many are selected is said aloud.
func (k keyboard) goToActions(selector string) {
	k.t.Helper()
	const most = 5
	if said := ask(k.tab, chromedp.Evaluate[string](`document.querySelector("[role=status][data-selection-said]").textContent`)); said == "" {
		k.t.Error("nothing says how many rows are selected")
	}
	before := *k.pressed
	k.press(kb.Enter)
	for !ask(k.tab, chromedp.Evaluate[bool](fmt.Sprintf(`document.activeElement.matches(%q)`, selector))) {
		if *k.pressed-before > most {
			k.t.Fatalf("%s is not reached by %d keys; the focus is on %s at %s", selector, most,
				ask(k.tab, chromedp.Evaluate[string](`document.activeElement.outerHTML.slice(0, 200)`)), ask(k.tab, chromedp.Evaluate[string](`location.href`)))
		}
		k.press(kb.Tab)
	}
}

// escape opens the menu of columns and closes it again.
func (k keyboard) escape() {
	k.t.Helper()
	k.choose("details.menu summary")
	k.until(`document.querySelector("details.menu[open]")`)
	k.press(kb.Escape)
	k.until(`!document.querySelector("details.menu[open]") && document.activeElement.matches("details.menu summary")`)
}

func (w *walked) activate(k keyboard) {
	k.open(w.linkTo(k.t, w.username))
	met := func(rules string) {
		k.t.Helper()
		k.until(fmt.Sprintf(`[...document.querySelectorAll("[data-rule].met")].map(r => r.dataset.rule).join() === %q`, rules))
	}
	met("")
	k.fill("#field-password", "sleutel")
	met("")
	k.press("-hanger")
	met("length")
	k.press("7")
	met("length,digit")
	k.press("\b\b\b\b\b\b\b\b", "-Hanger-7")
	met("length,upper,digit")
	k.press(kb.Enter)
	k.at("/login")
	w.is(k.t, map[string]any{"activation": "completed", "badge": "active", "canLogIn": true})
	k.fill("#field-username", w.username)
	k.fill("#field-password", "sleutel-Hanger-7")
	k.press(kb.Enter)
	k.at("/")
	same(k.t, k.sessionOf(w)["id"], any(w.id))
}

func (w *walked) block(k keyboard) {
	k.open("/accounts/" + w.id)
	k.choose(`a[href$="/block"]`)
	k.at("/accounts/" + w.id + "/block")
	k.fill("#field-reason", "Misbruik gemeld door <i>Jan</i>")
	k.choose("main button.danger")
	k.at("/accounts/" + w.id)
	w.is(k.t, map[string]any{"blocked": true, "blockedReason": "Misbruik gemeld door <i>Jan</i>", "badge": "blocked", "canLogIn": false})
}

func (w *walked) unblock(k keyboard) {
	k.choose(`.actions a[href$="/unblock"]`)
	k.at("/accounts/" + w.id + "/unblock")
	k.choose("main button.primary")
	k.at("/accounts/" + w.id)
	w.is(k.t, map[string]any{"blocked": false, "badge": "active", "canLogIn": true})
}

// request asks for two licenses. The block ended the session, so the holder signs in again.
func (w *walked) request(k keyboard) {
	w.signInAgain(k)
	for i := range 2 {
		k.to("[name=licenseId]")
		k.press(" ")
		k.fill("#field-reason", "Nodig voor project "+strconv.Itoa(i))
		k.choose("#ask button.primary")
		k.until(fmt.Sprintf(`document.querySelectorAll("#requests tbody tr").length === %d`, i+1))
		k.still()
	}
	same(k.t, w.requests(), []request{{"Nodig voor project 0", "open", nil}, {"Nodig voor project 1", "open", nil}})
}

func (w *walked) signInAgain(k keyboard) {
	k.open("/")
	k.at("/login")
	k.fill("#field-username", w.username)
	k.fill("#field-password", "sleutel-Hanger-7")
	k.press(kb.Enter)
	k.at("/")
}

type request struct {
	Reason, Status string
	DecisionReason *string
}

// requests returns those of the account, the oldest first.
func (w *walked) requests() []request {
	w.t.Helper()
	var list struct{ Items []request }
	must(w.t, json.Unmarshal([]byte(w.fresh("/license-requests?sort=requestedAt&accountId="+w.id)), &list))
	return list.Items
}

// decide approves the one that waits longest from its own page, and rejects the other in its row.
func (w *walked) decide(k keyboard) {
	k.choose(`nav a[href="/requests"]`)
	k.at("/requests")
	k.fill("#filter-q", w.username)
	k.until(`document.querySelectorAll("#list tbody tr").length === 2`)
	k.still()
	open := ask(k.tab, chromedp.Evaluate[string](`[...document.querySelectorAll("#list tbody tr")].find(r => r.innerText.includes("project 0")).dataset.href`))
	k.choose(`a.main[href="` + open + `"]`)
	k.at(open)
	k.choose(`form[action$="/approve"] button`)
	k.until(`document.querySelector(".badge.approved")`)
	k.open("/requests?q=" + w.username)
	k.choose("details.inplace summary")
	k.fill("details.inplace textarea", "Al in gebruik")
	k.choose(`button[formaction$="/reject"]`)
	k.until(`location.pathname === "/requests" && !document.querySelector("#list tbody tr")`)
	reason := "Al in gebruik"
	same(k.t, w.requests(), []request{{"Nodig voor project 0", "approved", nil}, {"Nodig voor project 1", "rejected", &reason}})
}

// travel goes back through the history to when the account was blocked, and compares.
func (w *walked) travel(k keyboard) {
	k.open("/accounts/" + w.id)
	k.choose(`.tabs a[href$="/history"]`)
	k.at("/accounts/" + w.id + "/history")
	step := func() int {
		return ask(k.tab, chromedp.Evaluate[int](`Number(document.querySelector("#scrubber").value)`))
	}
	shown := func() string {
		return ask(k.tab, chromedp.Evaluate[string](`[...document.querySelector("#traveled .then dd:has(.badge)")?.querySelectorAll(".badge") ?? []].pop()?.className ?? ""`))
	}
	now := step()
	go2 := func(key string, want int) {
		k.t.Helper()
		k.press(key)
		k.until(fmt.Sprintf(`new URLSearchParams(location.search).get("step") === "%d" && document.querySelector("#scrubber").value === "%d"`, want, want))
		k.still()
	}
	for back := now - 1; shown() != "badge blocked"; back-- {
		if back == 0 {
			k.t.Fatal("no step shows the account as blocked")
		}
		go2(kb.ArrowLeft, back)
	}
	blocked := step()
	*k.pressed -= now - blocked // the way back is as long as the story: mails under way make it longer
	k.choose("#travel-pin")
	k.until(`new URLSearchParams(location.search).get("pin")`)
	k.still()
	go2(kb.ArrowRight, blocked+1)
	k.until(`document.querySelector(".sides tr.changed .badge")`)
	k.press(kb.ArrowLeft)
	k.until(fmt.Sprintf(`new URLSearchParams(location.search).get("step") === "%d"`, blocked))
	k.still()
	k.hurry(3)
}

// hurry presses an arrow faster than the page can follow. No step is lost, the scrubber says where
// it stands, and the title of the tab stays that of the page.
func (k keyboard) hurry(steps int) {
	k.t.Helper()
	title := ask(k.tab, chromedp.Title())
	from := ask(k.tab, chromedp.Evaluate[int](`Number(document.querySelector("#scrubber").value)`))
	for range steps {
		k.press(kb.ArrowLeft)
	}
	k.until(fmt.Sprintf(`new URLSearchParams(location.search).get("step") === "%d"`, from-steps))
	k.still()
	k.until(fmt.Sprintf(`document.querySelector("#travel-now .moment").innerText.includes("Stap %d van")`, from-steps))
	k.until(fmt.Sprintf(`document.querySelector("#scrubber").getAttribute("aria-valuetext").startsWith("Stap %d van")`, from-steps))
	same(k.t, ask(k.tab, chromedp.Title()), title)
}

func (w *walked) searchAndLeave(k keyboard) {
	k.shortcut("/", "Slash")
	k.until(`document.activeElement.matches(".top input[type=search]")`)
	k.press(w.username, kb.Enter)
	k.at("/accounts/" + w.id)
	k.choose(`form[action="/logout"] button`)
	k.at("/login")
	if who := k.sessionOf(w); who != nil {
		k.t.Errorf("still signed in as %v", who)
	}
}
