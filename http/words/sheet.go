package words

import "time"

// sheetDays are the layouts of a day that spreadsheets take for one: in Dutch as people here write
// it, in English as no country reads it wrong.
var sheetDays = map[Language]string{Dutch: "02-01-2006", English: time.DateOnly}

// SheetDay says a day ("2006-01-02") so that a spreadsheet knows it; it returns anything else as it is.
func SheetDay(l Language, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format(sheetDays[l])
}

// SheetTime says a time in the zone that it has, so that a spreadsheet knows it.
func SheetTime(l Language, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(sheetDays[l] + " " + time.TimeOnly)
}

// Sheet says what a list is called as a file, by the name of its operation; an unknown one is
// returned as it is.
func Sheet(l Language, operation string) string {
	if said, ok := sheets[l][operation]; ok {
		return said
	}
	return operation
}

// sheets are said in the texts, as sheet.ListAccounts.
var sheets = table(sheet)
