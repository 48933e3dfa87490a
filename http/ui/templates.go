package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sleutelbos/domain/account"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

//go:embed all:templates
var templateFiles embed.FS

// templates are the pages, by language and name. A page is a file of templates/ that
// defines "content"; files that begin with "_" are parts that every page may use.
type templates map[words.Language]map[string]*template.Template

func parse() templates {
	all := templates{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic("ui: the templates are embedded: " + err.Error())
	}
	for _, l := range words.Languages {
		shared := template.Must(template.New("layout").Funcs(functions(l)).ParseFS(templateFiles, "templates/_*.html"))
		all[l] = map[string]*template.Template{}
		for _, name := range names {
			if page := strings.TrimSuffix(path.Base(name), ".html"); !strings.HasPrefix(page, "_") {
				all[l][page] = template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, name))
			}
		}
	}
	return all
}

// functions are what templates may call, in a language.
func functions(l words.Language) template.FuncMap {
	return template.FuncMap{
		"t":          func(key string, args ...any) string { return words.Text(l, key, args...) },
		"value":      func(v any) string { return words.Value(l, fmt.Sprint(v)) },
		"field":      func(name string) string { return words.Field(l, name) },
		"icon":       icon,
		"wrongField": func(f problem.Field) string { return wrongField(l, f) },
		"time":       func(t time.Time) template.HTML { return timeTag(l, t, "2 Jan 2006 15:04") },
		"day":        func(t time.Time) template.HTML { return timeTag(l, t, "2 Jan 2006") },
		"date":       func(s string) string { return dateText(l, s) },
		"last":       func(end time.Time) string { return dateText(l, account.LastDay(end, zone)) },
		"subject":    func(template string) string { return words.Subject(l, template) },
		"weekday":    func(t time.Time) template.HTML { return timeTag(l, t, "Monday 2 January 2006") },
		"plain":      func(t time.Time) string { return monthNames(l, t.In(zone).Format("2 Jan 2006 15:04")) },
		"browser":    browserOf,
		"clock":      func(t time.Time) template.HTML { return timeTag(l, t, "15:04:05") },
		"dict":       dict,
		"list":       func(items ...any) []any { return items },
		"join":       strings.Join,
	}
}

// wrongField says what is wrong with a field, and which it is: most sentences fit any
// field. That about the letter's code names it itself; "code" elsewhere is a rule's.
func wrongField(l words.Language, f problem.Field) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
	if !words.HasField(l, name) || name == "code" {
		return f.Detail
	}
	label := words.Field(l, name)
	first, size := utf8.DecodeRuneInString(label)
	return string(unicode.ToUpper(first)) + label[size:] + ": " + f.Detail
}

// zone is that of the reader: the organizations are Dutch and Flemish.
var zone = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return loc
}()

// timeTag shows a time in the reader's zone, with the UTC time on hover.
func timeTag(l words.Language, t time.Time, layout string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s UTC">%s</time>`, //nolint:gosec // made of times and constants alone
		t.UTC().Format(time.RFC3339), t.UTC().Format("2006-01-02 15:04:05"), monthNames(l, t.In(zone).Format(layout))))
}

func dateText(l words.Language, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return monthNames(l, t.Format("2 Jan 2006"))
}

var dutchMonths = strings.NewReplacer("January", "januari", "February", "februari", "March", "maart", "April", "april", "June", "juni", "July", "juli",
	"August", "augustus", "September", "september", "October", "oktober", "November", "november", "December", "december",
	"Monday", "maandag", "Tuesday", "dinsdag", "Wednesday", "woensdag", "Thursday", "donderdag", "Friday", "vrijdag", "Saturday", "zaterdag", "Sunday", "zondag",
	"Jan", "jan", "Feb", "feb", "Mar", "mrt", "Apr", "apr", "May", "mei", "Jun", "jun",
	"Jul", "jul", "Aug", "aug", "Sep", "sep", "Oct", "okt", "Nov", "nov", "Dec", "dec")

func monthNames(l words.Language, s string) string {
	if l == words.Dutch {
		return dutchMonths.Replace(s)
	}
	return s
}

// dict makes a map of a template's arguments, for parts that take more than one.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict wants names before values")
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}
