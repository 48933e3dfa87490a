package ui_test

import (
	"encoding/csv"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hidden returns the value of a hidden field of a page's form.
func (p page) hidden(t *testing.T, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(p.body, `name="`+name+`" value="`)
	if !found {
		t.Fatalf("there is no field %s:\n%s", name, p.body)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

var rowLink = regexp.MustCompile(`<tr data-href="/accounts/([0-9a-f-]{36})">`)

// rows returns the ids of the accounts in a list.
func (p page) rows() []string {
	var ids []string
	for _, match := range rowLink.FindAllStringSubmatch(p.body, -1) {
		ids = append(ids, match[1])
	}
	return ids
}

// link returns where the first link with these attributes leads.
func (p page) link(t *testing.T, before string) string {
	t.Helper()
	_, rest, found := strings.Cut(p.body, before+` href="`)
	if !found {
		t.Fatalf("there is no link %s:\n%s", before, p.body)
	}
	href, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(href)
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
}

// TestListOfAccounts holds R-10 and K-2.
func TestListOfAccounts(t *testing.T) {
	s := newSite(t)
	h, other := s.house("holland", "klic"), s.house("belgium", "klic")
	waiting := s.account(h.id, "wim@holland.nl", "Wim Wacht", "user", "mail_link_and_letter_code")
	formula := s.account(h.id, "formula@holland.nl", "=cmd()", "user", "admin_password")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")

	t.Run("shows the accounts within reach, and no other", func(t *testing.T) {
		p := b.open("/accounts").says(t, "Gebruikers", "Ursula &lt;a href=&#34;//evil&#34;&gt;holland", "activatie niet verstuurd").hides(t, "belgium", "<a href=\"//evil\">")
		ids := p.rows()
		slices.Sort(ids)
		want := []string{h.admin, h.user, waiting, formula}
		slices.Sort(want)
		same(t, ids, want)
	})
	t.Run("filters, and says by which", func(t *testing.T) {
		p := b.open("/accounts?badge=activation_not_sent").says(t, "Status: activatie niet verstuurd", "Filter weghalen")
		same(t, p.rows(), []string{waiting})
		same(t, b.open("/accounts?q=wacht").rows(), []string{waiting})
		b.open("/accounts?q=nobody").says(t, "Geen gebruiker past bij deze zoekvraag", "Alle filters weghalen")
	})
	t.Run("pages by keyset, and leads back to the first", func(t *testing.T) {
		first := b.open("/accounts?limit=3&sort=username")
		second := b.open(first.link(t, `<a class="button" rel="next"`)).says(t, "Eerste").hides(t, `rel="next"`)
		same(t, append(first.rows(), second.rows()...), []string{h.admin, formula, h.user, waiting})
		if p := b.get(first.link(t, `<a class="button" rel="next"`) + "&role=user"); p.status != http.StatusBadRequest {
			t.Errorf("a cursor of another question: %d", p.status)
		}
	})
	t.Run("as CSV holds just what is filtered, and no formula", func(t *testing.T) {
		p := b.get(b.open("/accounts?role=user&q=holland").link(t, `</a><a class="button plain"`))
		lines, err := csv.NewReader(strings.NewReader(p.body)).ReadAll()
		must(t, err)
		column := slices.Index(lines[0], "name")
		var names []string
		for _, line := range lines[1:] {
			names = append(names, line[column])
		}
		slices.Sort(names)
		same(t, names, []string{"'=cmd()", `Ursula <a href="//evil">holland`, "Wim Wacht"})
	})
	t.Run("F-31: offers the same for people", func(t *testing.T) {
		b.get(b.open("/accounts?role=user&q=holland").link(t, `<a class="button"`)).says(t, "\ufeffId;", ";Gebruikersnaam;", ";'=cmd();").hides(t, "=admin")
	})
	t.Run("leaves closed accounts out until asked for", func(t *testing.T) {
		gone := s.account(h.id, "gone@holland.nl", "Weg", "user", "admin_password")
		b.post("/accounts/"+gone+"/close", "reason", "uit dienst").leads(t, "/accounts/"+gone)
		b.open("/accounts").hides(t, "gone@holland.nl")
		b.open("/accounts?show=all").says(t, "gone@holland.nl", "Ook gesloten accounts")
		same(t, b.open("/accounts?badge=closed").rows(), []string{gone})
	})
	t.Run("keeps the chosen columns", func(t *testing.T) {
		b.post("/accounts/columns", "column", "status", "column", "created", "column", "nonsense", "next", "/accounts?role=user").leads(t, "/accounts?role=user")
		b.open("/accounts").says(t, `data-label="Aangemaakt"`).hides(t, `data-label="Rol"`)
	})
	t.Run("refuses what lies outside", func(t *testing.T) {
		for _, path := range []string{
			"/accounts/" + other.user, "/accounts/" + other.user + "/edit", "/accounts/" + other.user + "/block", "/accounts/" + other.user + "/security",
			"/accounts/" + other.user + "/mail", "/accounts/" + other.user + "/licenses", "/accounts?organizationId=" + other.id, "/organizations/" + other.id,
			"/organizations/" + other.id + "/admins", "/accounts/selected?action=send&id=" + other.user, "/accounts/nonsense", "/organizations/nonsense",
		} {
			if p := b.get(path); p.status != http.StatusNotFound {
				t.Errorf("GET %s: %d", path, p.status)
			}
		}
		if p := b.post("/accounts/"+other.user+"/block", "reason", "x"); p.status != http.StatusNotFound {
			t.Errorf("block: %d", p.status)
		}
	})
	t.Run("is not a holder's", func(t *testing.T) {
		holder := s.signIn("user@holland.nl", goodPassword, "nl")
		holder.get("/accounts").leads(t, "/accounts/"+h.user)
		holder.open("/accounts/"+h.user).hides(t, "Blokkeren", "Gegevens wijzigen")
		for _, path := range []string{"/accounts/" + h.admin, "/accounts/new", "/accounts/" + h.user + "/edit"} {
			if p := holder.get(path); p.status != http.StatusNotFound && p.status != http.StatusForbidden {
				t.Errorf("GET %s: %d", path, p.status)
			}
		}
	})
}

// TestSearch holds R-11.
func TestSearch(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	s.house("belgium", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	b.get("/search?q=user%40hol").leads(t, "/accounts/"+h.user)
	b.get("/search?q=belgium").leads(t, "/accounts?q=belgium&show=all")
	b.get("/search?q=holland").leads(t, "/accounts?q=holland&show=all")
}

// TestNewAccount holds, O-1, K-5, N-1, N-2, N-3 and N-4.
func TestNewAccount(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	root := s.signIn("root", goodPassword, "nl")
	rules := "/organizations/" + h.id + "/rules"
	root.post(rules+"/usernameRule", "revision", root.open(rules).hidden(t, "revision"), "value", "email_in_allowed_domain").leads(t, rules)
	root.open("/accounts/new").says(t, "Kies een organisatie").hides(t, `name="username"`)
	form := root.open("/accounts/new?organizationId="+h.id).says(t, "Een gebruikersnaam is een mailadres in een toegestaan domein",
		"elke gebruikersnaam wordt geweigerd", "Link per mail", `data-rule="length"`)
	id := form.hidden(t, "accountId")
	fields := []string{
		"accountId", id, "organizationId", h.id, "givenName", "Gerda", "surnamePrefix", "van", "surname", "Aa <i>", "role", "user", "channel", "admin_password",
		"generatePassword", "yes", "phone", "+31 20 1234567", "description", "op de begane grond",
	}

	t.Run("keeps what was typed when it is refused, and never a password", func(t *testing.T) {
		p := root.post("/accounts/new", append(fields, "username", "gerda@elsewhere.nl", "password", goodPassword)...)
		if p.status != http.StatusUnprocessableEntity {
			t.Fatalf("got %d", p.status)
		}
		p.says(t, "Het mailadres is niet van een domein van de organisatie", `value="gerda@elsewhere.nl"`, `value="Gerda"`, `value="van"`, `value="Aa &lt;i&gt;"`, "op de begane grond",
			`value="&#43;31 20 1234567"`, `value="`+id+`"`, `aria-invalid="true"`).hides(t, goodPassword)
	})
	t.Run("says which fields are wrong", func(t *testing.T) {
		p := root.post("/accounts/new", "accountId", id, "organizationId", h.id, "role", "user", "channel", "mail_link")
		p.says(t, "Dit klopt nog niet:", `<a href="#field-username">Gebruikersnaam: Dit is verplicht.</a>`, `<a href="#field-name">Naam: Dit is verplicht.</a>`)
	})
	t.Run("shows a generated password once, and makes one account however often it is sent", func(t *testing.T) {
		root.post("/organizations/"+h.id+"/domains", "domain", "@Holland.nl").leads(t, "/organizations/"+h.id)
		fields := append(fields, "username", "gerda@holland.nl")
		p := root.post("/accounts/new", fields...)
		if p.status != http.StatusOK {
			t.Fatalf("got %d\n%s", p.status, p.body)
		}
		p.says(t, "Dit wachtwoord ziet u alleen nu", "data-copy", "gerda@holland.nl")
		password := p.link2(t, `id="secret" readonly value="`)
		root.post("/accounts/new", fields...).leads(t, "/accounts/"+id)
		root.open("/accounts/"+id).hides(t, password)
		s.signIn("gerda@holland.nl", password, "nl").get("/accounts").leads(t, "/password")
	})
	t.Run("sends the mail and the letter where asked to", func(t *testing.T) {
		id := root.open("/accounts/new?organizationId="+h.id).hidden(t, "accountId")
		root.post("/accounts/new", "accountId", id, "organizationId", h.id, "name", "Piet", "username", "piet@holland.nl", "role", "user",
			"channel", "mail_link_and_letter_code", "sendNow", "yes", "form", id).leads(t, "/accounts/"+id)
		root.open("/accounts/"+id).says(t, "de brief staat klaar bij Brieven", "activatie verstuurd", "Opnieuw versturen")
		s.link()
	})
	t.Run("offers an admin its own organization and no role above", func(t *testing.T) {
		p := s.signIn("admin@holland.nl", goodPassword, "en").open("/accounts/new")
		p.says(t, "A username is a mail address in an allowed domain", "<code>@holland.nl</code>").hides(t, `id="organization"`, `value="platform"`)
	})
}

// link2 returns what stands between a text and the next quote.
func (p page) link2(t *testing.T, before string) string {
	t.Helper()
	_, rest, found := strings.Cut(p.body, before)
	if !found {
		t.Fatalf("the page does not hold %s:\n%s", before, p.body)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// TestActs holds N-30.
func TestActs(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	account := "/accounts/" + h.user

	t.Run("show what follows, ask for a reason, and can be undone", func(t *testing.T) {
		b.open(account+"/block").says(t, "Het account wordt geblokkeerd", "wordt meteen afgemeld", "U kunt dit later terugdraaien")
		if p := b.post(account+"/block", "reason", " "); p.status != http.StatusUnprocessableEntity {
			t.Errorf("without a reason: %d", p.status)
		} else {
			p.says(t, "Dit is verplicht", `id="field-reason"`)
		}
		b.post(account+"/block", "reason", "misbruik gemeld").leads(t, account+"?undo=unblock")
		b.open(account+"?undo=unblock").says(t, "Het account is geblokkeerd.", "Toch niet?", "„misbruik gemeld”", "Ad &lt;b&gt;holland", `href="`+account+`/unblock"`)
		b.post(account+"/unblock", "reason", "").leads(t, account+"?undo=block")
		b.open(account).says(t, "Blokkeren").hides(t, "Deblokkeren")
	})
	t.Run("say beforehand what a rule will refuse", func(t *testing.T) {
		b.open("/accounts/"+h.admin+"/disable").says(t, "Dit kan nu niet", "ten minste één beheerder").hides(t, "<textarea")
		if p := b.post("/accounts/"+h.admin+"/disable", "reason", "weg", "ownAccount", "yes"); p.status != http.StatusConflict {
			t.Errorf("the last administrator: %d", p.status)
		}
	})
	t.Run("closing says that it is final and frees the name", func(t *testing.T) {
		b.open(account+"/close").says(t, "De naam komt vrij", "niet terug te draaien")
	})
	t.Run("appoint and dismiss", func(t *testing.T) {
		b.post(account+"/appoint").leads(t, account+"?undo=dismiss")
		b.open("/organizations/"+h.id+"/admins").says(t, "user@holland.nl")
		b.open(account+"/dismiss").says(t, "geen beheerder meer")
		b.post(account+"/dismiss").leads(t, account+"?undo=appoint")
	})
	t.Run("are not for who only looks", func(t *testing.T) {
		s.account(h.id, "look@holland.nl", "Kijker", "compliance", "admin_password")
		look := s.signIn("look@holland.nl", goodPassword, "nl")
		look.open(account).says(t, "Gegevens").hides(t, "/block\"", "/edit\"")
		look.open("/accounts").hides(t, "data-select", "Gebruiker toevoegen")
		for _, act := range []string{"block", "edit", "username", "validity", "appoint", "password", "keys"} {
			if p := look.post(account+"/"+act, "reason", "x", "revision", "1", "name", "x"); p.status != http.StatusForbidden {
				t.Errorf("%s: %d", act, p.status)
			}
		}
	})
}

func TestChanges(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	account := "/accounts/" + h.user
	revision := b.open(account+"/edit").hidden(t, "revision")

	b.post(account+"/edit", "revision", revision, "givenName", "Ursula", "surnamePrefix", "", "surname", "Aa", "email", "u@example.nl").leads(t, account)
	b.open(account).says(t, "De gegevens zijn opgeslagen", "u@example.nl")
	stale := b.post(account+"/edit", "revision", revision, "givenName", "Ursula", "surnamePrefix", "", "surname", "Meer", "email", "", "phone", "12345")
	if stale.status != http.StatusPreconditionFailed {
		t.Fatalf("a stale form: %d", stale.status)
	}
	stale.says(t, "Intussen door een ander gewijzigd", `value="Meer"`, `value="12345"`, "u@example.nl")
	b.post(account+"/edit", "revision", stale.hidden(t, "revision"), "givenName", "Ursula", "surnamePrefix", "", "surname", "Meer", "email", "", "phone", "12345").leads(t, account)
	b.open(account).says(t, "Ursula Meer", "12345").hides(t, "u@example.nl")

	now := func(form string) string { return b.open(account+"/"+form).hidden(t, "revision") }
	if p := b.post(account+"/username", "revision", now("username"), "username", "admin@holland.nl"); p.status != http.StatusConflict {
		t.Errorf("a taken username: %d", p.status)
	} else {
		p.says(t, "De gebruikersnaam is in gebruik", `value="admin@holland.nl"`)
	}
	b.post(account+"/username", "revision", now("username"), "username", "ursula").leads(t, account)
	if p := b.post(account+"/validity", "revision", now("validity"), "validUntil", "2020-01-01"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a past day: %d", p.status)
	}
	b.post(account+"/validity", "revision", now("validity"), "validUntil", "2026-03-20").leads(t, account)
	same(t, b.open(b.open("/accounts").link(t, `<li><a class="chip"`)).status, http.StatusOK)
	b.open("/accounts?validUntilBefore=2026-04-13&expired=false").says(t, "20 mrt 2026", "Eindigt vóór 13 apr 2026")
	b.post(account+"/clear-validity").leads(t, account)
	b.open(account).says(t, "geen einddatum")
}

func TestSelected(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	one := s.account(h.id, "one@holland.nl", "Een", "user", "mail_link")
	two := s.account(h.id, "two@holland.nl", "Twee", "user", "mail_link")
	s.send(one) // so that this one has a link already
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	confirm := b.open("/accounts/selected?action=send&id="+one+"&id="+two+"&id="+h.user).says(t, "2 van 3 kan", "De vorige link werkt niet meer",
		"Dit account wordt niet met een link geactiveerd", "2 activaties versturen")
	form := confirm.hidden(t, "form")
	for range 2 { // as by somebody who sends the form twice
		b.goOn(form).says(t, "2 van 3 gelukt", "Verstuurd", "Dit account wordt niet met een link geactiveerd")
	}
	b.open("/accounts/"+one).says(t, "2×")
	b.open("/accounts/"+two).says(t, "activatie verstuurd").hides(t, "2×")
	form = b.open("/accounts/selected?action=disable&id="+one+"&id="+h.admin).hidden(t, "form")
	if p := b.post("/accounts/selected", "form", form); p.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.status)
	} else {
		p.says(t, "1 van 2 kan", `name="reason"`).hides(t, "Uitgeschakeld") // it was not done, so it is asked again
	}
	b.goOn(form, "reason", "opgeschoond").says(t, "1 van 2 gelukt", "Dit is uw eigen account.")
	b.open("/accounts/"+one).says(t, "uitgeschakeld", "„opgeschoond”")
	if p := b.get("/accounts/selected?action=erase&id=" + one); p.status != http.StatusBadRequest {
		t.Errorf("an unknown action: %d", p.status)
	}
}

// TestSecurity holds R-22.
func TestSecurity(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	robot := "/accounts/" + s.account(h.id, "robot", "Robot", "service", "admin_password")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")

	t.Run("a key is shown once, however often the form is sent", func(t *testing.T) {
		form := b.open(robot+"/security").says(t, "API-sleutels", "Er zijn geen sleutels").hidden(t, "form")
		p := b.post(robot+"/keys", "form", form, "name", "export <b>")
		key := p.link2(t, `id="secret" readonly value="`)
		again := b.post(robot+"/keys", "form", form, "name", "export <b>")
		same(t, again.link2(t, `id="secret" readonly value="`), key)
		list := b.open(robot+"/security").says(t, "export &lt;b&gt;").hides(t, key)
		same(t, strings.Count(list.body, "/revoke\""), 1)
		revoke := list.link2(t, `<form method="post" action="`+robot+`/keys/`)
		b.post(robot+"/keys/"+revoke).leads(t, robot+"/security")
		b.open(robot+"/security").says(t, "De sleutel is ingetrokken", "Er zijn geen sleutels")
		if p := b.post(robot+"/keys", "name", ""); p.status != http.StatusUnprocessableEntity {
			t.Errorf("a key without a name: %d", p.status)
		}
	})
	t.Run("a password by its rules, or generated", func(t *testing.T) {
		user := "/accounts/" + h.user
		if p := b.post(user+"/password", "password", "short"); p.status != http.StatusUnprocessableEntity {
			t.Errorf("a short password: %d", p.status)
		} else {
			p.says(t, "Ten minste").hides(t, `value="short"`)
		}
		b.post(user+"/password", "password", "Een-ander-woord-8", "keepPassword", "yes").leads(t, user+"/security")
		password := b.post(user+"/password", "generatePassword", "yes").link2(t, `id="secret" readonly value="`)
		s.signIn("user@holland.nl", password, "nl")
	})
}
