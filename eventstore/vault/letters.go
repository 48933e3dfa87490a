package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const (
	kindCode = "letter_code"

	// CodeTries is how often a letter code may be tried.
	CodeTries = 5
	// codeLength is the length of a code. Ten of 31 characters are 49 bits, which is plenty
	// for five tries.
	codeLength = 10
)

// letterCodes are the codes that letters tell.
type letterCodes struct{ *credentials }

// MakeLetterCode makes the code of a letter: ten capitals and digits of which none looks
// like another, written in two groups ("K7M4P-QX9TR"). Only its keyed hash is kept, and a
// sealed copy until ForgetSecret. As long as the copy is kept, a call with the same id returns
// the same code. Errors: ErrExists.
func (l letterCodes) MakeLetterCode(ctx context.Context, n NewSecret) (code string, err error) {
	code = pick(plainUpper+plainDigits, codeLength)
	return l.make(ctx, n, kindCode, code[:codeLength/2]+"-"+code[codeLength/2:], l.codeHash(n.ID, code))
}

// codeHash returns the keyed hash of a code. It depends on the id too, so that a code that was
// guessed for one letter tells nothing about others.
func (l letterCodes) codeHash(id, code string) []byte {
	return l.secrets.keyed(kindCode+"/"+id, code)
}

// CodeCheck is the outcome of trying a letter code.
type CodeCheck struct {
	OK        bool
	TriesLeft int // with 0 the code is not accepted, even if it is right
}

// CheckLetterCode compares a code as a person typed it: case, spaces and dashes do not matter.
// It counts the try durably before it compares, so that many calls at once get no more than
// CodeTries. A right code gives its try back. An id that is unknown or revoked has no tries.
func (l letterCodes) CheckLetterCode(ctx context.Context, id, typed string) (check CodeCheck, err error) {
	typed = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\u00a0' || r == '\t' || r == '\u2013' {
			return -1
		}
		return r
	}, typed))
	var hash []byte
	tries := CodeTries
	err = l.writeOne(ctx, func(ctx context.Context, s statements) error {
		hash, tries = nil, CodeTries
		err := s.QueryRowContext(ctx, `UPDATE credentials SET tries = tries + 1
			WHERE id = $1 AND kind = $2 AND tries < $3 AND used_at IS NULL AND revoked_at IS NULL
			RETURNING hash, tries`, id, kindCode, CodeTries).Scan(&hash, &tries)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return CodeCheck{}, fmt.Errorf("check a letter code: %w", err)
	}
	if hash == nil || !equal(hash, l.codeHash(id, typed)) {
		return CodeCheck{TriesLeft: CodeTries - tries}, nil
	}
	if _, err := l.exec(ctx, `UPDATE credentials SET tries = tries - 1 WHERE id = $1 AND tries > 0`, id); err != nil {
		return CodeCheck{}, fmt.Errorf("check a letter code: %w", err)
	}
	return CodeCheck{OK: true, TriesLeft: CodeTries - tries + 1}, nil
}
