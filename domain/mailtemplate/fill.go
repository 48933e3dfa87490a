package mailtemplate

import "strings"

// Values are what stands in a mail in the place of its placeholders. None of them has ends of lines.
type Values map[Placeholder]string

// Filled is what one mail says: the one source of both its parts, plain text and HTML.
type Filled struct {
	Subject    string
	Paragraphs []Paragraph
}

// Paragraph is some lines.
type Paragraph struct{ Lines []Line }

// Line is some words and values, one after the other.
type Line []Piece

// Piece is a part of a line: words of the text, or the value of a placeholder.
type Piece struct {
	Text string
	Of   Placeholder // empty for words of the text
}

// Fill puts values in the place of placeholders. A value makes neither a line nor a paragraph, and no
// placeholder in it counts. A paragraph about a reason that nobody gave is left out.
func (t Text) Fill(values Values) Filled {
	filled := Filled{Subject: pieces(t.Subject, values).String()}
	for block := range strings.SplitSeq(strings.TrimSpace(t.Body), "\n\n") {
		block = strings.Trim(block, "\n")
		if block == "" || values[Reason] == "" && strings.Contains(block, Reason.Written()) {
			continue
		}
		var p Paragraph
		for line := range strings.SplitSeq(block, "\n") {
			p.Lines = append(p.Lines, pieces(line, values))
		}
		filled.Paragraphs = append(filled.Paragraphs, p)
	}
	return filled
}

// pieces cuts a line at its placeholders.
func pieces(line string, values Values) Line {
	var all Line
	for line != "" {
		at := braced.FindStringIndex(line)
		if at == nil {
			return append(all, Piece{Text: line})
		}
		if at[0] > 0 {
			all = append(all, Piece{Text: line[:at[0]]})
		}
		p := placeholder(line[at[0]:at[1]])
		all, line = append(all, Piece{Text: values[p], Of: p}), line[at[1]:]
	}
	return all
}

// String returns the line as plain text.
func (l Line) String() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Plain returns the paragraphs as plain text.
func (f Filled) Plain() string {
	blocks := make([]string, len(f.Paragraphs))
	for i, p := range f.Paragraphs {
		lines := make([]string, len(p.Lines))
		for j, l := range p.Lines {
			lines[j] = l.String()
		}
		blocks[i] = strings.Join(lines, "\n")
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// Button returns the link of a paragraph that is nothing but the link; empty for any other.
func (p Paragraph) Button() string {
	if len(p.Lines) == 1 && len(p.Lines[0]) == 1 && p.Lines[0][0].Of == Link {
		return p.Lines[0][0].Text
	}
	return ""
}

// IsLink says whether the piece is the link.
func (p Piece) IsLink() bool { return p.Of == Link }

// Stressed says whether the piece is a value that a reader looks for.
func (p Piece) Stressed() bool {
	return p.Of == LastDay || p.Of == License || p.Of == Standard || p.Of == Domain || p.Of == Username
}
