package words

import (
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
)

// Set is a closed set of values. The same value can have other words in another set.
type Set string

// The sets.
const (
	YesNo         Set = "yes-no"
	Roles         Set = "role"
	Channels      Set = "channel"
	Handovers     Set = "handover"
	Activations   Set = "activation"
	Badges        Set = "badge"
	Requests      Set = "request"
	Mails         Set = "mail"
	Letters       Set = "letter"
	LetterEnds    Set = "letter-end"
	SignIns       Set = "sign-in"
	SignOuts      Set = "sign-out"
	Origins       Set = "origin"
	UsernameRules Set = "username-rule"
	StandDowns    Set = "stand-down"
	Reservations  Set = "reservation"
	Outcomes      Set = "outcome"
	Ways          Set = "way"
	Actors        Set = "actor"
	States        Set = "state"
	Parts         Set = "part"
	Throughs      Set = "through"
)

// enumerations are the sets with their words. They are checked once and never changed.
var enumerations = checked(
	plain(YesNo, said{
		"true":  {NL: "ja", EN: "yes"},
		"false": {NL: "nee", EN: "no"},
	}, "true", "false"),
	of[account.Role](Roles, said{
		"user":       {NL: "gebruiker", EN: "user"},
		"admin":      {NL: "beheerder", EN: "administrator"},
		"compliance": {NL: "compliance", EN: "compliance"},
		"service":    {NL: "serviceaccount", EN: "service account"},
		"platform":   {NL: "platformbeheerder", EN: "platform administrator"},
	}),
	of[account.Channel](Channels, said{
		"mail_link":                 {NL: "link per mail", EN: "link by mail"},
		"mail_link_and_letter_code": {NL: "link per mail en code per brief", EN: "link by mail and code by letter"},
		"admin_password":            {NL: "wachtwoord van de beheerder", EN: "password by an administrator"},
		"setup":                     {NL: "eerste inrichting", EN: "first setup"},
	}),
	of[account.Handover](Handovers, said{
		"in_person": {NL: "persoonlijk", EN: "in person"},
		"phone":     {NL: "per telefoon", EN: "by phone"},
		"letter":    {NL: "op papier", EN: "on paper"},
	}),
	of[account.ActivationStatus](Activations, said{
		"not_sent":  {NL: "niet verstuurd", EN: "not sent"},
		"sent":      {NL: "verstuurd", EN: "sent"},
		"expired":   {NL: "verlopen", EN: "expired"},
		"completed": {NL: "voltooid", EN: "completed"},
	}),
	of[account.Badge](Badges, said{
		"closed":              {NL: "gesloten", EN: "closed"},
		"blocked":             {NL: "geblokkeerd", EN: "blocked"},
		"disabled":            {NL: "uitgeschakeld", EN: "disabled"},
		"expired":             {NL: "verlopen", EN: "expired"},
		"activation_expired":  {NL: "activatie verlopen", EN: "activation expired"},
		"activation_not_sent": {NL: "activatie niet verstuurd", EN: "activation not sent"},
		"activation_sent":     {NL: "activatie verstuurd", EN: "activation sent"},
		"active":              {NL: "actief", EN: "active"},
	}),
	of[licenserequest.Status](Requests, said{
		"open":      {NL: "open", EN: "open"},
		"approved":  {NL: "goedgekeurd", EN: "approved"},
		"rejected":  {NL: "afgewezen", EN: "rejected"},
		"withdrawn": {NL: "ingetrokken", EN: "withdrawn"},
	}),
	of[message.Status](Mails, said{
		"queued":   {NL: "klaargezet", EN: "queued"},
		"sent":     {NL: "verstuurd", EN: "sent"},
		"failed":   {NL: "mislukt", EN: "failed"},
		"given_up": {NL: "opgegeven", EN: "given up"},
	}),
	of[letter.Kind](Letters, said{
		"activation_code": {NL: "activatiecode", EN: "activation code"},
		"login_details":   {NL: "aanmeldgegevens", EN: "login details"},
	}),
	of[letter.Because](LetterEnds, said{
		"superseded": {NL: "vervangen", EN: "superseded"},
		"activated":  {NL: "geactiveerd", EN: "activated"},
		"expired":    {NL: "verlopen", EN: "expired"},
	}),
	of[session.Method](SignIns, said{
		"password": {NL: "wachtwoord", EN: "password"},
	}),
	of[session.Because](SignOuts, said{
		"signed_out": {NL: "afgemeld", EN: "signed out"},
		"revoked":    {NL: "ingetrokken", EN: "revoked"},
	}),
	of[license.Origin](Origins, said{
		"request":      {NL: "aanvraag", EN: "request"},
		"admin":        {NL: "beheerder", EN: "administrator"},
		"company_wide": {NL: "bedrijfsbreed", EN: "company-wide"},
	}),
	of[organization.UsernameRule](UsernameRules, said{
		"email":                   {NL: "mailadres", EN: "mail address"},
		"email_in_allowed_domain": {NL: "mailadres in een toegestaan domein", EN: "mail address in an allowed domain"},
		"unique":                  {NL: "vrij, uniek", EN: "free, unique"},
	}),
	of[organization.Because](StandDowns, said{
		"blocked":  {NL: "geblokkeerd", EN: "blocked"},
		"disabled": {NL: "uitgeschakeld", EN: "disabled"},
		"closed":   {NL: "gesloten", EN: "closed"},
		"end_date": {NL: "einddatum", EN: "end date"},
	}),
	of[reservation.Kind](Reservations, inTexts(claim)),
	plain(Outcomes, said{
		"done":    {NL: "gelukt", EN: "done"},
		"refused": {NL: "geweigerd", EN: "refused"},
	}, eventstore.OutcomeDone, eventstore.OutcomeRefused),
	plain(Ways, said{
		"ui":     {NL: "in de webpagina's", EN: "on the web pages"},
		"api":    {NL: "via de API", EN: "by the API"},
		"cli":    {NL: "op de opdrachtregel", EN: "on the command line"},
		"system": {NL: "door het systeem zelf", EN: "by the system itself"},
	}, "ui", "api", "cli", "system"),
	plain(Actors, said{
		"account":  {NL: "account", EN: "account"},
		"system":   {NL: "systeem", EN: "system"},
		"stranger": {NL: "onbekende", EN: "stranger"},
	}, eventstore.ActorAccount, eventstore.ActorSystem, eventstore.ActorStranger),
	plain(States, said{
		"live":        {NL: "bijgewerkt", EN: "up to date"},
		"catching-up": {NL: "loopt in", EN: "catching up"},
		"stopped":     {NL: "gestopt", EN: "stopped"},
		"waiting":     {NL: "elders actief", EN: "run elsewhere"},
	}, "live", "catching-up", "stopped", "waiting"),
	plain(Throughs, said{
		"door": {NL: "langs de deur", EN: "through the door"},
		"feed": {NL: "langs de feed", EN: "by the feed"},
	}, "door", "feed"),
	plain(Parts, said{
		"clock": {NL: "de klok", EN: "the clock"},
		"setup": {NL: "eerste inrichting", EN: "first setup"},
		"audit": {NL: "de verzegeling", EN: "the sealing"},
	}, "clock", "setup", "audit"),
)
