package ui_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestOrganizations(t *testing.T) {
	s := newSite(t)
	root := s.signIn("root", goodPassword, "nl")
	form := root.open("/organizations/new").says(t, "Organisatie registreren", "NEN", "mailadres in een toegestaan domein", "KLIC", " · Regio&#39;s</span>")
	id := form.hidden(t, "organizationId")

	t.Run("are registered with a preset, and keep what was typed when refused", func(t *testing.T) {
		p := root.post("/organizations/new", "organizationId", id, "name", "Normaal <b>", "preset", "nen", "domains", "gmail.com")
		if p.status != http.StatusUnprocessableEntity {
			t.Fatalf("a public domain: %d", p.status)
		}
		p.says(t, "In dit domein kan iedereen een adres krijgen", "Normaal &lt;b&gt;", ">gmail.com</textarea>")
		for range 2 {
			root.post("/organizations/new", "organizationId", id, "name", "Normaal", "preset", "nen", "domains", "normaal.nl\r\n@norm.nl").leads(t, "/organizations/"+id)
		}
		root.open("/organizations/"+id).says(t, "normaal.nl", "norm.nl", "Profiel: Normen en licenties", "<dt>Regio&#39;s</dt><dd>nee").hides(t, "anders dan het profiel")
		root.open("/organizations?q=norma").says(t, "/organizations/"+id)
	})
	t.Run("say which line has a domain that is refused, whatever is wrong with it (F-36)", func(t *testing.T) {
		for typed, want := range map[string]string{
			"goed.nl\r\nmünchen\r\n":            "Regel 2: ",
			"goed.nl, ook.nl\r\n\r\n@gmail.com": "Regel 3: In dit domein kan iedereen een adres krijgen",
			"goed.nl\r\nook.nl\r\nnorm.nl":      "Regel 3: Het domein hoort bij een andere organisatie",
		} {
			p := root.post("/organizations/new", "organizationId", uuid.NewString(), "name", "Regels", "preset", "nen", "domains", typed)
			p.says(t, want)
			if p.status < http.StatusBadRequest {
				t.Errorf("%q: %d", typed, p.status)
			}
		}
	})
	t.Run("say what was changed from the preset", func(t *testing.T) {
		rules := root.open("/organizations/" + id + "/rules")
		seen := rules.hidden(t, "revision")
		if p := root.post("/organizations/"+id+"/rules/passwordMinLength", "revision", seen, "value", "4"); p.status != http.StatusUnprocessableEntity {
			t.Errorf("a weak policy: %d", p.status)
		} else {
			p.says(t, "Van 8 tot 128 tekens", `value="4"`)
		}
		root.post("/organizations/"+id+"/rules/passwordMinLength", "revision", seen, "value", "12", "reason", "Na het onderzoek").leads(t, "/organizations/"+id+"/rules")
		root.open("/organizations/"+id).says(t, "anders dan het profiel", "<dd>12", "(profiel: 8)", "· root · „Na het onderzoek”")
		stale := root.post("/organizations/"+id+"/rules/activationMonths", "revision", seen, "value", "3")
		if stale.status != http.StatusPreconditionFailed {
			t.Fatalf("a stale form: %d", stale.status)
		}
		stale.says(t, "Intussen door een ander gewijzigd", `value="3"`)
		root.post("/organizations/"+id+"/rules/activationMonths", "revision", stale.hidden(t, "revision"), "value", "3").leads(t, "/organizations/"+id+"/rules")
		if p := root.post("/organizations/"+id+"/rules/usernameRule", "revision", stale.hidden(t, "revision"), "value", "unique"); p.status != http.StatusPreconditionFailed {
			t.Errorf("an older form: %d", p.status)
		}
		if p := root.post("/organizations/"+id+"/rules/nonsense", "revision", seen); p.status != http.StatusNotFound {
			t.Errorf("an unknown rule: %d", p.status)
		}
	})
	t.Run("tell the provider whose names were there before a domain (F-49)", func(t *testing.T) {
		h := s.house("holland", "klic")
		root.open("/organizations/"+id).hides(t, "die al een gebruikersnaam in dit domein hadden")
		root.post("/organizations/"+id+"/domains", "domain", "holland.nl").leads(t, "/organizations/"+id)
		root.open("/organizations/"+id).says(t, "die al een gebruikersnaam in dit domein hadden", `<a href="/accounts/`+h.user+`">user@holland.nl</a>, holland`)
		s.policy(id, "firstChannels", "mail_link,admin_password")
		s.account(id, "iris@normaal.nl", "Iris", "admin", "admin_password")
		s.signIn("iris@normaal.nl", goodPassword, "nl").open("/organizations/"+id).says(t, "holland.nl").hides(t, "user@holland.nl", "die al een gebruikersnaam")
	})
	t.Run("go back to the preset, by a button", func(t *testing.T) {
		rules := root.open("/organizations/"+id+"/rules").says(t, "Terug naar het profiel: 8")
		root.post("/organizations/"+id+"/rules/passwordMinLength", "revision", rules.hidden(t, "revision"), "was-value", "12", "value", "8").leads(t, "/organizations/"+id+"/rules")
		root.open("/organizations/"+id+"/rules").hides(t, "Terug naar het profiel: 8")
	})
	t.Run("take several values, and show what held on a day", func(t *testing.T) {
		revision := root.open("/organizations/"+id+"/rules").hidden(t, "revision")
		root.post("/organizations/"+id+"/rules/firstChannels", "revision", revision, "value", "mail_link", "value", "mail_link_and_letter_code", "value", "admin_password").leads(t, "/organizations/"+id+"/rules")
		root.open("/organizations/"+id).says(t, "link per mail, link per mail en code per brief, wachtwoord van de beheerder")
		root.open("/organizations/"+id+"?asOf=2020-01-01").says(t, "Toen was de organisatie er nog niet.", "Regels op 1 jan 2020")
		root.open("/organizations/"+id+"?asOf=2026-03-14").says(t, "Regels op 14 mrt 2026", "link per mail, link per mail en code per brief, wachtwoord van de beheerder")
		root.open("/organizations/"+id+"/history").says(t, "wijzigde een regel van de organisatie", "link per mail, link per mail en code per brief, wachtwoord van de beheerder")
	})
	t.Run("take domains back after saying what follows", func(t *testing.T) {
		path := "/organizations/" + id + "/domains/norm.nl/withdraw"
		root.open(path).says(t, "Nieuwe gebruikersnamen in dit domein worden geweigerd", "Een andere organisatie kan het domein gebruiken")
		root.post(path).leads(t, "/organizations/"+id)
		root.open("/organizations/"+id).hides(t, "norm.nl/withdraw")
		if p := root.post("/organizations/"+id+"/domains", "domain", "no domain"); p.status != http.StatusUnprocessableEntity {
			t.Errorf("no domain: %d", p.status)
		}
	})
	t.Run("are read by their admin, who sets no domain and no rule (N-8)", func(t *testing.T) {
		s.account(id, "ada@normaal.nl", "Ada", "admin", "admin_password")
		ada := s.signIn("ada@normaal.nl", goodPassword, "nl")
		ada.get("/organizations").leads(t, "/organizations/"+id)
		ada.open("/organizations/"+id).says(t, "normaal.nl", "klantenservice").hides(t, `name="domain"`, "withdraw", "Regels wijzigen")
		for _, path := range []string{"/domains", "/domains/normaal.nl/withdraw", "/rules/passwordMinLength"} {
			if p := ada.post("/organizations/"+id+path, "domain", "x.nl", "revision", "1", "value", "9"); p.status != http.StatusForbidden {
				t.Errorf("%s: %d", path, p.status)
			}
		}
		for _, path := range []string{"/organizations/new", "/organizations/" + id + "/rules"} {
			if p := ada.get(path); p.status != http.StatusForbidden {
				t.Errorf("%s: %d", path, p.status)
			}
		}
	})
}

