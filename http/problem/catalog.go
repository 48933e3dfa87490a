package problem

import (
	"regexp"
	"strings"

	"sleutelbos/http/words"
)

// sentence is one detail in both languages. English is empty where the domain says it
// itself, with what only it knows (a length, a list).
type sentence struct{ english, dutch string }

// text returns the sentence for a code. English prefers the sentence of the refusal; a
// code without a sentence of its own is said by its ending ("email-invalid").
func text(l words.Language, code, english string) string {
	s, ok := lookup(code)
	switch {
	case l == words.Dutch && ok:
		n := number.FindString(english)
		return words.Count(strings.ReplaceAll(s.dutch, "{n}", n), n)
	case english != "" || !ok:
		return english
	case s.english == "": // the domain would say it itself; here the edge refuses with its code
		s, _ = byEnding(code)
	}
	return s.english
}

// number is what a refusal counts ("At least 12 characters."); no sentence counts two things.
var number = regexp.MustCompile(`[0-9]+`)

// Text returns the sentence for a code in a language; empty for an unknown code.
func Text(l words.Language, code string) string { return text(l, code, "") }

func lookup(code string) (sentence, bool) {
	if s, ok := sentences[code]; ok {
		return s, true
	}
	return byEnding(code)
}

func byEnding(code string) (sentence, bool) {
	for _, e := range endings {
		if strings.HasSuffix(code, e.ending) {
			return e.sentence, true
		}
	}
	return sentence{}, false
}

var endings = []struct {
	ending   string
	sentence sentence
}{
	{"-required", sentence{"This is required.", "Dit is verplicht."}},
	{"-too-short", sentence{"This is too short.", "Dit is te kort."}},
	{"-too-long", sentence{"This is too long.", "Dit is te lang."}},
	{"-invalid", sentence{"This is not acceptable.", "Dit is niet geldig."}},
	{"-not-found", sentence{"There is no such thing.", "Dit bestaat niet."}},
}

