package mailtemplate

import (
	"embed"
	"fmt"
	"strings"

	"sleutelbos/domain/message"
)

//go:embed texts
var files embed.FS

// builtIn are the built-in texts, by language and kind of mail. A file holds those of a language: each
// begins with "== " and the kind, and has a subject, an empty line, and a text.
var builtIn = func() map[string]map[message.Template]Text {
	all := map[string]map[message.Template]Text{}
	for _, language := range message.Languages() {
		file, err := files.ReadFile("texts/" + language + ".txt")
		if err != nil {
			panic(fmt.Sprintf("mailtemplate: the texts in %s: %v", language, err))
		}
		texts := map[message.Template]Text{}
		for part := range strings.SplitSeq(strings.TrimPrefix(string(file), "== "), "\n== ") {
			kind, said, _ := strings.Cut(part, "\n")
			subject, body, _ := strings.Cut(said, "\n\n")
			texts[message.Template(kind)] = Text{subject, strings.TrimSpace(body)}
		}
		all[language] = texts
	}
	return all
}()

// BuiltIn returns what a mail says in a language where no organization has changed it.
func BuiltIn(template message.Template, language string) Text { return builtIn[language][template] }