// unsaid finds keys of texts that nobody says, and texts that miss an argument.
var unsaid = regexp.MustCompile(`(?:^|[\s>"])(?:accounts|selected|will|act|change|new|role|rule|account|security|secret|password|organizations?|organization-new|preset|preset-help|domain|admins|rules|done)\.[a-z_.-]+[\s<"]|%!`)

func TestPagesInEveryLanguage(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	robot := s.account(h.id, "robot", "Robot", "service", "admin_password")
	s.request(h.user, h.shown, "nodig")
	for language, title := range map[string]string{"nl": "Gebruikers", "en": "Users"} {
		root := s.signIn("root", goodPassword, language)
		paths := []string{
			"/accounts", "/accounts?badge=blocked&role=user&organizationId=" + h.id, "/accounts/new", "/accounts/new?organizationId=" + h.id,
			"/accounts/selected?action=send&id=" + h.user, "/accounts/selected?action=disable&id=" + h.user, "/accounts/selected?action=send",
			"/accounts/" + h.user, "/accounts/" + h.user + "/licenses", "/accounts/" + h.user + "/mail", "/accounts/" + h.user + "/security", "/accounts/" + robot + "/security",
			"/accounts/" + h.user + "/edit", "/accounts/" + h.user + "/username", "/accounts/" + h.user + "/validity",
			"/organizations", "/organizations/new", "/organizations/" + h.id, "/organizations/" + h.id + "/admins?q=user", "/organizations/" + h.id + "/licenses",
			"/organizations/" + h.id + "/rules", "/organizations/" + h.id + "/domains/holland.nl/withdraw",
		}
		for _, act := range []string{"send", "block", "unblock", "disable", "enable", "close", "appoint", "dismiss", "clear-validity"} {
			paths = append(paths, "/accounts/"+h.user+"/"+act)
		}
		for _, path := range paths {
			p := root.open(path).says(t, title, `lang="`+language+`"`)
			_, content, _ := strings.Cut(p.body, "<main")
			if found := unsaid.FindString(content); found != "" {
				t.Errorf("%s in %s says %q", path, language, found)
			}
			for _, inline := range []string{" style=", "onclick", "<script>", "hx-on"} {
				if strings.Contains(content, inline) {
					t.Errorf("%s holds %s, which the policy forbids", path, inline)
				}
			}
		}
	}
}
