package vault

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sleutelbos/internal/storedjson"
)

// DoorUser is a program that may connect to the event log's door.
type DoorUser struct {
	Name string
	Role string // the door's name for what it may do
	// PasswordSHA256 is all that is kept of the password. A quick hash is safe for a password
	// of 130 random bits, and the door has to check it at every call.
	PasswordSHA256 [sha256.Size]byte
	Streams        []string // prefixes of the streams that it may see, if its role needs them
	CreatedAt      time.Time
}

// doorUsers are the programs that may connect to the event log's door.
type doorUsers struct{ *core }

// AddDoorUser keeps a user with a new password and returns the password, which nobody can read
// again. Errors: ErrExists.
func (d doorUsers) AddDoorUser(ctx context.Context, u DoorUser) (password string, err error) {
	password = rand.Text()
	hash := sha256.Sum256([]byte(password))
	streams, err := storedjson.Marshal(u.Streams)
	if err != nil {
		return "", fmt.Errorf("add a user of the door: %w", err)
	}
	n, err := d.exec(ctx, `INSERT INTO door_users (name, role, hash, streams, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO NOTHING`, u.Name, u.Role, hash[:], string(streams), micros(d.opts.Now()))
	if err != nil {
		return "", fmt.Errorf("add a user of the door: %w", err)
	}
	if n == 0 {
		return "", ErrExists
	}
	return password, nil
}

// RemoveDoorUser removes a user, whose next call is refused. Errors: ErrNotFound.
func (d doorUsers) RemoveDoorUser(ctx context.Context, name string) error {
	n, err := d.exec(ctx, `DELETE FROM door_users WHERE name = $1`, name)
	if err != nil {
		return fmt.Errorf("remove a user of the door: %w", err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}

const doorUserColumns = `name, role, hash, streams, created_at`

// FindDoorUser returns a user by name, and false if there is none. It reads the database each
// time, so that a removed user is refused at once.
func (d doorUsers) FindDoorUser(ctx context.Context, name string) (DoorUser, bool, error) {
	u, err := scanDoorUser(d.read.QueryRowContext(ctx, `SELECT `+doorUserColumns+` FROM door_users WHERE name = $1`, name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return DoorUser{}, false, nil
	}
	if err != nil {
		return DoorUser{}, false, fmt.Errorf("find a user of the door: %w", err)
	}
	return u, true, nil
}

// DoorUsers returns all users, sorted by name.
func (d doorUsers) DoorUsers(ctx context.Context) ([]DoorUser, error) {
	rows, err := d.read.QueryContext(ctx, `SELECT `+doorUserColumns+` FROM door_users ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list the users of the door: %w", err)
	}
	defer rows.Close() // rows.Err says what went wrong
	var all []DoorUser
	for rows.Next() {
		u, err := scanDoorUser(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("list the users of the door: %w", err)
		}
		all = append(all, u)
	}
	return all, rows.Err()
}

func scanDoorUser(scan func(...any) error) (DoorUser, error) {
	var u DoorUser
	var hash []byte
	var streams string
	var created sql.NullInt64
	if err := scan(&u.Name, &u.Role, &hash, &streams, &created); err != nil {
		return DoorUser{}, err
	}
	if len(hash) != sha256.Size {
		return DoorUser{}, errors.New("the hash of a password is damaged")
	}
	u.PasswordSHA256, u.CreatedAt = [sha256.Size]byte(hash), fromMicros(created)
	return u, storedjson.Unmarshal([]byte(streams), &u.Streams)
}
