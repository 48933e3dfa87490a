package ui

import (
	"net/http"
	"net/url"
	"strings"

	"sleutelbos/http/words"
)

// The cookies of the frame. None is a secret.
const (
	themeCookie = "theme"
	flashCookie = "flash"
)

// done sends the reader on after a command, with a line that says what happened: the key
// of a text, never a value.
func (u *UI) done(w http.ResponseWriter, r *http.Request, target, textKey string) error {
	u.setCookie(w, flashCookie, textKey, 60)
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

func (u *UI) takeFlash(w http.ResponseWriter, r *http.Request, l words.Language) string {
	c, err := r.Cookie(flashCookie)
	if err != nil || c.Value == "" {
		return ""
	}
	u.setCookie(w, flashCookie, "", -1)
	if !strings.HasPrefix(c.Value, "done.") || !words.Known(l, c.Value) {
		return ""
	}
	return words.Text(l, c.Value)
}

func (u *UI) setCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: u.PublicURL.Scheme == "https", SameSite: http.SameSiteLaxMode,
	})
}

// local answers a path of this very site, or "/" for anything else (T23).
func local(target string) string {
	parsed, err := url.Parse(target)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || parsed.User != nil || parsed.Opaque != "" ||
		!strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\t\r\n") {
		return "/"
	}
	return parsed.RequestURI()
}

func queryEscape(s string) string { return url.QueryEscape(s) }
