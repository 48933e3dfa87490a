package frame

import (
	"fmt"
	"html/template"
)

// icons are the paths of 24×24 line icons, drawn for this project.
var icons = map[string]string{
	"home":     `<path d="M4 11 12 4l8 7"/><path d="M6 10v10h12V10"/>`,
	"users":    `<circle cx="9" cy="8" r="3.5"/><path d="M3 20c0-4 2.5-6 6-6s6 2 6 6"/><path d="M16 5a3 3 0 0 1 0 6.5"/><path d="M17.5 14.5c2.3.6 3.5 2.5 3.5 5.5"/>`,
	"user":     `<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 3-7 8-7s8 2 8 7"/>`,
	"inbox":    `<path d="M4 13 6 5h12l2 8v6H4z"/><path d="M4 13h5l1.5 3h3L15 13h5"/>`,
	"key":      `<circle cx="8" cy="14" r="4"/><path d="m11 11 8-8"/><path d="m16 6 3 3"/>`,
	"building": `<path d="M5 21V4h9v17"/><path d="M14 9h5v12"/><path d="M3 21h18"/><path d="M8 8h3M8 12h3M8 16h3"/>`,
	"map":      `<path d="M3 6v14l6-2 6 2 6-2V4l-6 2-6-2z"/><path d="M9 4v14M15 6v14"/>`,
	"file":     `<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4"/><path d="M9 12h6M9 16h6"/>`,
	"mail":     `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3 7 9 6 9-6"/>`,
	"history":  `<path d="M4 5v5h5"/><path d="M4.6 10A8 8 0 1 1 4 13"/><path d="M12 8v5l3 2"/>`,
	"settings": `<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1"/>`,
	"search":   `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"check":    `<path d="m5 13 4 4L19 7"/>`,
	"x":        `<path d="M6 6l12 12M18 6 6 18"/>`,
	"block":    `<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>`,
	"lock":     `<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`,
	"clock":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
	"power":    `<path d="M12 3v9"/><path d="M6.5 7a8 8 0 1 0 11 0"/>`,
	"send":     `<path d="M21 3 10 14"/><path d="m21 3-7 18-4-7-7-4z"/>`,
	"edit":     `<path d="M4 20h4L19 9l-4-4L4 16z"/><path d="m13 7 4 4"/>`,
	"print":    `<path d="M7 8V3h10v5"/><rect x="4" y="8" width="16" height="8" rx="1.5"/><path d="M7 13h10v8H7z"/>`,
	"download": `<path d="M12 4v11"/><path d="m7 11 5 5 5-5"/><path d="M4 20h16"/>`,
	"up":       `<path d="m6 15 6-6 6 6"/>`,
	"down":     `<path d="m6 9 6 6 6-6"/>`,
	"left":     `<path d="m15 6-6 6 6 6"/>`,
	"right":    `<path d="m9 6 6 6-6 6"/>`,
	"shield":   `<path d="M12 3 5 6v6c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z"/><path d="m9 12 2 2 4-4"/>`,
	"warning":  `<path d="M12 4 2.5 20h19z"/><path d="M12 10v4M12 17v.5"/>`,
	"sun":      `<circle cx="12" cy="12" r="4"/><path d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2"/>`,
	"moon":     `<path d="M20 14A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10z"/>`,
	"out":      `<path d="M10 4H5v16h5"/><path d="M14 8l4 4-4 4"/><path d="M18 12H9"/>`,
	"filter":   `<path d="M4 5h16l-6 8v6l-4-2v-4z"/>`,
	"columns":  `<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="M10 5v14M15 5v14"/>`,
	"undo":     `<path d="M4 9h10a6 6 0 0 1 0 12H9"/><path d="m8 5-4 4 4 4"/>`,
	"menu":     `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"compare":  `<path d="M8 4v16M16 4v16"/><path d="M3 9h5M16 15h5"/>`,
	"more":     `<circle cx="6" cy="12" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="18" cy="12" r="1"/>`,
}

// HasIcon reports whether there is a picture of that name.
func HasIcon(name string) bool { return icons[name] != "" }

// icon draws an icon; beside it stands a text, so it is hidden from screen readers.
func icon(name string) (template.HTML, error) {
	if !HasIcon(name) {
		return "", fmt.Errorf("nobody drew the icon %q", name)
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`), nil //nolint:gosec // constants alone
}
