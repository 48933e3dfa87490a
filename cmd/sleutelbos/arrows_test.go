package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrow says what the packages under a folder may import of ours. The longest folder that
// fits a package counts. A folder that is not here fails the test.
type arrow struct {
	folder string
	may    []string // folders; "" alone is everything
	// stdlibOnly forbids what is not the standard library's.
	stdlibOnly bool
}

var arrows = []arrow{
	{folder: "domain", may: []string{"domain"}, stdlibOnly: true},
	{folder: "domain/typed", may: nil}, // knows Unicode and telephone numbers, by libraries
	{folder: "domain/decidertest", may: []string{"domain"}},
	{folder: "eventstore", may: []string{"internal/storedjson"}},
	{folder: "eventstore/audit", may: []string{"eventstore", "internal/storedjson"}},
	{folder: "eventstore/catalog", may: []string{"domain", "eventstore", "eventstore/audit"}},
	{folder: "eventstore/esdb", may: []string{"eventstore", "internal/pause", "internal/reach"}},
	{folder: "eventstore/keystest", may: []string{"eventstore"}},
	{folder: "eventstore/node", may: []string{"eventstore", "eventstore/node"}},
	{folder: "eventstore/node/logfile", may: []string{"eventstore", "internal/sqlitex"}},
	{folder: "eventstore/node/index", may: []string{"eventstore", "eventstore/node/logfile", "internal/sqlitex"}},
	{folder: "eventstore/node/cache", may: []string{"eventstore", "eventstore/node/index", "eventstore/node/logfile"}},
	{folder: "eventstore/node/log", may: []string{"eventstore", "eventstore/node/cache", "eventstore/node/index", "eventstore/node/logfile", "internal/sqlitex"}},
	{folder: "eventstore/node/verify", may: []string{"eventstore/node/index", "eventstore/node/logfile", "internal/sqlitex"}},
	{folder: "eventstore/node/persistent", may: []string{"eventstore", "eventstore/node/index", "eventstore/node/log", "internal/turns"}},
	{folder: "eventstore/node/door", may: []string{"eventstore", "eventstore/node/index", "eventstore/node/log", "eventstore/node/logfile", "eventstore/node/persistent", "internal/limits", "internal/turns"}},
	{folder: "eventstore/storetest", may: []string{"eventstore"}},
	{folder: "eventstore/vault", may: []string{"eventstore", "internal/bounded", "internal/limits", "internal/sqlitex", "internal/storedjson"}},
	{folder: "internal/failure", may: []string{"domain", "eventstore", "eventstore/vault"}},
	{folder: "internal/pause", may: nil},
	{folder: "internal/bounded", may: nil},
	{folder: "internal/turns", may: nil},
	{folder: "internal/limits", may: []string{"internal/bounded"}},
	{folder: "internal/sqlitex", may: []string{"internal/sqlitex/sealed"}},
	{folder: "internal/sqlitex/sealed", may: nil},
	{folder: "internal/reach", may: []string{"eventstore", "internal/sqlitex"}},
	{folder: "internal/schema", may: []string{"domain/typed"}},
	{folder: "internal/sheet", may: nil},
	{folder: "internal/storedjson", may: nil},
	{folder: "commands", may: []string{"commands", "domain", "eventstore", "eventstore/catalog", "eventstore/vault", "internal/bounded", "internal/failure", "internal/limits", "internal/pause", "internal/schema", "internal/storedjson"}},
	{folder: "projections/machinery", may: []string{"domain/typed", "eventstore", "internal/bounded", "internal/failure", "internal/pause", "internal/turns"}},
	{folder: "projections/machinery/feed", may: []string{"projections/machinery", "eventstore", "internal/pause"}},
	{folder: "projections/machinery/listing", may: []string{"domain/typed", "projections/machinery", "eventstore"}},
	{folder: "projections/machinery/rows", may: []string{"projections/machinery", "projections/machinery/rows", "eventstore"}},
	{folder: "projections/machinery/rows/sqlite", may: []string{"projections/machinery", "projections/machinery/rows", "eventstore", "internal/bounded", "internal/sqlitex"}},
	{folder: "projections/machinery/rows/rowstest", may: []string{"domain/typed", "projections/machinery", "projections/machinery/listing", "eventstore"}},
	{folder: "projections/models", may: []string{"projections/machinery", "projections/machinery/listing", "projections/models", "eventstore", "eventstore/catalog", "domain"}}, // a read model, and those it joins
	{folder: "projections/models/readmodeltest", may: []string{""}},
	{folder: "http", may: []string{"http", "commands", "domain", "eventstore", "eventstore/catalog", "internal/bounded", "internal/limits", "internal/reach", "internal/schema", "internal/sheet", "internal/turns", "projections/machinery", "projections/machinery/listing", "projections/models"}},
	// These sections have what they show from elsewhere, and know no read model.
	{folder: "http/problem", may: []string{"http", "commands", "domain", "eventstore", "eventstore/catalog", "internal/limits", "internal/reach", "internal/schema", "projections/machinery"}},
	{folder: "http/ui/signin", may: []string{"http", "commands", "domain", "eventstore", "eventstore/catalog"}},
	{folder: "http/ui/manage", may: []string{"http", "commands", "domain", "eventstore", "eventstore/catalog", "projections/machinery"}},
	{folder: "internal/doctor", may: []string{"eventstore", "eventstore/audit", "eventstore/vault", "projections/machinery"}},
	{folder: "internal/app", may: []string{""}}, // the composition root, which wires everything
	{folder: "internal/demo", may: []string{"commands", "domain", "eventstore", "internal/app", "internal/limits"}}, // uses the program as people do
	{folder: "http/answers", may: []string{"commands", "domain", "eventstore", "eventstore/catalog", "http/problem", "http/words", "internal/schema", "internal/turns", "projections/machinery", "projections/machinery/listing", "projections/models"}},
	{folder: "cmd", may: []string{""}},
	{folder: "docs", may: nil}, // examples for others, who have nothing of ours
}

