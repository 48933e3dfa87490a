package api

import (
	"errors"
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/http/answers"
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
	content, err := a.Service.Letters.Open(k.Context(), k.who, id)
	if _, refused := errors.AsType[*domain.Error](err); refused {
		return a.denied(k, err)
	}
	if err != nil {
		return err
	}
	if content.Code == "" {
		return answers.ErrLetterPrinted
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
