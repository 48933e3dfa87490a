package main

import "errors"

type demoCommand struct{ Serving }

// Run serves a temporary folder with something to see.
func (c *demoCommand) Run(p *program) error { return errors.New("not yet") }
