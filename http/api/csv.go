package api

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// columnsOf answers the heads of a CSV: the members of the item.
func columnsOf(t reflect.Type) []string {
	members := membersOf(t)
	heads := make([]string, len(members))
	for i, m := range members {
		heads[i] = m.name
	}
	return heads
}

// flatten answers an item as a CSV has it: one text a member.
func flatten(item any) reflect.Value {
	if f, ok := item.(interface{ flat() any }); ok {
		return reflect.ValueOf(f.flat())
	}
	return reflect.ValueOf(item)
}

func cellsOf(v reflect.Value) []string {
	members := membersOf(v.Type())
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
