package account

import (
	"strings"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/typed"
)

func validName(name string) error { return domain.RequiredText("name", name, domain.MaxName) }

func validDescription(text string) error {
	return domain.Lines("description", text, domain.MaxDescription)
}

// validUsername refuses what no organization accepts. The caller checks the organization's
// own rule, which is not known here.
func validUsername(username, reservation string) error {
	return domain.First(
		domain.RequiredText("username", username, maxUsername),
		domain.Identifier("username_reservation", reservation))
}

func validEmail(email string) error {
	if email != "" && !mailaddress.Valid(email) {
		return ErrEmailInvalid
	}
	return nil
}

func validPhone(phone string) error {
	if phone != "" && !typed.Phone(phone) {
		return ErrPhoneInvalid
	}
	return nil
}

func validCountry(country string) error {
	if country != "" && (len(country) != 2 || !strings.Contains(countries, " "+country+" ")) {
		return ErrCountryInvalid
	}
	return nil
}

// validEnd refuses a last day that is no date, or that is over.
func validEnd(date string, endsAt, now time.Time) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil || endsAt.IsZero() {
		return ErrValidUntilInvalid
	}
	if !endsAt.After(now) {
		return ErrValidUntilPast
	}
	return nil
}

// Countries returns the codes of the countries in which a holder can work.
func Countries() []string { return strings.Fields(countries) }

// countries are the codes that ISO 3166-1 assigns, and that of Kosovo, which everyone uses for
// want of an assigned one.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "
