package ui_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sleutelbos/http/ui/frame"
)

// TestEveryCommandHasAPicture holds every command to what its button must say: a picture that is
// drawn.
func TestEveryCommandHasAPicture(t *testing.T) {
	s := newSite(t)
	for _, c := range s.Commands.All() {
		if !frame.HasIcon(c.Icon) {
			t.Errorf("%s has the icon %q, which nobody drew: declare it with engine.Icon", c.Name, c.Icon)
		}
	}
}

// ofNoCommand are the buttons in templates that send a form without a command, by their texts.
var ofNoCommand = map[string]bool{
	`{{t "frame.sign-out"}}`: true, `{{t "me.sessions-end"}}`: true, // of the browser's session
	`{{t "manage.rebuild"}}`: true, `{{t "manage.check-now"}}`: true, // what an operator does is no command
	`{{t "audit.search"}}`: true, `{{t "*.filter" $says}}`: true, `{{t "mailtexts.preview-do"}}`: true, // they look
}

var (
	namesCommand = regexp.MustCompile(`(?:iconOf|warns|command) "([^"]*)"`)
	ownIcon      = regexp.MustCompile(`(?s)<button[^>]*>\{\{icon "[^"]*"\}\}(\{\{t [^}]*\}\})`)
	warning      = regexp.MustCompile(`class="[^"{]*\b` + frame.Warns + `\b`)
)

// TestButtonsLookAsTheirCommandsSay keeps pages from saying themselves what the button of a command
// looks like, and whether it warns.
func TestButtonsLookAsTheirCommandsSay(t *testing.T) {
	s := newSite(t)
	files, commands := 0, map[string]bool{}
	must(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".html") {
			return err
		}
		raw, err := os.ReadFile(path)
		files++
		for _, m := range namesCommand.FindAllStringSubmatch(string(raw), -1) {
			commands[m[1]] = true
			if _, ok := s.Commands.Find(m[1]); !ok {
				t.Errorf("%s has a button for the command %s, which nobody declared", path, m[1])
			}
		}
		for _, m := range ownIcon.FindAllStringSubmatch(string(raw), -1) {
			if !ofNoCommand[m[1]] {
				t.Errorf("%s says the icon of the button %s itself: use iconOf", path, m[1])
			}
		}
		for _, m := range warning.FindAllString(string(raw), -1) {
			t.Errorf("%s says itself that a button warns (%s): use warns", path, m)
		}
		return err
	}))
	if files < 20 || len(commands) < 10 {
		t.Errorf("looked at %d templates with %d commands only", files, len(commands))
	}
}
