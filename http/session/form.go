package session

import "context"

// KeepForm keeps a sealed form beside the session of a request; an empty one forgets it. The
// session holds at most one.
func (a *Askers) KeepForm(ctx context.Context, sealed string) {
	if sealed == "" {
		a.Sessions.scs.Remove(ctx, formKey)
		return
	}
	a.Sessions.scs.Put(ctx, formKey, sealed)
}

// KeptForm returns the sealed form that is kept beside the session of a request; empty if none is.
func (a *Askers) KeptForm(ctx context.Context) string { return a.Sessions.scs.GetString(ctx, formKey) }
