package main

import (
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
)

// nenMessage is a line of the history with the members that NEN 7513:2018 names, which are
// those of RFC 3881; the codes are the RFC's. What the log does not hold is left out:
// AlternateUserID, and of objects their name, sensitivity and permission policy.
type nenMessage struct {
	Event   nenEvent    `json:"EventIdentification"`
	Users   []nenUser   `json:"ActiveParticipants"`
	Objects []nenObject `json:"ParticipantObjects"`
	Source  nenSource   `json:"AuditSourceIdentification"`
	Record  nenRecord   `json:"Record"`
}

type nenEvent struct {
	EventID               string `json:"EventID"` // the stored name
	EventText             string `json:"EventText"`
	EventActionCode       string `json:"EventActionCode"` // C, R, U, D or E
	EventDateTime         string `json:"EventDateTime"`
	EventOutcomeIndicator string `json:"EventOutcomeIndicator"` // 0 success, 8 the action was ended
	EventTypeCode         string `json:"EventTypeCode"`         // the category
}

type nenUser struct {
	UserID                     string `json:"UserID"`
	UserName                   string `json:"UserName,omitempty"`
	UserIsRequestor            bool   `json:"UserIsRequestor"`
	RoleIDCode                 string `json:"RoleIDCode"` // account, system or stranger
	PurposeOfUse               string `json:"PurposeOfUse,omitempty"`
	NetworkAccessPointTypeCode string `json:"NetworkAccessPointTypeCode,omitempty"` // 2 is an IP address
	NetworkAccessPointID       string `json:"NetworkAccessPointID,omitempty"`
}

type nenObject struct {
	ParticipantObjectTypeCode      string      `json:"ParticipantObjectTypeCode"`     // 1 person, 2 system object, 3 organization
	ParticipantObjectTypeCodeRole  string      `json:"ParticipantObjectTypeCodeRole"` // 11 security user entity, 13 security resource, 4 master file
	ParticipantObjectDataLifeCycle string      `json:"ParticipantObjectDataLifeCycle"`
	ParticipantObjectIDTypeCode    string      `json:"ParticipantObjectIDTypeCode"` // 11 user identifier, 12 URI
	ParticipantObjectID            string      `json:"ParticipantObjectID"`
	ParticipantObjectDetail        []nenDetail `json:"ParticipantObjectDetail,omitempty"`
}

// nenDetail is a field that changed.
type nenDetail struct {
	Field string  `json:"field"`
	Old   *string `json:"old"`
	New   *string `json:"new"`
}

type nenSource struct {
	AuditSourceID         string `json:"AuditSourceID"`
	AuditEnterpriseSiteID string `json:"AuditEnterpriseSiteID,omitempty"` // the organization
	AuditSourceTypeCode   string `json:"AuditSourceTypeCode"`             // 4 is an application server
}

// nenRecord is where the log has it.
type nenRecord struct {
	ID       string `json:"id"`
	Position string `json:"position"`
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
}

// nenLifeCycles are the stages of an object that an action stands for: origination,
// amendment, logical deletion, use.
var nenLifeCycles = map[catalog.Action]string{catalog.Create: "1", catalog.Read: "6", catalog.Update: "3", catalog.Delete: "14", catalog.Execute: "6"}

func nen7513(l answers.HistoryLine) nenMessage {
	category, _, _ := strings.Cut(l.Type, ".")
	event, _ := catalog.Find(l.Type) // the history has it, so the catalog does
	action, outcome := event.NEN7513, "0"
	if l.Outcome == eventstore.OutcomeRefused {
		action, outcome = catalog.Execute, "8"
	}
	m := nenMessage{
		Event:  nenEvent{l.Type, l.Text, string(action), l.At, outcome, category},
		Users:  []nenUser{nenUserOf(l.Actor, true)},
		Source: nenSource{"sleutelbos", deref(l.OrganizationID), "4"},
		Record: nenRecord{l.EventID, l.Position, l.Stream, l.Revision},
	}
	requestor := &m.Users[0]
	requestor.PurposeOfUse = deref(l.Reason)
	if l.Origin.Address != nil {
		requestor.NetworkAccessPointTypeCode, requestor.NetworkAccessPointID = "2", *l.Origin.Address
	}
	if l.OnBehalfOf != nil {
		m.Users = append(m.Users, nenUserOf(*l.OnBehalfOf, false))
	}
	m.Objects = nenObjectsOf(l, nenLifeCycles[action])
	return m
}

func nenUserOf(a answers.Actor, requestor bool) nenUser {
	id := deref(a.ID)
	if id == "" {
		id = a.Kind // a stranger has no id
	}
	return nenUser{UserID: id, UserName: deref(a.Name), UserIsRequestor: requestor, RoleIDCode: a.Kind}
}

// nenObjectsOf returns the account that an event concerns, and what else it happened to.
// The fields that changed are those of the stream's own object.
func nenObjectsOf(l answers.HistoryLine, lifeCycle string) []nenObject {
	var details []nenDetail
	for _, c := range l.Changes {
		details = append(details, nenDetail(c))
	}
	objects := []nenObject{}
	if l.AccountID != nil {
		objects = append(objects, nenObject{"1", "11", nenLifeCycles[catalog.Execute], "11", *l.AccountID, nil})
	}
	category, _, _ := strings.Cut(l.Stream, "-")
	if category == "account" && l.AccountID != nil {
		objects[0].ParticipantObjectDataLifeCycle, objects[0].ParticipantObjectDetail = lifeCycle, details
		return objects
	}
	object := nenObject{"2", "13", lifeCycle, "12", "urn:sleutelbos:" + l.Stream, details}
	if category == "organization" {
		object.ParticipantObjectTypeCode, object.ParticipantObjectTypeCodeRole = "3", "4"
	}
	return append(objects, object)
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
