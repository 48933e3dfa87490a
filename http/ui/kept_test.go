package ui_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// typedPassword is what the test types into every field for a password.
const typedPassword = "Geheim-wachtwoord-123"

// postForm is a form of a page, with what the test typed into it.
type postForm struct {
	page, action string
	typed        url.Values
}

// formsOf returns the forms of a page in which something can be filled in, filled in.
func formsOf(t *testing.T, at, body string) []postForm {
	t.Helper()
	document, err := nethtml.Parse(strings.NewReader(body))
	must(t, err)
	var all []postForm
	for node := range document.Descendants() {
		if node.DataAtom != atom.Form || attributeOf(node, "method") != "post" {
			continue
		}
		actions := []string{attributeOf(node, "action")}
		for button := range node.Descendants() {
			if to := attributeOf(button, "formaction"); to != "" {
				actions = append(actions, to)
			}
		}
		for _, action := range actions {
			if f := (postForm{at, action, url.Values{}}); action != "" && f.fill(node) {
				all = append(all, f)
			}
		}
	}
	return all
}

// fill types into the fields of a form. It returns false if there are none.
func (f postForm) fill(form *nethtml.Node) (fields bool) {
	for node := range form.Descendants() {
		name, value := attributeOf(node, "name"), "typed into "+attributeOf(node, "name")
		switch kind := attributeOf(node, "type"); {
		case name == "" || node.DataAtom == atom.Button:
			continue
		case kind == "hidden":
			f.typed.Add(name, attributeOf(node, "value"))
			continue
		case kind == "password":
			value = typedPassword
		case kind == "radio" && f.typed.Has(name):
			f.typed.Del(name) // the last of them
			value = attributeOf(node, "value")
		case kind == "checkbox" || kind == "radio":
			value = attributeOf(node, "value")
		case node.DataAtom == atom.Select:
			value = lastOption(node)
		}
		f.typed.Add(name, value)
		fields = true
	}
	return fields
}

// lastOption returns the value of the last choice of a select.
func lastOption(list *nethtml.Node) (value string) {
	for node := range list.Descendants() {
		if node.DataAtom == atom.Option {
			value = attributeOf(node, "value")
		}
	}
	return value
}

