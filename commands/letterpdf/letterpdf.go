// Package letterpdf draws the letter that brings an activation code on paper. It keeps no
// copy of the code, which is in the file that it draws and nowhere else. Once a letter was
// printed the commands do not tell its code again.
package letterpdf

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gomonobold"

	"sleutelbos/commands/letters"
	"sleutelbos/commands/mail"
)

// ErrNoCode says that the letter was printed before, so that its code is no longer known.
var ErrNoCode = errors.New("the letter's code can no longer be shown")

// words are what a letter says in one language.
type words struct{ dear, intro, code, how, until, unexpected, questions, or, regards string }

var languages = map[string]words{
	"nl": {
		dear:  "Beste %s,",
		intro: "Voor u is een account klaargezet op het klantenportaal van %s. Uw gebruikersnaam is %s.",
		code:  "Uw activatiecode",
		how: "U ontvangt (of ontving) ook een e-mail met een link. Open die link, vul de code hierboven in en kies een wachtwoord. " +
			"Hoofdletters, spaties en het streepje maken niet uit.",
		until:      "De code is geldig tot en met %s en werkt alleen samen met de link. Geef hem aan niemand door.",
		unexpected: "Verwachtte u deze brief niet? Neem dan contact met ons op.",
		questions:  "Vragen over deze brief: %s.",
		or:         " of ",
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
		questions:  "Questions about this letter: %s.",
		or:         " or ",
		regards:    "Kind regards,",
	},
}

const (
	margin      = 25.0 // mm
	line        = 6.0  // mm
	belowWindow = 92.0 // mm from the upper edge of the sheet
)

// Render draws letters on A4, each on a sheet of its own. Errors: ErrNoCode, and those of Fit, of any of them.
func Render(all ...letters.Content) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("Go Mono", "B", gomonobold.TTF)
	for _, f := range faces {
		pdf.AddUTF8FontFromBytes(f.name, "", f.regular)
		pdf.AddUTF8FontFromBytes(f.name, "B", f.bold)
	}
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin/2)
	for i, l := range all {
		if l.Code == "" {
			return nil, ErrNoCode
		}
		fitted, err := FitContent(l)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			pdf.SetTitle(fitted.Subject, true)
			pdf.SetCreationDate(l.CreatedAt)
			pdf.SetModificationDate(l.CreatedAt)
		}
		draw(pdf, fitted)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw a letter: %w", err)
	}
	return out.Bytes(), nil
}

// draw puts a letter, as FitContent returned it, on a page.
func draw(pdf *fpdf.Fpdf, l letters.Content) {
	w, ok := languages[l.Language]
	if !ok {
		w = languages["nl"]
	}
	from := l.Sender.Address.PostalCountry
	address := append([]string{l.Recipient}, lines(l.Address, from, l.Language)...)
	house := append([]string{cmp.Or(l.Sender.Name, l.Organization), l.Sender.Department}, lines(l.Sender.Address, from, l.Language)...)
	face := faceFor(slices.Concat(address, house, []string{l.Organization, l.Username, l.Subject, l.Sender.Phone, l.Sender.Email})...)
	text := func(style string, size, after float64, s string) {
		pdf.SetFont(face.name, style, size)
		pdf.MultiCell(0, line, s, "", "L", false)
		pdf.Ln(after)
	}
	pdf.AddPage()
	head(pdf, face, house)
	windowOf(from).draw(pdf, face, inOneLine(l.Sender), address)
	pdf.SetY(belowWindow)
	text("", 11, 6, mail.Date(l.CreatedAt.Format("2006-01-02"), l.Language))
	text("B", 12, 4, l.Subject)
	text("", 11, 4, fmt.Sprintf(w.dear, l.Recipient))
	text("", 11, 6, fmt.Sprintf(w.intro, l.Organization, l.Username))

	text("", 11, 1, w.code)
	pdf.SetFont("Go Mono", "B", 28)
	pdf.SetFillColor(240, 242, 245)
	pdf.CellFormat(0, 22, l.Code, "", 1, "C", true, 0, "")
	pdf.Ln(8)

	text("", 11, 4, w.how)
	text("", 11, 4, fmt.Sprintf(w.until, mail.Date(l.LastDay, l.Language)))
	text("", 11, 6, strings.TrimSpace(w.unexpected+"\n"+w.contact(l.Sender)))
	text("", 11, 2, w.regards)
	text("", 11, 0, strings.TrimSpace(house[0]+"\n"+house[1]))
}

// contact returns where a question can be asked; empty if the sender does not say.
func (w words) contact(s letters.Sender) string {
	ways := slices.DeleteFunc([]string{s.Phone, s.Email}, func(s string) bool { return s == "" })
	if len(ways) == 0 {
		return ""
	}
	return fmt.Sprintf(w.questions, strings.Join(ways, w.or))
}

// head says whose letter it is, in the left upper corner.
func head(pdf *fpdf.Fpdf, f face, house []string) {
	pdf.SetY(margin / 2)
	style, size := "B", 12.0
	for _, l := range house {
		if l == "" {
			continue
		}
		pdf.SetFont(f.name, style, size)
		pdf.MultiCell(0, size*0.45, l, "", "L", false)
		style, size = "", 9
	}
}
