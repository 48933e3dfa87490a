package frame

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/http/words"
)

//go:embed all:templates
var ownTemplates embed.FS

// templates are the pages. A page is a file that defines "content"; files that begin with "_"
// are parts that every page may use.
type templates struct {
	// parsed are by language and name. They are never executed, since only then they can be copied.
	parsed map[words.Language]map[string]*template.Template
	// drawn are copies that say times in a zone, by drawing: what a template calls is bound when
	// it is made, and is escaped at first use, both of which is too much for every request.
	drawn sync.Map
}

// drawing is a page in a language and a time zone. There are as many zones as organizations
// have, which are few.
type drawing struct {
	language   words.Language
	name, zone string
}

// page returns the page of a name, whose times are said in a zone.
func (t *templates) page(l words.Language, zone *time.Location, name string) (*template.Template, error) {
	key := drawing{l, name, zone.String()}
	if set, ok := t.drawn.Load(key); ok {
		return set.(*template.Template), nil //nolint:forcetypeassert // nothing else is stored there
	}
	parsed, ok := t.parsed[l][name]
	if !ok {
		return nil, fmt.Errorf("there is no template %s", name)
	}
	set, err := copyOf(parsed)
	if err != nil {
		return nil, err
	}
	kept, _ := t.drawn.LoadOrStore(key, set.Funcs(timeFunctions(l, zone)))
	return kept.(*template.Template), nil //nolint:forcetypeassert // likewise
}

// parse reads the frame's templates and those of a section. It panics on one that can't be
// read and on a text that nobody says, which are faults of the program, found at start.
func parse(texts *words.Book, offers *engine.Commands, sections ...fs.FS) *templates {
	all := map[words.Language]map[string]*template.Template{}
	for _, l := range words.Languages {
		shared := template.New("layout").Funcs(functions(l)).Funcs(buttonFunctions(offers)).Funcs(fieldFunctions(l, offers)).Funcs(timeFunctions(l, nil)) // see templates.page
		pages := map[string]string{}
		for _, files := range append([]fs.FS{ownTemplates}, sections...) {
			for name, text := range read(files) {
				if strings.HasPrefix(name, "_") {
					template.Must(shared.Parse(text))
					continue
				}
				pages[name] = text
			}
		}
		all[l] = map[string]*template.Template{}
		for name, text := range pages {
			all[l][name] = page(shared, text)
			for _, part := range all[l][name].Templates() {
				if part.Tree != nil {
					texts.Template(name, part.Tree.Root)
				}
			}
		}
	}
	return &templates{parsed: all}
}

// page makes a page of the parts that all may use and its own text.
func page(shared *template.Template, text string) *template.Template {
	return template.Must(template.Must(copyOf(shared)).Parse(text))
}

// copyOf returns a copy of a page whose parts are its own.
func copyOf(of *template.Template) (*template.Template, error) {
	set, err := of.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy the template %s: %w", of.Name(), err)
	}
	return set.Funcs(template.FuncMap{"part": func(name string, data any) (template.HTML, error) {
		var part strings.Builder
		err := set.ExecuteTemplate(&part, name, data)
		return template.HTML(part.String()), err //nolint:gosec // the template escaped it
	}}), nil
}

// read returns the texts of the templates in a folder, by name.
func read(files fs.FS) map[string]string {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("ui: the templates are embedded: %v", err))
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic("ui: the templates are embedded: " + err.Error())
		}
		texts[strings.TrimSuffix(path.Base(name), ".html")] = string(text)
	}
	return texts
}
