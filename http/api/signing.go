package api

import (
	"net/http"
	"reflect"

	"sleutelbos/internal/schema"
)

type login struct {
	Username string `json:"username" minLength:"1" maxLength:"254"`
	Password string `json:"password" secret:"yes" doc:"At most 256 characters."`
}

type loggedIn struct {
	AccountID              string `json:"accountId" format:"uuid"`
	PasswordChangeRequired bool   `json:"passwordChangeRequired"`
}

// signing begins and ends sessions.
type signing struct{ *API }

func (a signing) operations() []operation {
	return []operation{
		{
			id: "Login", method: http.MethodPost, path: "/login", summary: "Opens a session, kept in a cookie.",
			open: true, body: reflect.TypeFor[login](), answer: reflect.TypeFor[loggedIn](),
			refusals: []int{http.StatusUnauthorized, http.StatusConflict, http.StatusUnprocessableEntity}, handle: a.login,
		},
		{
			id: "Logout", method: http.MethodPost, path: "/logout", summary: "Ends the session.", open: true, empty: true,
			handle: func(k *asking) error {
				if err := a.Askers.SignOut(k.Request, "api"); err != nil {
					return err
				}
				k.w.WriteHeader(http.StatusNoContent)
				return nil
			},
		},
	}
}

func (a signing) login(k *asking) error {
	raw, err := readBody(k.Request)
	if err != nil {
		return err
	}
	var body login
	if err := schema.Decode(raw, &body); err != nil {
		return err
	}
	in, err := a.Askers.SignIn(k.Request, "api", body.Username, body.Password)
	if err != nil {
		return err
	}
	return k.answer(loggedIn{AccountID: in.AccountID, PasswordChangeRequired: in.PasswordChangeRequired})
}
