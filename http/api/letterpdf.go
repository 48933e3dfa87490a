package api

import (
	"net/http"

	"sleutelbos/commands/engine"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/projections/models/letters"
)

// letterOperations are what can be asked of a letter beyond its facts.
func (a *API) letterOperations() []operation {
	return []operation{{
		id: "GetLetterPDF", method: http.MethodGet, path: "/letters/{id}/pdf", summary: "The letter to print. The code is in it until it was printed.",
		right: rights.ManageLetters, params: []answers.Param{waiting}, media: []string{"application/pdf"}, handle: a.letterPDF,
	}}
}

func (a *API) letterPDF(k *asking) error {
	id, err := k.id()
	if err != nil {
		return err
	}
	if err := a.waitFor(k, letters.Table); err != nil {
		return err
	}
	outcome, err := a.Service.Commands.Run(k.Context(), session.Request(k.Request, "api"), lettercommands.OpenLetter{LetterID: id})
	if err != nil {
		return err
	}
	content, err := engine.Result[lettercommands.Content](outcome)
	if err != nil {
		return err
	}
	pdf, err := a.Letter(content)
	if err != nil {
		return err
	}
	k.w.Header().Set("Content-Type", "application/pdf")
	k.w.Header().Set("Content-Disposition", `inline; filename="`+id+`.pdf"`)
	_, _ = k.w.Write(pdf) // the client may be gone; there is nobody to tell
	return nil
}
