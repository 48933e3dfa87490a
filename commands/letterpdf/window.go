package letterpdf

import "codeberg.org/go-pdf/fpdf"

// window is where the window of an envelope shows what, in millimeters from the edges of a sheet of A4 that is
// folded in three.
type window struct {
	left, top, width, height float64
	// returns is where the line begins that says where the letter comes back to.
	returns float64
}

// windows are the windows of the countries from which letters are sent, by the code of the country of the sender.
//
// In the Netherlands the window of 35 × 90 mm is on the left of an envelope of 110 × 220 mm, which shows a letter after
// NEN 3162 from 45 mm below its upper edge on; DIN 5008 (form B) has the same field, with the return address in its first
// five millimeters. In Belgium the window is on the right: the guide of bpost (MassPost, chapter 1) has the address at least
// 15 mm from the right edge and 20 mm from the lower one, and wants no other address to be seen in the window, so the return
// address stands above it and belongs on the back of the envelope.
var windows = map[string]window{
	"NL": {left: 25, top: 45, width: 80, height: 35, returns: 46},
	"BE": {left: 110, top: 45, width: 80, height: 35, returns: 39},
}

// windowOf returns the window of the envelopes of a country; that of the Netherlands if none is known.
func windowOf(country string) window {
	if w, ok := windows[country]; ok {
		return w
	}
	return windows["NL"]
}

const (
	aboveAddress = 7.0 // mm of the window for the return address
	smallest     = 6.5 // points
)

// draw puts the address of a letter behind the window, and the line with the return address above it. What is too
// long for a line takes two, and all lines are set smaller until the window shows them.
func (w window) draw(pdf *fpdf.Fpdf, f face, sender string, address []string) {
	pdf.SetXY(w.left, w.returns)
	w.fitted(pdf, f, 7, 3, 1, sender)
	size := 11.0
	height := func() float64 { return size * 0.45 } // mm for a line
	for ; size > smallest; size -= 0.5 {
		pdf.SetFont(f.name, "", size)
		count := 0
		for _, l := range address {
			count += len(pdf.SplitText(l, w.width))
		}
		if float64(count)*height() <= w.height-aboveAddress {
			break
		}
	}
	pdf.SetXY(w.left, w.top+aboveAddress)
	for _, l := range address {
		pdf.SetX(w.left)
		pdf.MultiCell(w.width, height(), l, "", "L", false)
	}
}

// fitted writes one line, smaller if it is too long.
func (w window) fitted(pdf *fpdf.Fpdf, f face, size, height, least float64, text string) {
	for ; ; size -= 0.5 {
		pdf.SetFont(f.name, "", size)
		if size <= least || pdf.GetStringWidth(text) <= w.width {
			break
		}
	}
	pdf.CellFormat(w.width, height, text, "", 0, "L", false, 0, "")
}
