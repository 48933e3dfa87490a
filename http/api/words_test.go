package api_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
)

var (
	// onPages are the fields that only a list of the pages names.
	onPages = []string{"status", "signer"} // the second is what audit.Note is brief about
	// unnamed are the fields that stand where something else says what they are: who did a thing,
	// when and why, beside the thing itself; boxes to tick with a sentence of their own; a form with
	// one field.
	unnamed = []string{
		"activationSentBy", "blockedAt", "blockedBy", "closedAt", "closedBy", "closedReason", "createdBy", "disabledAt", "disabledBy",
		"disabledReason", "passwordSetBy", "unblockedReason", "validitySetAt", "validitySetBy", "generatePassword", "keepPassword", "months", "rule", "token",
	}
)

// TestEveryFieldHasWords ranges over the bodies of the commands, the facts of an account and the
// members of the events: whatever a form, a refusal or a history names is called something, and
// nothing is called that nobody names.
func TestEveryFieldHasWords(t *testing.T) {
	named := map[string]string{}
	for _, c := range newStack(t).Commands.List() {
		for name := range c.Body.Properties {
			named[name] = c.Name
		}
	}
	for _, about := range answers.Accounts.Whole.Abouts(true) {
		named[about.Name] = "an account"
	}
	for _, q := range (answers.Source{}).Queries() {
		for _, about := range q.Shape.Columns {
			named[about.Name] = q.ID
		}
	}
	for _, name := range organization.PolicyName("").Values() {
		named[name] = "a policy"
	}
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			for _, member := range append(catalog.Members(e.Type), e.Turns.Fact) {
				member = strings.TrimPrefix(member[strings.LastIndexByte(member, '.')+1:], "old_")
				if member != "" && !catalog.Ties(member) {
					named[words.Camel(member)] = e.Name
				}
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(named)) {
		if words.HasField(words.English, field) == slices.Contains(unnamed, field) {
			t.Errorf("%s names the field %s, which either has words or is on the list of those without", named[field], field)
		}
	}
	for _, field := range words.FieldNames() {
		if named[field] == "" && !slices.Contains(onPages, field) {
			t.Errorf("nobody names the field %s", field)
		}
	}
}
