// Package app is the composition root: it opens the stores that the settings name, wires
// every part of the program together, and runs them. Whatever needs the whole program uses
// this package, so that nobody wires it in another way. It holds no rule and no format of
// its own, and it does not read the command line.
package app