func attributeOf(node *nethtml.Node, name string) string {
	i := slices.IndexFunc(node.Attr, func(a nethtml.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return node.Attr[i].Val
}

// holds returns what a form of a page holds as it stands.
func (p page) holds(t *testing.T, action string) url.Values {
	t.Helper()
	document, err := nethtml.Parse(strings.NewReader(p.body))
	must(t, err)
	for node := range document.Descendants() {
		if attributeOf(node, "action") != action && attributeOf(node, "formaction") != action {
			continue
		}
		for node.DataAtom != atom.Form {
			node = node.Parent
		}
		if attributeOf(node, "method") != "post" {
			continue
		}
		held := url.Values{}
		for field := range node.Descendants() {
			hold(held, field)
		}
		return held
	}
	t.Fatalf("the page has no form that sends to %s", action)
	return nil
}

func hold(held url.Values, field *nethtml.Node) {
	name, kind := attributeOf(field, "name"), attributeOf(field, "type")
	has := func(attribute string) bool {
		return slices.ContainsFunc(field.Attr, func(a nethtml.Attribute) bool { return a.Key == attribute })
	}
	switch {
	case field.DataAtom == atom.Option && has("selected"):
		list := field.Parent
		for list.DataAtom != atom.Select {
			list = list.Parent
		}
		held.Add(attributeOf(list, "name"), attributeOf(field, "value"))
	case field.DataAtom == atom.Textarea && field.FirstChild != nil:
		held.Add(name, field.FirstChild.Data)
	case field.DataAtom == atom.Input && (kind != "checkbox" && kind != "radio" || has("checked")):
		held.Add(name, attributeOf(field, "value"))
	}
}

// TestF32_AFormOutlivesItsSession fills in every form of the program, one of each kind, and sends
// it when the session has ended. It stands there again after signing in, filled, but for passwords.
func TestF32_AFormOutlivesItsSession(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "klic")
	s.account(h.id, "nora@noord.nl", "Nora", "user", "mail_link")
	s.request(h.user, h.shown, "why not")
	kinds := map[string]bool{}
	// Those to which no link leads from the first account that is found.
	also := []string{"/accounts/new?organizationId=" + h.id, "/accounts/" + h.user + "/block", "/accounts/" + h.user + "/close", "/accounts/selected?action=disable&id=" + h.user, "/regions/new?organizationId=" + h.id}
	for _, name := range []string{"root", "admin@noord.nl", "user@noord.nl"} {
		b := s.signIn(name, goodPassword, "en")
		for _, f := range s.everyForm(b, also, kinds) {
			b = f.outlives(t, b, name)
		}
	}
	if len(kinds) < 22 {
		t.Errorf("tried %d kinds of forms only: %v", len(kinds), slices.Sorted(maps.Keys(kinds)))
	}
}

// everyForm follows the links from the home page and returns a form of each kind that is new.
func (s *site) everyForm(b *browser, also []string, kinds map[string]bool) (all []postForm) {
	s.t.Helper()
	seen := map[string]bool{}
	for open := append([]string{"/"}, also...); len(open) > 0; {
		at := open[0]
		open = open[1:]
		p := b.send(http.MethodGet, at, nil)
		for _, f := range formsOf(s.t, at, p.body) {
			if kind := ids.ReplaceAllString(f.action, "{id}"); !kinds[kind] && kind != "/preferences" && kind != "/login" {
				kinds[kind] = true
				all = append(all, f)
			}
		}
		for _, link := range hrefs.FindAllStringSubmatch(p.body, -1) {
			to := html.UnescapeString(link[1])
			kind, _, _ := strings.Cut(ids.ReplaceAllString(to, "{id}"), "?")
			if !seen[kind] && !strings.HasPrefix(kind, "/static/") && !strings.HasPrefix(kind, "/api/") {
				seen[kind] = true
				open = append(open, to)
			}
		}
	}
	return all
}

// outlives sends a form after the session ended, and asks for it after signing in again.
func (f postForm) outlives(t *testing.T, b *browser, name string) *browser {
	t.Helper()
	b.endSession()
	ended := b.sendFrom(f.page, f.action, f.typed)
	if ended.status != http.StatusUnauthorized {
		t.Errorf("%s: %d", f.action, ended.status)
		return b.s.signIn(name, goodPassword, "en")
	}
	ended.says(t, "Sign in again and you will have the form back").hides(t, typedPassword)
	in := b.post("/login", "username", name, "password", goodPassword, "kept", ended.hidden(t, "kept"))
	in.leads(t, f.page)
	again := b.open(in.location).says(t, "Here is the form again").hides(t, typedPassword)
	held := again.holds(t, f.action)
	for field, want := range f.typed {
		if got := held[field]; want[0] != typedPassword && !slices.Equal(got, want) {
			t.Errorf("%s on %s: the field %s holds %q, not %q", f.action, f.page, field, got, want)
		}
	}
	b.open(in.location).hides(t, "Here is the form again") // it comes back once
	return b
}

// TestF32_AFormIsForItsSenderAlone asks that nobody else finds what was typed.
func TestF32_AFormIsForItsSenderAlone(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "klic")
	b := s.signIn("admin@noord.nl", goodPassword, "nl")
	edit := "/accounts/" + h.user + "/edit"
	b.open(edit)
	b.endSession()
	sealed := b.sendFrom(edit, edit, url.Values{"name": {"Geheime naam"}}).hides(t, "Geheime naam").hidden(t, "kept")
	b.post("/login", "username", "root", "password", goodPassword, "kept", sealed).leads(t, "/")
	b.open(edit).hides(t, "Geheime naam", "Het formulier staat er weer")

	stranger := s.browser("nl")
	stranger.sendFrom(edit, edit, url.Values{"name": {"x"}}).leads(t, "/login")
}

// TestF32_WhatFindsNoFieldIsShown asks that what was typed is not lost if the form is gone.
func TestF32_WhatFindsNoFieldIsShown(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "klic")
	b := s.signIn("admin@noord.nl", goodPassword, "nl")
	b.open("/")
	b.endSession()
	sealed := b.sendFrom("/accounts/"+h.user, "/accounts/"+h.user+"/block", url.Values{"reason": {"misbruik <gemeld>"}}).hidden(t, "kept")
	in := b.post("/login", "username", "admin@noord.nl", "password", goodPassword, "kept", sealed)
	b.open(in.location).says(t, "geen veld meer", "misbruik &lt;gemeld&gt;")
}

// TestF32_APartOfAPageLeadsToSigningIn asks that the form to sign in does not stand within a list.
func TestF32_APartOfAPageLeadsToSigningIn(t *testing.T) {
	s := newSite(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Server.URL+"/accounts?q=x", nil)
	must(t, err)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Current-URL", s.Server.URL+"/accounts?q=y")
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	if got := resp.Header.Get("HX-Redirect"); resp.StatusCode != http.StatusUnauthorized || got != "/login?next=%2Faccounts%3Fq%3Dy" {
		t.Errorf("%d, to %q", resp.StatusCode, got)
	}
}

// endSession forgets the session, as the server does after some time.
func (b *browser) endSession() {
	here, err := url.Parse(b.s.Server.URL)
	must(b.s.t, err)
	b.jar.SetCookies(here, []*http.Cookie{{Name: "sleutelbos", Path: "/", MaxAge: -1}})
}

// sendFrom sends a form as it stands on a page.
func (b *browser) sendFrom(from, action string, typed url.Values) page {
	b.s.t.Helper()
	b.referer = b.s.Server.URL + from
	defer func() { b.referer = "" }()
	return b.send(http.MethodPost, action, typed)
}
