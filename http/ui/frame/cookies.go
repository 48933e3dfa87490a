package frame

import (
	"net/http"
	"strings"

	"sleutelbos/http/words"
)

// The cookies of the frame. None is a secret.
const (
	themeCookie = "theme"
	flashCookie = "flash"
)

// KeptLong is how many seconds a browser keeps a choice of its reader.
const KeptLong = 365 * 24 * 3600

// Cookies keeps what concerns one browser.
type Cookies struct {
	Secure bool // the site is reached by https
}

// Set keeps a value in the browser for a number of seconds; a negative number forgets it.
func (c Cookies) Set(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: c.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// takeFlash returns what happened just before, and forgets it.
func (c Cookies) takeFlash(w http.ResponseWriter, r *http.Request, l words.Language) string {
	kept, err := r.Cookie(flashCookie)
	if err != nil || kept.Value == "" {
		return ""
	}
	c.Set(w, flashCookie, "", -1)
	key := words.Key(kept.Value) // whatever the client sent
	if !strings.HasPrefix(kept.Value, "done.") || !words.Known(key) {
		return ""
	}
	return words.Text(l, key)
}

// themeOf returns the theme that the reader chose; empty for the system's.
func themeOf(r *http.Request) string {
	if kept, err := r.Cookie(themeCookie); err == nil && (kept.Value == "light" || kept.Value == "dark") {
		return kept.Value
	}
	return ""
}

// preferences keeps the choice of language and theme in the browser.
func (p *Pages) preferences(w http.ResponseWriter, r *http.Request) error {
	if l, ok := words.Parse(r.PostFormValue("language")); ok {
		p.Cookies.Set(w, words.Cookie, string(l), KeptLong)
	}
	if theme := r.PostFormValue("theme"); theme == "light" || theme == "dark" {
		p.Cookies.Set(w, themeCookie, theme, KeptLong)
	}
	http.Redirect(w, r, Local(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