// drivers are seen by what may see everything, by themselves and by tests.
var drivers = []string{"eventstore/esdb", "eventstore/node", "projections/machinery/rows", "projections/machinery/feed"}

const module = "sleutelbos/"

// TestF14_OnlyOnePackageWritesCSV keeps every cell harmless to spreadsheets.
func TestF14_OnlyOnePackageWritesCSV(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != module+"internal/sheet" && slices.Contains(p.Imports, "encoding/csv") {
			t.Errorf("%s writes CSV of its own; the package sheet does", p.ImportPath)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// TestArrows holds the code to the arrows of the design: who may know whom.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		folder := strings.TrimPrefix(p.ImportPath, module)
		rule, ok := ruleOf(folder)
		if !ok {
			t.Errorf("the folder %s has no arrow: add it to the design first", folder)
			continue
		}
		for _, imported := range p.Imports {
			ours, isOurs := strings.CutPrefix(imported, module)
			switch {
			case isOurs && !rule.allows(folder, ours):
				t.Errorf("%s may not import %s", folder, ours)
			case isOurs && betweenSections(folder, ours):
				t.Errorf("%s is a section of the pages: it may know their frame, but not %s", folder, ours)
			case !isOurs && rule.stdlibOnly && strings.Contains(strings.Split(imported, "/")[0], "."):
				t.Errorf("%s may import the standard library only, not %s", folder, imported)
			}
		}
	}
}

// betweenSections reports whether a package of the pages knows another one that is not the
// frame. Only http/ui itself knows the sections, which it puts together.
func betweenSections(from, to string) bool {
	return within(from, "http/ui/") && within(to, "http/ui") && !within(to, "http/ui/frame")
}

func ruleOf(folder string) (rule arrow, found bool) {
	for _, a := range arrows {
		if within(folder, a.folder) && len(a.folder) >= len(rule.folder) {
			rule, found = a, true
		}
	}
	return rule, found
}

func (a arrow) allows(from, to string) bool {
	if slices.Equal(a.may, []string{""}) {
		return true
	}
	for _, driver := range drivers {
		if within(to, driver) && !within(from, driver) && !within(driver, from) {
			return false
		}
	}
	return slices.ContainsFunc(a.may, func(folder string) bool {
		if exact := []string{"eventstore", "projections/machinery"}; slices.Contains(exact, folder) {
			return to == folder // the ports, not what is behind them
		}
		return within(to, folder)
	})
}

// within says whether a package lies in a folder; "projections/" means beneath it.
func within(pkg, folder string) bool {
	if strings.HasSuffix(folder, "/") {
		return strings.HasPrefix(pkg, folder)
	}
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Standard", module+"...").Output()
	if err != nil {
		t.Fatalf("list the packages: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
