package words

import (
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/session"
	"sleutelbos/domain/typed"
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
	LicenseEnds   Set = "license-end"
	NameOrders    Set = "name-order"
	UsernameRules Set = "username-rule"
	Policies      Set = "policy"
	StandDowns    Set = "stand-down"
	Reservations  Set = "reservation"
	Permissions   Set = "permission"
	Areas         Set = "area"
	Denials       Set = "denial"
	Outcomes      Set = "outcome"
	Ways          Set = "way"
	Actors        Set = "actor"
	States        Set = "state"
	Parts         Set = "part"
	Throughs      Set = "through"
)

// enumerations are the sets. Their words stand in the texts, as set.role.admin. They are checked
// once and never changed.
var enumerations = checked(inTexts(), append(policies(),
	plain(YesNo, "true", "false"),
	of[account.Role](Roles),
	of[account.Channel](Channels),
	of[account.Handover](Handovers),
	of[account.ActivationStatus](Activations),
	of[account.Badge](Badges),
	of[licenserequest.Status](Requests),
	of[message.Status](Mails),
	of[letter.Kind](Letters),
	of[letter.Because](LetterEnds),
	of[session.Method](SignIns),
	of[session.Because](SignOuts),
	of[license.Origin](Origins),
	of[license.Because](LicenseEnds),
	of[typed.NameOrder](NameOrders),
	of[organization.UsernameRule](UsernameRules),
	of[organization.Because](StandDowns),
	of[reservation.Kind](Reservations),
	of[rolegroup.Permission](Permissions),
	of[rolegroup.Area](Areas),
	of[rolegroup.Denial](Denials),
	plain(Outcomes, eventstore.OutcomeDone, eventstore.OutcomeRefused),
	plain(Ways, "ui", "api", "cli", "system"),
	plain(Actors, eventstore.ActorAccount, eventstore.ActorSystem, eventstore.ActorStranger),
	plain(States, "live", "catching-up", "stopped", "waiting"),
	plain(Throughs, "door", "feed"),
	plain(Parts, "clock", "setup", "audit"),
)...)
