package door

import (
	"context"
	"crypto/sha256"
	"strings"

	"google.golang.org/grpc/peer"
)

// Role is what a user of the door may do.
type Role int

// The roles, each with what the one before may do.
const (
	// Subscriber reads and subscribes to the streams of its prefixes; in $all it sees
	// only these. It manages nothing.
	Subscriber Role = iota + 1
	// Ops reads everything and manages persistent subscriptions.
	Ops
	// Admin may also write, where the door is open for that.
	Admin
)

// User is who calls.
type User struct {
	Name string
	Role Role
	// PasswordSHA256 is the SHA-256 of the password. Clients send it with every call, so
	// a slow hash is no option: passwords of the door are generated, 128 random bits or more.
	PasswordSHA256 [sha256.Size]byte
	// Streams are the prefixes of the streams that a Subscriber sees.
	Streams []string
}

// Users finds a user by name, and returns false if there is none. It is called for every
// call, and again every few seconds while one is open, so it must be quick. An error ends the
// call with UNAVAILABLE.
type Users func(ctx context.Context, name string) (User, bool, error)

// nobody is the caller of a door without users, to which only this machine can connect.
var nobody = User{Name: "anonymous", Role: Admin}

// maySee says whether the user may see events of the stream.
func (u User) maySee(stream string) bool {
	if u.Role >= Ops {
		return true
	}
	if u.Role < Subscriber {
		return false
	}
	stream = strings.TrimPrefix(stream, "$$") // who sees a stream sees its metadata
	for _, prefix := range u.Streams {
		if strings.HasPrefix(stream, prefix) {
			return true
		}
	}
	return false
}

// mayWrite says whether the user may write to streams, the door being open.
func (u User) mayWrite() bool { return u.Role >= Admin }

// mayManage says whether the user may create, change and remove persistent subscriptions.
func (u User) mayManage() bool { return u.Role >= Ops }

type userKey struct{}

func caller(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User) // without the guard: nobody at all, with no right
	return u
}

// from returns the caller's address, for the list of subscribers.
func from(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok || p.Addr == nil {
		return ""
	}
	return p.Addr.String()
}
