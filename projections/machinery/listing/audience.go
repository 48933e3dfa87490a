package listing

// Audience is who may see a field: the name of the right that has to reach the row. The
// rights are said elsewhere; a test asks that there is one of each name.
type Audience string

// The audiences.
const (
	Everyone   Audience = ""             // everyone who may see the row
	Deciders   Audience = "ReadDecider"  // who may know who acted or decided
	Colleagues Audience = "ReadAccounts" // who may read the accounts of the organization
)

// Audiences returns those that keep a field from somebody.
func Audiences() []Audience { return []Audience{Deciders, Colleagues} }
