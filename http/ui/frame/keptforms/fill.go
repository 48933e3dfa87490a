package keptforms

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Rest is what a page has no field for any more, by the name of its field.
type Rest struct{ Name, Value string }

// Fill fills a form into the page that holds it, and shows a notice at the top of the page's
// content. The notice is made of what found no field there: nothing that was typed is lost, even
// if the page does not have the form any more.
func Fill(page []byte, form Form, notice func([]Rest) ([]byte, error)) ([]byte, error) {
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	left := maps.Clone(form.Values)
	if node := find(document, form.Action); node != nil {
		fillForm(node, form.Values, left)
	}
	said, err := notice(rest(left))
	if err != nil {
		return nil, err
	}
	if err := putFirst(document, said); err != nil {
		return nil, err
	}
	var filled bytes.Buffer
	if err := html.Render(&filled, document); err != nil {
		return nil, fmt.Errorf("write a page: %w", err)
	}
	return filled.Bytes(), nil
}

// find returns the form that sends to an action, by itself or by one of its buttons.
func find(document *html.Node, action string) *html.Node {
	for node := range document.Descendants() {
		if node.DataAtom != atom.Form && node.DataAtom != atom.Button {
			continue
		}
		if attribute(node, "action") != action && attribute(node, "formaction") != action {
			continue
		}
		for ; node != nil; node = node.Parent {
			if node.DataAtom == atom.Form && strings.EqualFold(attribute(node, "method"), "post") {
				return node
			}
		}
	}
	return nil
}

// fillForm fills the fields of a form, takes what it used out of left, and opens what hides the
// form.
func fillForm(form *html.Node, values, left map[string][]string) {
	seen := map[string]int{} // how many fields of a name were filled
	for node := range form.Descendants() {
		name := attribute(node, "name")
		if name == "" {
			continue
		}
		typed := values[name]
		switch node.DataAtom {
		case atom.Textarea:
			setText(node, next(typed, seen[name]))
		case atom.Select:
			choose(node, typed)
		case atom.Input:
			fillInput(node, typed, seen[name])
		default:
			continue
		}
		seen[name]++
		delete(left, name)
	}
	for node := form; node != nil; node = node.Parent {
		if node.DataAtom == atom.Details {
			set(node, "open", true)
		}
	}
}

func fillInput(input *html.Node, typed []string, nth int) {
	switch strings.ToLower(attribute(input, "type")) {
	case "checkbox", "radio":
		set(input, "checked", slices.Contains(typed, attribute(input, "value")))
	case "password", "file", "submit", "button", "image", "reset":
	case "hidden":
		if nth < len(typed) { // e.g. the revision that the form was filled in on
			setTo(input, "value", typed[nth])
		}
	default:
		setTo(input, "value", next(typed, nth))
	}
}

func next(typed []string, nth int) string {
	if nth < len(typed) {
		return typed[nth]
	}
	return ""
}

func choose(list *html.Node, typed []string) {
	for node := range list.Descendants() {
		if node.DataAtom == atom.Option {
			set(node, "selected", slices.Contains(typed, attribute(node, "value")))
		}
	}
}

func setText(node *html.Node, text string) {
	for node.FirstChild != nil {
		node.RemoveChild(node.FirstChild)
	}
	node.AppendChild(&html.Node{Type: html.TextNode, Data: text})
}

func rest(left map[string][]string) []Rest {
	var all []Rest
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if typed := strings.Join(left[name], ", "); typed != "" {
			all = append(all, Rest{name, typed})
		}
	}
	return all
}

// putFirst puts a part before the content of the page.
func putFirst(document *html.Node, part []byte) error {
	for node := range document.Descendants() {
		if node.DataAtom != atom.Main {
			continue
		}
		parsed, err := html.ParseFragment(bytes.NewReader(part), node)
		if err != nil {
			return fmt.Errorf("read a part of a page: %w", err)
		}
		before := node.FirstChild
		for _, each := range parsed {
			node.InsertBefore(each, before)
		}
		return nil
	}
	return nil
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func setTo(node *html.Node, name, value string) {
	set(node, name, false)
	node.Attr = append(node.Attr, html.Attribute{Key: name, Val: value})
}

// set gives an element an attribute that has no value, or takes an attribute away.
func set(node *html.Node, name string, has bool) {
	node.Attr = slices.DeleteFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
	if has {
		node.Attr = append(node.Attr, html.Attribute{Key: name})
	}
}
