package vault

import (
	"context"
	"fmt"
	"strings"
)

// keyPasswords keys the hashes that earlier versions kept without a key. It needs no password for
// that, so nobody has to sign in first, and the hash of whoever never does is not left behind.
func (h passwords) keyPasswords(ctx context.Context) error {
	for {
		plain, err := h.unkeyed(ctx)
		if err != nil {
			return fmt.Errorf("key the hashes of passwords: %w", err)
		}
		if len(plain) == 0 {
			return nil
		}
		err = h.write(ctx, func(ctx context.Context, s statements) error {
			for id, before := range plain {
				after, err := h.keyed(before)
				if err != nil {
					return fmt.Errorf("the credential %s: %w", id, err)
				}
				// Another process may have done the same, or the password was changed.
				if _, err := s.ExecContext(ctx, `UPDATE credentials SET phc = $2 WHERE id = $1 AND phc = $3`, id, after, before); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("key the hashes of passwords: %w", err)
		}
		if err := h.overwriteLog(ctx); err != nil {
			return fmt.Errorf("key the hashes of passwords: %w", err)
		}
	}
}

// unkeyed returns some hashes that have no key, by the ids of their credentials.
func (h passwords) unkeyed(ctx context.Context) (map[string]string, error) {
	rows, err := h.read.QueryContext(ctx, `SELECT id, phc FROM credentials WHERE kind = 'password' AND phc NOT LIKE '%,keyid=%' LIMIT 1000`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() // rows.Err says what went wrong
	found := map[string]string{}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		found[id] = text
	}
	return found, rows.Err()
}

// keyed returns a stored hash with a key in place of one without.
func (h passwords) keyed(before string) (string, error) {
	// The cost, which the mark follows, stands between the third and the fourth dollar sign.
	parts := strings.Split(before, "$")
	if len(parts) != 6 {
		return "", errHash
	}
	parts[3] += keyMark
	cost, salt, hash, err := parsePHC(strings.Join(parts, "$"))
	if err != nil {
		return "", err
	}
	return phc(cost, salt, h.secrets.keyedPassword(hash)), nil
}
