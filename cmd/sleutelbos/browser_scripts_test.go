package main

import (
	"encoding/json"
	"fmt"
	"sleutelbos/internal/demo"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// testWithoutScripts does the main tasks in a browser that runs no script: each is a form
// or a link.
func (h *house) testWithoutScripts(t *testing.T) {
	defer h.part(t)()
	p := h.newTab(t)
	p.cookie("language", "nl")
	tell(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	click := func(selector string) { t.Helper(); do(p, chromedp.Click(chromedp.CSS(selector))) }
	fill := func(selector, text string) { t.Helper(); do(p, chromedp.SendKeys(chromedp.CSS(selector), text)) }

	p.open("/accounts")
	fill("#field-username", "beheer@scheldeland.be")
	fill("#field-password", demo.Password)
	click("main button.primary")
	p.until(`location.pathname === "/accounts"`)
	p.still()
	if ask(p, chromedp.Evaluate[bool](`document.body.hasAttribute("data-js")`)) {
		t.Fatal("the page's scripts run")
	}

	organization := h.first("/organizations?q=Scheldeland")
	blocked := h.total("/accounts?badge=blocked&organizationId=" + organization)
	fill("#filter-badge", "geblok") // chooses by its beginning
	click(".filters button")
	p.until(fmt.Sprintf(`location.search.includes("badge=blocked") && document.querySelectorAll("#list tbody tr").length === %d`, blocked))

	click(`.head a[href^="/accounts/new"]`)
	fill("#field-givenName", "Zonder")
	fill("#field-surname", "Script")
	fill("#field-username", "zonder.script@scheldeland.be")
	click(`[name=channel][value=mail_link]`)
	click(".new-account button.primary")
	p.until(`/^\/accounts\/[0-9a-f-]{36}$/.test(location.pathname)`)
	w := walked{house: h, id: h.accountOf("zonder.script@scheldeland.be")}
	w.is(t, map[string]any{"name": "Zonder Script", "activation": "sent", "activationChannel": "mail_link", "organizationId": organization})

	click(`.actions a[href$="/block"]`)
	fill("#field-reason", "Zonder overdracht vertrokken")
	click("main button.danger")
	p.until(`location.pathname === "/accounts/` + w.id + `"`)
	w.is(t, map[string]any{"blocked": true, "blockedReason": "Zonder overdracht vertrokken"})

	open := h.first("/license-requests?status=open&sort=requestedAt&organizationId=" + organization)
	click(`nav a[href="/requests"]`)
	click(`button[formaction="/requests/` + open + `/approve"]`)
	p.until(`location.pathname === "/requests" && !document.querySelector('[formaction="/requests/` + open + `/approve"]')`)
	same(t, h.row("/license-requests/" + open)["status"], any("approved"))

	click(`form[action="/logout"] button`)
	p.until(`location.pathname === "/login"`)
	p.innocent()
}

// total returns how many rows a list of the API has.
func (h *house) total(path string) int {
	h.t.Helper()
	var list struct{ Total int }
	must(h.t, json.Unmarshal([]byte(h.fresh(path)), &list))
	return list.Total
}
