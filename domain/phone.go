package domain

import "sleutelbos/domain/typed"

// ErrPhoneInvalid refuses what can't be a telephone number.
var ErrPhoneInvalid = InvalidCode("phone", "phone-invalid", "A phone number has 5 to 30 digits, with spaces and + - . / ( ) between them.")

// OptionalPhone refuses a text that can't be a telephone number. The empty text is accepted.
func OptionalPhone(number string) error {
	if number != "" && !typed.Phone(number) {
		return ErrPhoneInvalid
	}
	return nil
}