var sentences = map[string]sentence{
	// Of the edge.
	"internal":                {"Something went wrong on our side. Mention the request id when you report it.", "Er ging bij ons iets mis. Noem het aanvraagnummer als u het meldt."},
	"store-unavailable":       {"A store is out of reach. Try again in a moment.", "Een opslag is niet bereikbaar. Probeer het zo dadelijk opnieuw."},
	"read-model-behind":       {"What you ask for is not visible yet. Try again in a moment.", "Wat u vraagt is nog niet zichtbaar. Probeer het zo dadelijk opnieuw."},
	"stale":                   {"It has changed since you read it.", "Het is gewijzigd sinds u het las."},
	"too-large":               {"The request is too large.", "De aanvraag is te groot."},
	"too-many-requests":       {"Too many requests. Wait a moment.", "Te veel aanvragen. Wacht even."},
	"not-json":                {"The body is not JSON in UTF-8.", "De inhoud is geen JSON in UTF-8."},
	"not-json-media-type":     {"The body must be application/json.", "De inhoud moet application/json zijn."},
	"member-unknown":          {"There is no member with this name.", "Er is geen veld met deze naam."},
	"member-twice":            {"A member is given twice.", "Een veld is twee keer opgegeven."},
	"member-kind":             {"A member is of the wrong kind.", "Een veld heeft een verkeerde soort."},
	"several-invalid":         {"Several members are not acceptable.", "Meer dan één veld is niet geldig."},
	"parameter-invalid":       {"A parameter is not acceptable.", "Een parameter is niet geldig."},
	"parameter-unknown":       {"There is no parameter with this name.", "Er is geen parameter met deze naam."},
	"cursor-invalid":          {"The cursor does not belong to this query.", "De cursor hoort niet bij deze zoekvraag."},
	"idempotency-key-invalid": {"Idempotency-Key must be a UUID.", "Idempotency-Key moet een UUID zijn."},
	"if-match-invalid":        {"If-Match must be one revision between double quotes.", "If-Match moet één revisie tussen aanhalingstekens zijn."},
	"dry-run-invalid":         {"Dry-Run must be true or false.", "Dry-Run moet true of false zijn."},
	"not-found":               {"There is no such thing.", "Dit bestaat niet."},
	"command-unknown":         {"There is no such command.", "Deze opdracht bestaat niet."},
	"method-not-allowed":      {"This address does not take that method.", "Dit adres kent die methode niet."},
	"misdirected":             {"This server does not answer for that host.", "Deze server antwoordt niet voor die host."},
	"cross-origin":            {"The request came from another site.", "De aanvraag kwam van een andere site."},
	"token-in-url":            {"A credential does not belong in an address.", "Een sleutel hoort niet in een adres."},
	"revision-unknown":        {"There is no such revision.", "Deze stap bestaat niet."},
	"reactor-not-rebuilt":     {"A reactor is not rebuilt: it would send everything again.", "Een reactie wordt niet opnieuw opgebouwd: ze zou alles nogmaals versturen."},
	"rebuild-running":         {"It is being rebuilt already.", "Het wordt al opnieuw opgebouwd."},

	// Of the account.
	"account-not-found":         {"", "Dit account bestaat niet."},
	"account-exists":            {"", "Er is al een account met dit id."},
	"account-closed":            {"", "Het account is gesloten."},
	"account-blocked":           {"", "Het account is geblokkeerd."},
	"account-disabled":          {"", "Het account is uitgeschakeld."},
	"account-expired":           {"", "Het account was geldig tot een dag die voorbij is."},
	"account-not-activated":     {"", "Het account is nog niet geactiveerd."},
	"already-activated":         {"", "Het account is al geactiveerd."},
	"activation-not-applicable": {"", "Dit account wordt niet met een link geactiveerd."},
	"activation-not-sent":       {"", "Er is nog geen activatie verstuurd."},
	"activation-pending":        {"", "Het account wacht op zijn activatie."},
	"activation-superseded":     {"", "Een nieuwere activatie verving deze."},
	"activation-expired":        {"", "De activatie is verlopen. Vraag een nieuwe aan."},
	"activation-code-wrong":     {"", "De code uit de brief klopt niet."},
	"activation-code-void":      {"", "De code is te vaak geprobeerd. Vraag een nieuwe activatie aan."},
	"role-invalid":              {"", "Dit is geen rol."},
	"channel-invalid":           {"", "Dit is geen kanaal voor dit account."},
	"email-required":            {"", "De activatie heeft een mailadres nodig."},
	"email-invalid":             {"", "Dit is geen mailadres van de vorm naam@domein."},
	"domain-invalid":            {"", "Dit is geen domeinnaam in kleine letters (of punycode)."},
	"phone-invalid":             {"", "Een telefoonnummer heeft 5 tot 30 cijfers, spaties, +, -, ( en )."},
	"country-invalid":           {"", "Een land is twee hoofdletters van ISO 3166."},
	"valid-until-invalid":       {"", "Dit is geen datum (jjjj-mm-dd)."},
	"valid-until-past":          {"", "Deze dag is voorbij."},
	"password-required":         {"", "Het account heeft een wachtwoord nodig."},
	"password-not-applicable":   {"", "Het account heeft geen wachtwoord."},
	"expires-at-past":           {"", "De activatie zou al voorbij zijn."},
	"api-key-not-applicable":    {"", "Alleen serviceaccounts en platformaccounts hebben API-sleutels."},
	"api-key-not-found":         {"", "Het account heeft deze API-sleutel niet."},
	"api-key-exists":            {"", "Er was al een API-sleutel met dit id."},
	"password-not-allowed":      {"", "Met een link per mail kiest de accounthouder het wachtwoord."},

	// Of passwords.
	"password-too-short":         {"", "Ten minste {n} tekens."},
	"password-too-long":          {"", "Hoogstens {n} tekens."},
	"password-needs-upper":       {"", "Ten minste {n} {hoofdletter|hoofdletters}."},
	"password-needs-digit":       {"", "Ten minste {n} {cijfer|cijfers}."},
	"password-contains-username": {"", "Het wachtwoord mag de gebruikersnaam niet bevatten."},
	"password-policy-invalid":    {"", "Van 8 tot 128 tekens, met ruimte voor de hoofdletters en cijfers."},
	"current-password-wrong":     {"", "Het huidige wachtwoord klopt niet."},
	"password-change-required":   {"", "Kies eerst een nieuw wachtwoord."},

	// Of who asks.
	"not-signed-in":          {"", "Meld u eerst aan."},
	"sign-in-failed":         {"", "De gebruikersnaam of het wachtwoord klopt niet."},
	"no-right":               {"", "U hebt hier geen recht toe."},
	"idempotency-key-reused": {"", "Deze Idempotency-Key is voor een andere aanvraag gebruikt."},
	"activation-unknown":     {"", "Deze link is niet bekend."},
	"code-required":          {"", "De code uit de brief is ook nodig."},
	"setup-token-invalid":    {"", "Deze inrichtingslink is verlopen of gebruikt. Start het programma opnieuw voor een nieuwe."},

	// Of organizations and their names.
	"organization-exists":         {"", "Er is al een organisatie met dit id."},
	"last-admin":                  {"", "Er moet ten minste één beheerder overblijven die kan inloggen."},
	"admin-role-conflict":         {"", "Alleen wie geen andere rol heeft kan beheerder zijn."},
	"domain-public":               {"", "In dit domein kan iedereen een adres krijgen."},
	"username-taken":              {"", "De gebruikersnaam is in gebruik."},
	"domain-taken":                {"", "Het domein hoort bij een andere organisatie."},
	"username-not-email":          {"", "De gebruikersnaam moet een mailadres zijn."},
	"username-domain-not-allowed": {"", "Het mailadres is niet van een domein van de organisatie."},
	"activation-months-invalid":   {"", "Van 1 tot 12 maanden."},

	// Of licenses.
	"license-exists":             {"", "Er is al een licentie met dit id."},
	"license-hidden":             {"", "De licentie kan niet worden aangevraagd."},
	"license-company-wide":       {"", "Iedereen in de organisatie heeft de licentie; een aanvraag is niet nodig."},
	"license-other-organization": {"", "De licentie hoort bij een andere organisatie."},
	"license-held":               {"", "Het account heeft deze licentie al."},
	"request-exists":             {"", "Er is al een aanvraag met dit id."},
	"request-open":               {"", "Er loopt al een aanvraag voor deze licentie."},
	"request-withdrawn":          {"", "De aanvraag is ingetrokken."},
	"already-decided":            {"", "Over de aanvraag is al beslist."},

	// Of letters, mails and sessions.
	"letter-exists":       {"", "Er is al een brief met dit id."},
	"letter-invalidated":  {"", "De brief is niet meer geldig."},
	"letter-not-printed":  {"", "De brief is nog niet afgedrukt."},
	"letter-printed":      {"", "De brief is afgedrukt; de code kan niet nogmaals worden getoond. Verstuur een nieuwe activatie als hij kwijt is."},
	"message-exists":      {"", "Er is al een bericht met dit id."},
	"template-invalid":    {"", "Dit is geen soort mail."},
	"message-sent":        {"", "Het bericht is al verstuurd."},
	"message-given-up":    {"", "Het versturen van het bericht is opgegeven."},
	"session-exists":      {"", "Er is al een sessie met dit id."},
	"api-key-answer-lost": {"", "De sleutel is gemaakt maar kan niet nogmaals worden getoond. Trek hem in en maak een andere."},
}
