package letters

import (
	"time"

	"sleutelbos/domain/organization"
)

// Content is what a letter says.
type Content struct {
	LetterID     string    `json:"letterId"`
	Subject      string    `json:"subject"`
	Recipient    string    `json:"recipient"`
	Address      Address   `json:"address,omitzero" doc:"Of the recipient, as it is now; without one the letter can be handed over."`
	Organization string    `json:"organization"`
	Sender       Sender    `json:"sender,omitzero"`
	Username     string    `json:"username"`
	Code         string    `json:"code" once:"yes"`
	Language     string    `json:"language"`
	LastDay      string    `json:"lastDay"`
	CreatedAt    time.Time `json:"createdAt"`
}

// Address is where a letter goes, or where it comes back to. The zero value is none.
type Address struct {
	Street        string `json:"street"`
	Postcode      string `json:"postcode"`
	City          string `json:"city"`
	PostalCountry string `json:"postalCountry"`
}

// Sender is who writes a letter. The zero value is that the organization never said.
type Sender struct {
	Name       string  `json:"name"`
	Department string  `json:"department"`
	Address    Address `json:"address"`
	Phone      string  `json:"phone"`
	Email      string  `json:"email"`
}

func senderOf(s organization.Sender) Sender {
	return Sender{Name: s.Name, Department: s.Department, Address: Address(s.Address()), Phone: s.Phone, Email: s.Email}
}
