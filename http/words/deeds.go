package words

import (
	"maps"
	"slices"
	"strings"
)

// Deed returns what a command does, as somebody wanted to do it ("block the account"). Looking
// is the same deed whatever was looked at; an unknown command is returned as it is.
func Deed(l Language, command string) string {
	if said, ok := deeds[l][command]; ok {
		return said
	}
	for _, verb := range []string{"Compare", "Follow", "Get", "List", "Replay", "Search", "Show"} {
		if strings.HasPrefix(command, verb) {
			return looking[l]
		}
	}
	return command
}

// Deeds returns the name of every command that has words, sorted.
func Deeds() []string { return slices.Sorted(maps.Keys(deeds[English])) }

var looking = map[Language]string{Dutch: "iets inzien", English: "look at something"}

// deeds are said in the texts, as deed.BlockAccount.
var deeds = table("deed.")
