package papers

import (
	"context"

	"golang.org/x/text/unicode/norm"

	"sleutelbos/commands/letterpdf"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// fit is what is to be known of a letter before it is printed. Whoever manages letters sees it.
type fit struct {
	NoAddress bool // of the holder: it can be handed over, and not be posted
	NoSender  bool // the organization never said to whom it comes back
	// LeftOut has the names of the holder and of the organization as they are printed, if that is not as they are.
	LeftOut []string
	Never   string // why it can't be printed; empty if it can
}

// Posts reports whether the letter can be posted.
func (f fit) Posts() bool { return !f.NoAddress && !f.NoSender && f.Never == "" }

// fitLetters says of each letter that is to be printed how that will be. One that can't be printed keeps none of the others
// from being printed.
func fitLetters(ctx context.Context, source answers.Source, rows []letterRow) error {
	var accounts, organizations []string
	for _, row := range rows {
		if row.State == "to_print" {
			accounts, organizations = append(accounts, row.AccountID), append(organizations, row.OrganizationID)
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	holders, err := source.Addressees(ctx, accounts)
	if err != nil {
		return err
	}
	named, _ := answers.PagedIn("organization") // they have pages
	names, err := named.Names(ctx, source, organizations)
	if err != nil {
		return err
	}
	senders, err := organizationlist.Senders(ctx, source.DB, organizations...)
	if err != nil {
		return err
	}
	for i, row := range rows {
		holder, known := holders[row.AccountID]
		name := names[row.OrganizationID]
		if row.State != "to_print" || !known || name == "" {
			continue // one that is not visible yet is told when the letter is opened
		}
		rows[i].Fit = fitOf(ctx, said(row, holder, name, senders[row.OrganizationID]))
	}
	return nil
}

// said returns what a letter will say beside its code.
func said(row letterRow, holder accountlist.Row, organization string, from organizationlist.Sender) lettercommands.Content {
	return lettercommands.Content{
		Recipient: holder.Name, Organization: organization, Username: holder.Username, Subject: row.Subject,
		Address: lettercommands.Address{Street: holder.Street, Postcode: holder.Postcode, City: holder.City, PostalCountry: holder.PostalCountry},
		Sender: lettercommands.Sender{
			Name: from.SenderName, Department: from.SenderDepartment, Phone: from.SenderPhone, Email: from.SenderEmail,
			Address: lettercommands.Address{Street: from.SenderStreet, Postcode: from.SenderPostcode, City: from.SenderCity, PostalCountry: from.SenderPostalCountry},
		},
	}
}

func fitOf(ctx context.Context, said lettercommands.Content) fit {
	f := fit{NoAddress: said.Address == lettercommands.Address{}, NoSender: said.Sender == lettercommands.Sender{}}
	fitted, err := letterpdf.FitContent(said)
	switch {
	case err != nil:
		f.Never = problem.Of(ctx, err).Detail
	case fitted.Recipient != norm.NFC.String(said.Recipient) || fitted.Organization != norm.NFC.String(said.Organization):
		f.LeftOut = []string{fitted.Recipient, fitted.Organization}
	}
	return f
}
