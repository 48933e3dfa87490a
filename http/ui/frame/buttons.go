package frame

import (
	"fmt"
	"html/template"

	"sleutelbos/commands/engine"
)

// Warns is the class of buttons of commands by which somebody loses something.
const Warns = "danger"

// buttonFunctions are what templates call to draw the button of a command, by its name. What the
// button looks like is said where the command is declared.
func buttonFunctions(offers *engine.Commands) template.FuncMap {
	find := func(name string) (engine.Command, error) {
		c, ok := offers.Find(name)
		if !ok {
			return c, fmt.Errorf("a button is for the command %s, which nobody declared", name)
		}
		return c, nil
	}
	return template.FuncMap{
		"iconOf": func(name string) (template.HTML, error) {
			c, err := find(name)
			if err != nil {
				return "", err
			}
			return icon(c.Icon)
		},
		"warns": func(name string) (string, error) {
			c, err := find(name)
			return Warning(c), err
		},
		"command": find,
	}
}

// Warning returns the class of the buttons of a command; empty if nobody loses anything by it.
func Warning(c engine.Command) string {
	if c.TakesAway {
		return Warns
	}
	return ""
}
