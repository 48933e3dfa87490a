package frame

import (
	"context"
	"net/http"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/eventstore"
	"sleutelbos/http/session"
)

// Commands runs commands of the signed-in person. The body says which command it is for.
type Commands struct {
	Offers *engine.Commands
	runner Runner
}

// Shows names the read models that the page after a form shows, and for which the form waits:
// another one that is far behind, or is being built, keeps no form from ending.
type Shows []string

// ShowsNothing is for a form after which nothing is shown that its command changed.
var ShowsNothing Shows

// Run runs the command that a body is for. Without an error the read models that are shown
// next have caught up with it, or were given time to.
func (c Commands) Run(r *http.Request, body any, next Shows) (engine.Outcome, error) {
	return c.RunAs(r, body, session.Request(r, "ui"), next)
}

// settleWithin is for how long a page finds out what became of a command that was not answered.
const settleWithin = 10 * time.Second

// RunAs runs a command of whoever the request names.
func (c Commands) RunAs(r *http.Request, body any, req engine.Request, next Shows) (engine.Outcome, error) {
	req.Settle = settleWithin
	outcome, err := c.Offers.Run(r.Context(), req, body)
	if err == nil {
		c.Wait(r.Context(), outcome.Position, next)
	}
	return outcome, err
}

// Wait lets read models catch up with a command, so that the page that follows shows it; a
// page that shows an older state says so itself.
func (c Commands) Wait(ctx context.Context, position eventstore.Position, next Shows) {
	if position.IsZero() || len(next) == 0 {
		return
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	_ = c.runner.WaitFor(ctx, position, next...) // too late is not wrong: the page tells how far it is
}

// Preview returns what a command would bring, without doing it.
func (c Commands) Preview(r *http.Request, body any) (engine.Outcome, error) {
	req := session.Request(r, "ui")
	req.DryRun = true
	return c.RunAs(r, body, req, ShowsNothing)
}

// RunOnce runs a command once for a key, however often the form that has it is sent.
func (c Commands) RunOnce(r *http.Request, key string, body any, next Shows) (engine.Outcome, error) {
	req := session.Request(r, "ui")
	req.IdempotencyKey = key
	return c.RunAs(r, body, req, next)
}

// RunForm runs a command once for the key that the form names "form".
func (c Commands) RunForm(r *http.Request, body any, next Shows) (engine.Outcome, error) {
	return c.RunOnce(r, OnceKey(r.PostFormValue("form"), c.Offers.Of(body).Name), body, next)
}

// RunPart runs a command as one of several of a form, without waiting for the read models.
// It goes on when the reader leaves: a closed tab must not leave half of them undone. An outcome
// without events says that it was so already.
func (c Commands) RunPart(r *http.Request, key string, body any) (engine.Outcome, error) {
	req := session.Request(r, "ui")
	req.IdempotencyKey, req.Settle = key, settleWithin
	return c.Offers.Run(context.WithoutCancel(r.Context()), req, body)
}

// PreviewPart returns what a command would bring as one of several of a form. What one may ask in
// this way is bounded by whoever runs them one after the other.
func (c Commands) PreviewPart(r *http.Request, body any) (engine.Outcome, error) {
	req := session.Request(r, "ui")
	req.DryRun, req.Part = true, true
	return c.RunAs(r, body, req, ShowsNothing)
}

// RunSelected runs a command for every ticked row, and returns how many it was done for
// and the first refusal. Errors: the first that is no refusal.
func (c Commands) RunSelected(r *http.Request, body func(id string) any, next Shows) (done int, first error, err error) {
	if err := r.ParseForm(); err != nil {
		return 0, nil, BadForm(err)
	}
	var last eventstore.Position
	defer func() { c.Wait(r.Context(), last, next) }()
	for _, id := range r.PostForm["id"] {
		outcome, failed := c.Run(r, body(strings.TrimSpace(id)), ShowsNothing)
		last = eventstore.Later(last, outcome.Position)
		_, isRefusal := Refused(r, failed)
		switch {
		case failed == nil:
			done++
		case isRefusal && first == nil:
			first = failed
		case !isRefusal:
			return done, first, failed
		}
	}
	return done, first, nil
}
