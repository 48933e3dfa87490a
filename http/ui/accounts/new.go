package accounts

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/organizationlist"
)

// newAccountPage is the form for a new account.
type newAccountPage struct {
	AccountID     string // chosen by the form, so that sending it twice makes one account
	Organizations frame.Choice
	Organization  organizationlist.Row // whose rules hold; without an id none was chosen yet
	Roles         []string
	Channels      []string // those of the organization's rules, the usual one first
	Details       []detail
	Typed         map[string]string
}

// newAccountFields are the fields of the form, by the members of CreateAccount.
var newAccountFields = slices.Concat([]string{"organizationId", "username", "role", "channel", "validUntil"}, nameParts, detailNames())

// newPages create an account.
type newPages struct{ Section }

func (s newPages) mount(r chi.Router) {
	r.Get("/accounts/new", s.Pages.SignedIn(s.showNewAccount))
	r.Post("/accounts/new", s.Pages.SignedIn(s.newAccount))
}

func (s newPages) showNewAccount(w http.ResponseWriter, r *http.Request) error {
	typed := map[string]string{"organizationId": r.URL.Query().Get("organizationId"), "role": r.URL.Query().Get("role")}
	return s.newAccountForm(w, r, uuid.NewString(), typed, nil)
}

func (s newPages) newAccountForm(w http.ResponseWriter, r *http.Request, id string, typed map[string]string, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "CreateAccount", rights.ManageAccounts); err != nil {
		return err
	}
	ctx, who := r.Context(), session.Who(r.Context())
	p := newAccountPage{AccountID: id, Details: details, Typed: typed}
	chosen := typed["organizationId"]
	if who.May(rights.ManageAccounts) == rights.ScopeAll {
		p.Organizations = frame.ChoiceOf(r, "organization", "organizationId")
		if err := s.Names.Organizations(ctx, &p.Organizations, chosen); err != nil {
			return err
		}
	} else {
		chosen = who.Organization
	}
	if chosen != "" {
		var err error
		if p.Organization, err = s.Reach.Organization(r, chosen, rights.ManageAccounts); err != nil {
			return err
		}
		p.roles(who)
		p.Channels = p.Organization.FirstChannels
	}
	if typed["role"] == "" {
		typed["role"] = string(rights.RoleUser)
	}
	if typed["channel"] == "" && len(p.Channels) > 0 {
		typed["channel"] = p.Channels[0]
	}
	return s.Pages.Render(w, r, "new", frame.Page{Title: words.Text(words.Of(ctx), "new.title"), Nav: "accounts", Data: p, Problem: wrong})
}

// roles offers those that the asker may give in the organization.
func (p *newAccountPage) roles(who rights.Principal) {
	for _, role := range who.Creates() {
		if role != rights.RolePlatform || p.Organization.ID == rights.PlatformOrganization {
			p.Roles = append(p.Roles, string(role))
		}
	}
}

func (s newPages) newAccount(w http.ResponseWriter, r *http.Request) error {
	body, err := frame.Decode[accounts.CreateAccount](r)
	if err != nil {
		return err
	}
	if who := session.Who(r.Context()); who.May(rights.ManageAccounts) != rights.ScopeAll {
		body.OrganizationID = who.Organization
	}
	if uuid.Validate(body.AccountID) != nil {
		body.AccountID = uuid.NewString()
	}
	id := body.AccountID
	if body.Channel != accounts.OfferedChannel(account.ChannelAdminPassword) {
		body.Password, body.GeneratePassword, body.KeepPassword = "", false, false
	}
	if body.Role == account.RoleService { // the name of a program has no parts
		body.Name, body.NameParts = cmp.Or(body.Name, typed.Name(body.NameParts).String()), accounts.NameParts[string]{}
	}
	outcome, err := s.Commands.Run(r, body, ofAccount)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error {
			return s.newAccountForm(w, r, id, frame.Typed(r, append(newAccountFields, "mailToAdmin", "generatePassword", "keepPassword", "sendNow")), wrong)
		})
	}
	if made, ok := outcome.Result.(accounts.AccountMade); ok && made.Password != "" {
		return s.showSecret(w, r, secretPage{
			Title: "new.made", Text: "new.password-once", Label: "new.password", Secret: made.Password,
			Name: r.PostFormValue("username"), Back: "/accounts/" + id,
		})
	}
	return s.afterNewAccount(w, r, id)
}

// afterNewAccount sends the activation where that was asked for. If it cannot be sent the
// account's page says so, and offers it.
func (s newPages) afterNewAccount(w http.ResponseWriter, r *http.Request, id string) error {
	target, said := "/accounts/"+id, words.Key("done.account-created")
	channel := account.Channel(r.PostFormValue("channel"))
	if channel == account.ChannelAdminPassword || r.PostFormValue("role") == string(account.RoleService) || !frame.Ticked(r, "sendNow") {
		return s.Pages.Done(w, r, target, said)
	}
	said = "done.account-created-sent"
	if channel == account.ChannelMailAndLetter {
		said = "done.account-created-letter"
	}
	if _, err := s.Commands.RunForm(r, activation.SendActivation{AccountID: id}, ofAccount); err != nil {
		if _, ok := frame.Refused(r, err); !ok {
			return err
		}
		said = "done.account-created-not-sent"
	}
	return s.Pages.Done(w, r, target, said)
}
