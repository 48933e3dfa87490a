package api

import "reflect"

// HistoryColumns are the heads of a history as CSV.
func HistoryColumns() []string { return columnsOf(reflect.TypeFor[flatLine]()) }

// Cells answers a line as a row of that CSV. No cell is a formula to a spreadsheet.
func (l HistoryLine) Cells() []string { return cellsOf(flatten(l)) }
