package frame

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"sleutelbos/http/words"
)

//go:embed all:templates
var ownTemplates embed.FS

// templates are the pages, by language and name. A page is a file that defines "content";
// files that begin with "_" are parts that every page may use.
type templates map[words.Language]map[string]*template.Template

// parse reads the frame's templates and those of a section. It panics on one that can't be
// read and on a text that nobody says, which are faults of the program, found at start.
func parse(texts *words.Book, sections ...fs.FS) templates {
	all := templates{}
	for _, l := range words.Languages {
		shared := template.New("layout").Funcs(functions(l))
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
	return all
}

// page makes a page of the parts that all may use and its own text.
func page(shared *template.Template, text string) *template.Template {
	set := template.Must(shared.Clone())
	set.Funcs(template.FuncMap{"part": func(name string, data any) (template.HTML, error) {
		var part strings.Builder
		err := set.ExecuteTemplate(&part, name, data)
		return template.HTML(part.String()), err //nolint:gosec // the template escaped it
	}})
	return template.Must(set.Parse(text))
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
