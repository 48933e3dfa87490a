package letterpdf

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"sleutelbos/commands/letters"
	"sleutelbos/domain/letter"
)

// DejaVu has the letters of Vietnamese and of many others that the fonts of Go lack; its license stands beside
// it.
var (
	//go:embed fonts/DejaVuSansCondensed.ttf
	dejaVu []byte
	//go:embed fonts/DejaVuSansCondensed-Bold.ttf
	dejaVuBold []byte
)

// face is a pair of fonts in which letters are set.
type face struct {
	name          string
	regular, bold []byte
	glyphs        []*sfnt.Font
}

// faces are the faces in the order in which they are tried.
var faces = []face{
	faceOf("Go", goregular.TTF, gobold.TTF),
	faceOf("DejaVu", dejaVu, dejaVuBold),
}

// faceOf panics on a font that can't be read, since both are part of the program.
func faceOf(name string, regular, bold []byte) face {
	f := face{name: name, regular: regular, bold: bold}
	for _, font := range [][]byte{regular, bold} {
		glyphs, err := sfnt.Parse(font)
		if err != nil {
			panic("letterpdf: the font " + name + " can't be read: " + err.Error())
		}
		f.glyphs = append(f.glyphs, glyphs)
	}
	return f
}

// lastOfPlane is the last character that the PDF library can write.
const lastOfPlane = 0xffff

// unshaped are the scripts whose letters stand one after the other from left to right, so that
// they are right as they are. Others need shaping, which the PDF library does not do.
var unshaped = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian, unicode.Common, unicode.Inherited}

func (f face) has(r rune) bool {
	if r > lastOfPlane || !unicode.In(r, unshaped...) {
		return false
	}
	var buffer sfnt.Buffer
	for _, glyphs := range f.glyphs {
		if i, err := glyphs.GlyphIndex(&buffer, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

func (f face) hasAll(texts ...string) bool {
	for _, text := range texts {
		if strings.ContainsFunc(text, func(r rune) bool { return !f.has(r) }) {
			return false
		}
	}
	return true
}

// Fit returns a text as letters print it. Emoji and signs that can't be seen are left out, since a name
// is a name without them. Errors: letter.ErrUnprintable if no face has a letter of it, or if nothing
// is left.
func Fit(text string) (string, error) {
	last := faces[len(faces)-1]
	fitted := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if isOrnament(r) {
			return -1
		}
		return r
	}, norm.NFC.String(text))), " ")
	if fitted == "" || !last.hasAll(fitted) {
		return "", letter.ErrUnprintable
	}
	return fitted, nil
}

// Fits refuses a letter that can't be drawn. Errors: those of Fit.
func Fits(l letters.Content) error {
	_, err := FitContent(l)
	return err
}

// FitContent returns what a letter says as it is printed. The username is printed as it is, or not at all.
// Errors: those of Fit.
func FitContent(l letters.Content) (letters.Content, error) {
	for _, text := range []*string{&l.Recipient, &l.Organization, &l.Subject} {
		fitted, err := Fit(*text)
		if err != nil {
			return l, err
		}
		*text = fitted
	}
	for _, text := range append(parts(&l.Address), append(parts(&l.Sender.Address), &l.Sender.Name, &l.Sender.Department, &l.Sender.Phone, &l.Sender.Email)...) {
		if *text == "" {
			continue // nobody has to say it
		}
		fitted, err := Fit(*text)
		if err != nil {
			return l, err
		}
		*text = fitted
	}
	if !faces[len(faces)-1].hasAll(norm.NFC.String(l.Username)) {
		return l, letter.ErrUnprintable
	}
	return l, nil
}

// parts are the texts of an address that somebody typed.
func parts(a *letters.Address) []*string { return []*string{&a.Street, &a.Postcode, &a.City} }

// firstPicture is where the pictures begin among the symbols; signs such as © and № stand before it.
const firstPicture = 0x2190

// isOrnament reports whether a character is a picture, belongs to one, or can't be seen.
func isOrnament(r rune) bool {
	return unicode.In(r, unicode.Me, unicode.Cf, unicode.Co, unicode.Variation_Selector) ||
		r >= firstPicture && unicode.In(r, unicode.So, unicode.Sk, unicode.Sm)
}

// faceFor returns the first face that has all of some texts, which Fit returned.
func faceFor(texts ...string) face {
	for _, f := range faces {
		if f.hasAll(texts...) {
			return f
		}
	}
	return faces[len(faces)-1]
}
