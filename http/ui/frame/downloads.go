package frame

import (
	"net/url"

	"sleutelbos/http/answers"
)

// Downloads are the addresses of a whole list as a file: for people, and for programs. The
// template "downloads" draws them.
type Downloads struct{ Sheet, CSV string }

// DownloadsOf returns the addresses of a list of the API that the parameters narrow.
func DownloadsOf(path string, parameters url.Values) Downloads {
	address := func(format string) string {
		parameters.Set("format", format)
		return answers.Prefix + path + "?" + parameters.Encode()
	}
	return Downloads{Sheet: address(answers.InSheet), CSV: address(answers.InCSV)}
}
