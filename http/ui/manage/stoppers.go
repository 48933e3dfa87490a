package manage

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"sleutelbos/commands/operation"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery"
)

// stopper is something at which read models or reactors stand still.
type stopper struct {
	machinery.Fault
	Stands  []managed
	Command string // what an operator types to go on; empty if nothing but mending the cause helps
	Passes  bool   // the event can't be read, and may be passed over
}

// stoppers returns what stops somebody, each once.
func stoppers(all []machinery.Status) (found []*stopper) {
	type place struct {
		at     string
		unread uuid.UUID
		reader string // of a reactor, which goes on alone
	}
	known := map[place]*stopper{}
	for _, s := range all {
		if s.Fault == nil {
			continue
		}
		at := place{at: s.Fault.Position.String(), unread: s.Fault.Unread}
		if at.unread == uuid.Nil {
			at.reader = s.Name
		}
		if known[at] == nil {
			known[at] = &stopper{Fault: *s.Fault, Command: wayOn(s), Passes: at.unread != uuid.Nil}
			found = append(found, known[at])
		}
		known[at].Stands = append(known[at].Stands, managed{s})
	}
	return found
}

// wayOn returns the command that lets a reader go on.
func wayOn(s machinery.Status) string {
	switch {
	case s.Fault.Unread != uuid.Nil:
		return fmt.Sprintf("sleutelbos events pass --position %s --id %s --reason …", s.Fault.Position, s.Fault.Unread)
	case s.Reactor && s.Fault.Type == "": // its place in the log is not known
		return fmt.Sprintf("sleutelbos reactors resume %s --from …", s.Name)
	case s.Reactor:
		return fmt.Sprintf("sleutelbos reactors resume %s --from %s", s.Name, s.Fault.Position)
	}
	return ""
}

// pass lets every reader pass over an event that nobody can read.
func (s managePages) pass(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Commands.Run(r, operation.PassOverEvent{
		Position: r.PostFormValue("position"), EventID: r.PostFormValue("eventId"), Reason: r.PostFormValue("reason"),
	}, frame.ShowsNothing)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.manage(w, r, wrong) })
	}
	return s.Pages.Done(w, r, "/manage", "done.passed-over")
}
