// Package machinery keeps read models up to date, rebuilds them and verifies them. A read
// model is a table of rows and the typed, pure folds that make its rows from events. The
// package knows nothing of the domain. It never skips an event: a projection that meets one
// which it cannot take stops and shows it, while the others go on.
//
// This is the path of an event:
//
//	eventstore.Store
//	   │  catch-up subscription to the whole log
//	feed.Subscriber        one for all that are near the end of the log, another for each that is behind;
//	   │                   packs what has arrived since the last acknowledgement: 1 to 1,000 events
//	   │  one Watermill message, with a Batch in its context
//	worker.message         one worker for each projection and reactor, under its lock; checks the checkpoint
//	   │
//	intake.take            which events does it take? decodes them, and opens personal members if it wants them
//	   │
//	   ├─ tableWork        folder: stage → load the missing rows → fold in memory → the changed rows
//	   │     │
//	   │  DB.Apply         rows and checkpoint in one transaction, from the checkpoint that was read
//	   │
//	   └─ reactorWork      Reactor.Handle makes the effect, again until it succeeds; then
//	         │
//	      DB.SaveReactor   the reactor's own checkpoint, a few times a second
//
// After that the message is acknowledged, and whoever waits for the position (Runner.WaitFor)
// goes on. If the transaction fails because another process moved the checkpoint (ErrFenced),
// the worker begins again from what is stored. After any other disturbance the same message is
// delivered again.
//
// Rebuild and Verify do not take this path. A builder reads the log from its beginning, in
// chunks that are decoded on every processor, folds them with the same folds, and writes into
// a table beside the live one.
package machinery
