package app

import (
	"context"
	"path/filepath"

	"sleutelbos/commands/mail"
	"sleutelbos/commands/reactors"
	"sleutelbos/http/ui/manage"
)

// shownMails is how many mails of the outbox administrators see.
const shownMails = 200

// Outbox is where mails are written if the settings name no mail server.
func (a *App) Outbox() mail.Outbox {
	return mail.Outbox{Dir: filepath.Join(a.Places.Data, "outbox"), From: a.serving.MailFrom, Now: a.Now}
}

func (a *App) mailer() (reactors.Mailer, error) {
	if a.serving.SMTP == "" {
		return a.Outbox(), nil
	}
	return mail.NewSMTP(a.serving.SMTP, a.serving.MailFrom)
}

// pruneOutbox removes the mails that are of no use any more.
func (a *App) pruneOutbox(ctx context.Context) error {
	_, err := a.Outbox().Prune(ctx, a.Now(), func(ctx context.Context, token string) (bool, error) {
		link, found, err := a.Vault.FindLink(ctx, token)
		return !found || !link.UsedAt.IsZero() || !link.RevokedAt.IsZero() || link.Expired(a.Now()), err
	})
	return err
}

// shownOutbox returns the newest mails of the outbox, as the pages show them.
func (a *App) shownOutbox() ([]manage.Mail, error) {
	mails, err := a.Outbox().Newest(shownMails)
	if err != nil {
		return nil, err
	}
	shown := make([]manage.Mail, 0, len(mails))
	for _, m := range mails {
		shown = append(shown, manage.Mail(m))
	}
	return shown, nil
}
