// Package letterpdf draws the letter that brings an activation code on paper. It keeps no
// copy of the code, which is in the file that it draws and nowhere else. Once a letter was
// printed the commands do not tell its code again.
package letterpdf

import (
	"bytes"
	"errors"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gomonobold"

	"sleutelbos/commands/letters"
	"sleutelbos/commands/mail"
)

// ErrNoCode says that the letter was printed before, so that its code is no longer known.
var ErrNoCode = errors.New("the letter's code can no longer be shown")

// words are what a letter says in one language.
type words struct{ dear, intro, code, how, until, unexpected, regards string }

var languages = map[string]words{
	"nl": {
		dear:  "Beste %s,",
		intro: "Voor u is een account klaargezet op het klantenportaal van %s. Uw gebruikersnaam is %s.",
		code:  "Uw activatiecode",
		how: "U ontvangt (of ontving) ook een e-mail met een link. Open die link, vul de code hierboven in en kies een wachtwoord. " +
			"Hoofdletters, spaties en het streepje maken niet uit.",
		until:      "De code is geldig tot en met %s en werkt alleen samen met de link. Geef hem aan niemand door.",
		unexpected: "Verwachtte u deze brief niet? Neem dan contact met ons op.",
		regards:    "Met vriendelijke groet,",
	},
	"en": {
		dear:  "Dear %s,",
		intro: "An account is ready for you on the customer portal of %s. Your username is %s.",
		code:  "Your activation code",
		how: "You also receive (or received) an e-mail with a link. Open it, enter the code above and choose a password. " +
			"Capitals, spaces and the hyphen make no difference.",
		until:      "The code is valid up to and including %s and works only together with the link. Do not pass it on.",
		unexpected: "Did you not expect this letter? Please contact us.",
		regards:    "Kind regards,",
	},
}

const (
	margin = 25.0 // mm
	line   = 6.0  // mm
)

// Render draws the letter on A4. Errors: ErrNoCode, and those of Fit.
func Render(l letters.Content) ([]byte, error) {
	if l.Code == "" {
		return nil, ErrNoCode
	}
	l, err := FitContent(l)
	if err != nil {
		return nil, err
	}
	face := faceFor(l.Recipient, l.Organization, l.Username, l.Subject)
	w, ok := languages[l.Language]
	if !ok {
		w = languages["nl"]
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(face.name, "", face.regular)
	pdf.AddUTF8FontFromBytes(face.name, "B", face.bold)
	pdf.AddUTF8FontFromBytes("Go Mono", "B", gomonobold.TTF)
	pdf.SetTitle(l.Subject, true)
	pdf.SetCreationDate(l.CreatedAt)
	pdf.SetModificationDate(l.CreatedAt)
	pdf.SetMargins(margin, margin, margin)
	pdf.AddPage()

	text := func(style string, size, after float64, s string) {
		pdf.SetFont(face.name, style, size)
		pdf.MultiCell(0, line, s, "", "L", false)
		pdf.Ln(after)
	}
	text("B", 12, 20, l.Organization)
	text("", 11, 12, l.Recipient) // where a window envelope shows it
	text("", 11, 8, mail.Date(l.CreatedAt.Format("2006-01-02"), l.Language))
	text("B", 12, 6, l.Subject)
	text("", 11, 4, fmt.Sprintf(w.dear, l.Recipient))
	text("", 11, 8, fmt.Sprintf(w.intro, l.Organization, l.Username))

	text("", 11, 1, w.code)
	pdf.SetFont("Go Mono", "B", 28)
	pdf.SetFillColor(240, 242, 245)
	pdf.CellFormat(0, 22, l.Code, "", 1, "C", true, 0, "")
	pdf.Ln(8)

	text("", 11, 4, w.how)
	text("", 11, 4, fmt.Sprintf(w.until, mail.Date(l.LastDay, l.Language)))
	text("", 11, 10, w.unexpected)
	text("", 11, 2, w.regards)
	text("", 11, 0, l.Organization)

	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw a letter: %w", err)
	}
	return out.Bytes(), nil
}
