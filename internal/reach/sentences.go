package reach

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"sleutelbos/internal/sqlitex"
)

// Rights is where the documents name the rights that the program needs.
const Rights = `docs/operating.md, "Rights"`

// Network says what a network did with a connection to an address; false for an error that is not
// the network's.
func Network(address string, err error) (says string, ok bool) {
	unknown, isUnknown := errors.AsType[*net.DNSError](err)
	var certificate *tls.CertificateVerificationError
	switch {
	case isUnknown && unknown.IsNotFound:
		return "there is no host of the name " + unknown.Name, true
	case isUnknown:
		return "the name " + unknown.Name + " can't be looked up", true
	case errors.Is(err, syscall.ECONNREFUSED):
		return address + " refuses the connection: nothing listens there", true
	case errors.Is(err, syscall.ENOENT):
		return address + " is not there", true
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to " + address, true
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return address + " closes the connection", true
	case plain(err):
		return address + " answers without TLS", true
	case errors.As(err, &certificate):
		return "the certificate of " + address + " is not believed: " + believed(certificate.Err), true
	case errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return address + " does not answer", true
	}
	return "", false
}

func plain(err error) bool {
	_, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// believed says why a certificate is not believed, without its contents.
func believed(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "it is signed by somebody unknown"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "it is for another name"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "it is not valid today"
	}
	return "it can't be verified"
}

// Postgres gives an error of PostgreSQL, at an address, the sentence that says why it can't be used.
// The text of the driver's error may repeat the connection string, and is not part of the sentence.
// It returns an error that is not the database's as it is.
func Postgres(address string, err error) error {
	if why := postgres(address, err); why != "" {
		return &Error{Why: "PostgreSQL: " + why + ".", Err: err}
	}
	return err
}

func postgres(address string, err error) string {
	switch state := sqlState(err); state {
	case "":
	case "28P01", "28000":
		return "it does not take the user or the password: mend --database, or the server's pg_hba.conf"
	case "3D000":
		return "it has no database of that name: make it, as " + Rights + " shows"
	case "42501":
		return "the user lacks a right: grant it, as " + Rights + " shows"
	case "57P03":
		return "it is starting or stopping"
	case "57P01", "57P02":
		return "it was stopped"
	case "55P03":
		return "another process is bringing the tables up to date, and this one waits for it"
	case "53300":
		return "it takes no more connections"
	default:
		return "it refuses with SQLSTATE " + state
	}
	if says, ok := Network(address, err); ok {
		return says
	}
	if err != nil && Away(err) {
		return address + " is out of reach"
	}
	return ""
}

// File gives an error of a SQLite file the sentence that says why it can't be used. It returns an error
// that is not SQLite's as it is.
func File(path string, err error) error {
	why := ""
	switch explained := sqlitex.Explain(err); {
	case sqlitex.Locked(err):
		why = " is locked by another program"
	case sqlitex.CannotOpen(err):
		why = ", or its folder, can't be opened for writing: look at the owner and the mode"
	default:
		for _, is := range []error{sqlitex.ErrFull, sqlitex.ErrReadOnly, sqlitex.ErrDisk, sqlitex.ErrDamaged} {
			if errors.Is(explained, is) {
				why = ": " + is.Error()
			}
		}
	}
	if why == "" {
		return err
	}
	return &Error{Why: path + why + ".", Err: err}
}
