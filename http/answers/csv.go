package answers

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// columnsOf answers the heads of a CSV: the members of the item.
func ColumnsOf(t reflect.Type) []string {
	members := shownMembers(t)
	heads := make([]string, len(members))
	for i, m := range members {
		heads[i] = m.name
	}
	return heads
}

// flatten answers an item as a CSV has it: one text a member.
func Flatten(item any) reflect.Value {
	if f, ok := item.(interface{ flat() any }); ok {
		return reflect.ValueOf(f.flat())
	}
	return reflect.ValueOf(item)
}

func CellsOf(v reflect.Value) []string {
	members := shownMembers(v.Type())
	cells := make([]string, len(members))
	for i, m := range members {
		cells[i] = harmless(cell(v.FieldByIndex(m.index)))
	}
	return cells
}

func cell(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case time.Time:
		if value.IsZero() {
			return ""
		}
		return value.UTC().Format(time.RFC3339)
	case []string:
		return strings.Join(value, " ")
	}
	return fmt.Sprint(v.Interface())
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// shownMember is a member of a view by its name in the contract.
type shownMember struct {
	name  string
	index []int // through embedded structs
}

func shownMembers(t reflect.Type) []shownMember {
	var members []shownMember
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			members = append(members, shownMember{name, field.Index})
		}
	}
	return members
}

// HistoryColumns are the heads of a history as CSV.
func HistoryColumns() []string { return ColumnsOf(reflect.TypeFor[flatLine]()) }

// Cells answers a line as a row of that CSV. No cell is a formula to a spreadsheet.
func (l HistoryLine) Cells() []string { return CellsOf(Flatten(l)) }
