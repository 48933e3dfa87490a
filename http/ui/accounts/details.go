package accounts

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountfacts"
)

// detail is a field of the forms for what is known of a holder: a member of the commands that
// create an account and change its details, with the same name as the fact of the account.
type detail struct {
	Name, Type string // of the input
	Max        int
	Help       words.Key // empty for none
}

// details are all of them, in the order of the commands' members.
var details = func() []detail {
	types := map[string]string{"email": "email", "phone": "tel"} // what helps a browser to fill it in
	var all []detail
	for _, m := range schema.MembersOf(reflect.TypeFor[accounts.Details[string]]()) {
		d := detail{Name: m.Name, Type: types[m.Name], Max: m.MaxLength}
		if help := words.Member(detailHelp, m.Name); words.Known(help) {
			d.Help = help
		}
		all = append(all, d)
	}
	return all
}()

// shownDetails are the details that the page of an account shows by themselves.
var shownDetails = slices.DeleteFunc(slices.Clone(details), func(d detail) bool { return slices.Contains(accountfacts.PostalNames(), d.Name) })

// address returns the lines to which letters for an account go.
func address(row accountdetail.Row, l words.Language) string {
	lines := []string{row.Street, strings.TrimSpace(row.Postcode + " " + row.City), words.Country(l, row.PostalCountry)}
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}

// detailHelp is the text that helps to fill in a detail; not every one needs it.
const detailHelp words.Key = "new.*-help"

func detailNames() []string {
	names := make([]string, len(details))
	for i, d := range details {
		names[i] = d.Name
	}
	return names
}

// flag is a fact of an account that is true or false, and that the table of facts offers.
type flag struct {
	Name string
	Is   bool
}

func flags(row accountdetail.Row, now time.Time) []flag {
	view := answers.Accounts.Whole.View(&accountdetail.Item{Row: row}, now, true)
	members := view.Members()
	var all []flag
	for _, f := range view.Fields {
		if is, ok := members[f.Name].(bool); ok && f.Offered {
			all = append(all, flag{f.Name, is})
		}
	}
	return all
}

// held returns the facts of an account that are texts, by their names in the contract: what
// the fields of the forms hold now.
func held(row accountdetail.Row, now time.Time) map[string]string {
	view := answers.Accounts.Whole.View(&accountdetail.Item{Row: row}, now, true)
	texts := map[string]string{}
	for name, value := range view.Members() {
		if text, ok := value.(string); ok {
			texts[name] = listing.Cell(text)
		}
	}
	return texts
}

// nameParts are the fields for the parts of a name.
var nameParts = []string{"givenName", "surnamePrefix", "surname"}

// heldInForm returns held, with the probable parts of a name of which only the whole is known. It
// returns true if it proposed them.
func heldInForm(row accountdetail.Row, now time.Time) (map[string]string, bool) {
	held := held(row, now)
	if row.Parts() != (typed.Name{}) || row.Role == string(account.RoleService) {
		return held, false
	}
	probable := typed.GuessName(row.Name)
	held["givenName"], held["surnamePrefix"], held["surname"] = probable.GivenName, probable.SurnamePrefix, probable.Surname
	return held, true
}
