package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"sleutelbos/domain/account"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/organization"
)

// Book checks at the start that every text which the pages ask for is said, and knows in the end
// which texts nobody asked for. Its methods panic on a text that is not there: a fault of the
// program.
type Book struct {
	asked    map[Key]bool
	families map[Key]bool   // whose members are declared
	open     map[Key]string // families that a template uses, with its name
}

// NewBook returns a book that knows the families of texts whose members are those of an
// enumeration of the domain.
func NewBook() *Book {
	b := &Book{asked: map[Key]bool{}, families: map[Key]bool{}, open: map[Key]string{}}
	b.ask(byProgram, "the name of a part of the program")
	b.Family("role.*", parts(account.Roles())...)
	b.Family("role.help.*", parts(account.Roles())...)
	b.Family("new.channel.*", parts(account.OfferedChannels())...)
	b.Family("new.channel-help.*", parts(account.OfferedChannels())...)
	b.Family("preset.*", parts(organization.Presets())...)
	b.Family("preset-help.*", parts(organization.Presets())...)
	b.Family("rule.username.*", parts(organization.UsernameRules())...)
	decided := slices.DeleteFunc(licenserequest.Statuses(), func(s licenserequest.Status) bool { return s == licenserequest.StatusOpen })
	b.Family("request.is.*", parts(decided)...)
	b.Family("request.explain.*", parts(decided)...)
	return b
}

func parts[E ~string](values []E) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return all
}

// Family declares the members of a family of texts. Where the key has several stars, a member's
// parts stand with a space between them.
func (b *Book) Family(key Key, members ...string) {
	b.families[key] = true
	for _, member := range members {
		b.ask(Member(key, member), "the family "+string(key))
	}
}

// SomeOf declares a family of which not every member has a text.
func (b *Book) SomeOf(key Key, members ...string) {
	b.families[key] = true
	for _, member := range members {
		if k := Member(key, member); Known(k) {
			b.asked[k] = true
		}
	}
}

// Member returns the key of a member of a family.
func Member(key Key, member string) Key {
	named := string(key)
	for part := range strings.FieldsSeq(member) {
		named = strings.Replace(named, "*", part, 1)
	}
	return Key(named)
}

// ask notes that a text is used.
func (b *Book) ask(key Key, by string) {
	if !Known(key) {
		panic(fmt.Sprintf("words: %s uses the text %s, which nobody says", by, key))
	}
	b.asked[key] = true
}

// Template checks the texts, the fields and the sets of values that a template names.
func (b *Book) Template(name string, node parse.Node) {
	walk(node, func(c *parse.CommandNode) {
		function, ok := c.Args[0].(*parse.IdentifierNode)
		if !ok || len(c.Args) < 2 {
			return
		}
		constant, ok := c.Args[1].(*parse.StringNode)
		switch {
		case function.Ident == "value" || function.Ident == "badge":
			if !ok || !Set(constant.Text).Known() {
				panic(fmt.Sprintf("words: the template %s names a set that there is not: %s", name, c))
			}
		case function.Ident != "t" && function.Ident != "field" && function.Ident != "label":
		case !ok && function.Ident == "t" && !isValue(c.Args[1]):
			panic(fmt.Sprintf("words: the template %s puts a key together (%s): name its family", name, c))
		case !ok:
		case function.Ident != "t":
			if !HasField(English, constant.Text) {
				panic(fmt.Sprintf("words: the template %s names the field %s, which has no words", name, constant.Text))
			}
		case strings.Contains(constant.Text, "*"):
			b.open[Key(constant.Text)] = name
		default:
			b.ask(Key(constant.Text), "the template "+name)
		}
	})
}

// isValue reports whether an argument is a value of the page, whose type must be Key.
func isValue(n parse.Node) bool {
	switch n.(type) {
	case *parse.FieldNode, *parse.VariableNode:
		return true
	}
	return false
}

// Close panics if a template uses a family whose members nobody declared.
func (b *Book) Close() {
	for _, key := range slices.Sorted(maps.Keys(b.open)) {
		if !b.families[key] {
			panic(fmt.Sprintf("words: the template %s uses the family %s, whose members nobody declared", b.open[key], key))
		}
	}
}

// Unused returns the texts that no template and no family asks for, and that are not among the
// keys that the sources write out.
func (b *Book) Unused(written ...Key) []Key {
	var unused []Key
	for _, key := range Keys() {
		if !b.asked[key] && !slices.Contains(written, key) {
			unused = append(unused, key)
		}
	}
	return unused
}

// walk visits every command in a template, those in the arguments of others too.
func walk(node parse.Node, visit func(*parse.CommandNode)) {
	branch := func(n parse.BranchNode) {
		walk(n.Pipe, visit)
		walk(n.List, visit)
		if n.ElseList != nil {
			walk(n.ElseList, visit)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, each := range n.Nodes {
			walk(each, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.TemplateNode:
		walk(n.Pipe, visit)
	case *parse.IfNode:
		branch(n.BranchNode)
	case *parse.RangeNode:
		branch(n.BranchNode)
	case *parse.WithNode:
		branch(n.BranchNode)
	case *parse.PipeNode:
		if n == nil { // {{template "x"}} has none
			return
		}
		for _, command := range n.Cmds {
			visit(command)
			for _, arg := range command.Args {
				walk(arg, visit)
			}
		}
	}
}
