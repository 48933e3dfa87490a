package demo

import (
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/commands/organizations"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/rolegroup"
)

// The house is what the demo shows: everything that is in it stands in this file, and the verbs of
// verbs.go say how each thing happens.

// office is an organization with its people.
type office struct {
	name     string
	preset   organization.Preset
	domain   string // of its mail addresses
	country  string
	phone    string // how its telephone numbers begin
	admin    full   // who administers it, and whose username is beheer@…
	second   full   // the other administrator, beheer2@…
	auditor  full   // the compliance officer, compliance@…
	holder   full   // a user who can sign in, tom@…
	licenses []license
	norms    map[string][]string // the standards in licenses, by the license's name
	regions  []region
	roles    []role                         // beside Standaard, where the preset gives that to everybody
	texts    []mailtemplates.ChangeTemplate // what its mails say in its own words
	bare     string                         // who has no role yet, by the beginning of the username
	people   []person
	known    []known                    // persons, with or without an account
	sender   organizations.LetterSender // empty for an office that writes no letters
	staff    []deed                     // what happens to the second administrator
}

// full is a name in the parts by which it is sorted.
type full struct{ given, infix, surname string }

type license struct {
	name                string
	forEverybody, shown bool
}

// region is one with the people in it, by the beginning of their usernames; archived if it is over.
type region struct {
	name     string
	people   []string
	archived bool
}

// role is a role group with what it permits, and the users who have it: those whose usernames begin
// so, or all but who is bare.
type role struct {
	name      string
	permits   []rolegroup.Permission
	people    []string
	everybody bool
}

// person is somebody whose account was made so many days ago, and what happened to it since.
type person struct {
	full
	ago   int // days before today that the account was made
	way   way
	about string // the description
	deeds []deed
}

// deed is something that happens a number of days after an account was made.
type deed struct {
	after int
	do    verb
	what  string // which license, or the new value
	why   string
}

// offices are the organizations, each as its kind of work has it.
var offices = []office{
	{
		name: "Zorggroep De Linde", preset: organization.PresetRegiCare, domain: "delinde-zorg.nl", country: "NL", phone: "030 271 ",
		admin: full{"Marieke", "", "Willems"}, second: full{"Pieter", "", "Hendriks"}, auditor: full{"Ilse", "van", "Dongen"}, holder: full{"Tom", "", "Peeters"},
		licenses: []license{
			{"Kwaliteitshandboek", true, true}, {"Cliëntdossier", false, true}, {"Medicatiecontrole", false, true}, {"Roosterplanning", false, true}, {"Oud archief (alleen lezen)", false, false},
		},
		roles: []role{
			{"Zorgmedewerker", []rolegroup.Permission{rolegroup.Klant, rolegroup.DocumentenLezen, rolegroup.MeldingenLezen, rolegroup.NieuweMeldingen, rolegroup.Chat}, nil, true},
			{"Teamleider", []rolegroup.Permission{rolegroup.Contactpersonen, rolegroup.Evaluaties, rolegroup.ReagerenOpMeldingen}, []string{"anouk.vandervelde", "sanne.dewit"}, false},
		},
		known: []known{
			{full: full{"Anouk", "van der", "Velde"}, born: "1984-05-17", from: "2015-09-01"},
			{full: full{"Lars", "ter", "Braak"}, from: "2019-03-01", until: "2026-01-31"},
			{full: full{"Corrie", "van den", "Berg"}, born: "1957-11-02", volunteer: true},
			{full: full{"Wout", "", "Zijlstra"}, volunteer: true, from: "2022-01-01"},
			{full: full{"Nadia", "", "El Idrissi"}, elsewhere: "Gemeente Utrecht", doing: "Wmo-consulent"},
			{full: full{"Eva", "", "Roos"}, born: "1990-02-28", from: "2021-05-01", shelter: true},
		},
		bare: "aleksandra.wojcik",
		people: []person{
			{full{"Anouk", "van der", "Velde"}, 88, byPassword, "Teamleider Noord", []deed{{1, signsIn, "", ""}, {6, asks, "Cliëntdossier", "Ik neem het team van Els over."}, {7, isGiven, "Cliëntdossier", ""}, {40, changesPhone, "06 18 22 40 71", ""}, {70, signsIn, "", ""}}},
			{full{"Bram", "", "'t Hart"}, 87, byPassword, "", []deed{{2, signsIn, "", ""}, {30, isBlocked, "", "Werktelefoon met open sessie gestolen"}, {32, isFreed, "", "Telefoon gewist, nieuw wachtwoord gezet"}, {60, changesName, "Bram|van|Vliet", ""}}},
			{full{"Fatima", "El", "Amrani"}, 85, byLink, "Wijkverpleegkundige", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {9, asks, "Medicatiecontrole", "Ik deel medicatie uit in wijk West."}, {10, isGiven, "Medicatiecontrole", ""}, {50, signsIn, "", ""}}},
			{full{"Sanne", "de", "Wit"}, 84, byPassword, "", []deed{{3, signsIn, "", ""}, {20, asks, "Roosterplanning", "Ik maak vanaf mei de roosters."}, {22, isDenied, "Roosterplanning", "De planning blijft bij de teamleiders."}}},
			{full{"Joost", "van den", "Heuvel"}, 83, byLink, "Fysiotherapeut", []deed{{0, isInvited, "", ""}, {45, isInvited, "", ""}}},
			{full{"Mirjam", "", "Ruijs"}, 80, byPassword, "", []deed{{50, isEnded, "", "Met pensioen; de laatste dag is afgesproken met HR."}}},
			{full{"Youssef", "", "Benali"}, 78, byPassword, "", []deed{{25, isBlocked, "", "Vertrokken zonder overdracht; wacht op gesprek met de leidinggevende"}}},
			{full{"Ingrid", "", "Sørensen"}, 74, byPassword, "Oproepkracht", []deed{{2, isStopped, "", "Langdurig afwezig tot en met het voorjaar"}}},
			{full{"Daniëlle", "", "Hoekstra"}, 70, byLink, "", []deed{{0, isInvited, "", ""}, {2, activates, "", ""}, {12, asks, "Cliëntdossier", "Invaldiensten op de Wilgenhof."}}},
			{full{"Kees", "op den", "Kelder"}, 66, byLink, "Technische dienst", []deed{{0, isInvited, "", ""}}},
			{full{"Noor", "", "Aydın"}, 63, byPassword, "", []deed{{1, signsIn, "", ""}, {30, mistypes, "", ""}, {30, signsIn, "", ""}}},
			{full{"Lars", "ter", "Braak"}, 58, byPassword, "", []deed{{20, closes, "", "Uit dienst"}}},
			{full{"Esther", "de", "Jong"}, 52, byPassword, "Zorgadministratie", []deed{{2, signsIn, "", ""}, {20, signsIn, "", ""}, {40, signsIn, "", ""}}},
			{full{"Chaïma", "", "Bouzid"}, 47, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Willemijn", "van", "Rossum-Wijngaarden"}, 41, byPassword, "Geestelijk verzorger, ook bereikbaar op de Wilgenhof en de Kastanjelaan", []deed{{1, signsIn, "", ""}}},
			{full{"Thijs", "", "Kuiper"}, 36, byPassword, "Stagiair tot het einde van het semester", []deed{{0, endsSoon, "19", ""}}},
			{full{"Renée", "", "Vos"}, 31, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {5, asks, "Roosterplanning", "Vervanging tijdens het verlof van Anouk."}}},
			{full{"Hendrik-Jan", "van", "'t Veer"}, 26, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Priya", "", "Ramdin"}, 21, byLink, "Diëtist", []deed{{0, isInvited, "", ""}, {7, isInvited, "", ""}}},
			{full{"Sjoerd", "", "Hylkema"}, 17, byPassword, "", []deed{{6, isBlocked, "", "Aanmeldingen uit twee landen binnen een uur"}}},
			{full{"Marloes", "in 't", "Veld"}, 12, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {3, asks, "Medicatiecontrole", "Ik begin maandag op afdeling Oost."}}},
			{full{"Zoë", "", "Kramer"}, 8, byPassword, "", []deed{{0, endsSoon, "26", ""}, {1, signsIn, "", ""}}},
			{full{"Ruben", "van", "Dijk"}, 4, byLink, "Start op de eerste van de maand", nil},
			{full{"Aleksandra", "", "Wójcik"}, 2, byLink, "", nil},
		},
	},
	{
		name: "Hulpmiddelen Van Dijk", preset: organization.PresetOfficeHeart, domain: "vandijk-hulpmiddelen.nl", country: "NL", phone: "038 421 ",
		sender: organizations.LetterSender{
			Name: "Hulpmiddelen Van Dijk", Department: "Klantenservice", Street: "Veerallee 30", Postcode: "8019 AC", City: "Zwolle", PostalCountry: "NL",
			Phone: "038 421 00 00", Email: "klantenservice@vandijk-hulpmiddelen.nl",
		},
		admin: full{"Marieke", "de", "Vries"}, second: full{"Pieter", "", "Bos"}, auditor: full{"Ilse", "", "Kamphuis"}, holder: full{"Tom", "van", "Eck"},
		licenses: []license{{"Servicemeldingen", true, true}, {"Bestellen voor derden", false, true}, {"Machtigingen zorgverzekeraar", false, true}, {"Prijslijsten 2024", false, false}},
		texts: []mailtemplates.ChangeTemplate{{
			Template: message.TemplatePortalActivation, Language: "nl", Subject: "Uw toegang tot het klantenportaal van {ORGANISATIE}",
			Body: "Beste {NAAM},\n\nOp ons klantenportaal ziet u uw hulpmiddelen en meldt u een storing. Houd de brief met uw activatiecode bij de hand en open deze link:\n\n{LINK}\n\n" +
				"De link werkt tot en met {VERLOOPDATUM}. Lukt het niet? Bel onze klantenservice, dan kijken we met u mee.",
		}},
		roles: []role{
			{"Bestellen en verplaatsen", []rolegroup.Permission{rolegroup.Shop, rolegroup.HulpmiddelVerplaatsen, rolegroup.NieuweMeldingen}, []string{"wim.tenhave", "mohammed.haddad", "jose.fernandez"}, false},
		},
		people: []person{
			{full{"Gerda", "", "Boonstra"}, 86, byLetter, "Sta-opstoel; belt liever dan dat zij mailt", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}, {2, isPosted, "", ""}}},
			{full{"Wim", "ten", "Have"}, 82, byPassword, "", []deed{{2, signsIn, "", ""}, {10, asks, "Bestellen voor derden", "Ik bestel ook voor mijn moeder."}, {11, isGiven, "Bestellen voor derden", ""}}},
			{full{"Jannie", "van der", "Kolk"}, 76, byLetter, "", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}, {1, isPosted, "", ""}}},
			{full{"Sietske", "", "Bijlsma"}, 71, byPassword, "Mantelzorger van dhr. Bijlsma", []deed{{4, asks, "Machtigingen zorgverzekeraar", "De verzekeraar vraagt erom."}, {6, isDenied, "Machtigingen zorgverzekeraar", "Dat kan pas na een machtiging van de cliënt zelf."}}},
			{full{"Henk", "", "Mulder"}, 64, byLetter, "", []deed{{0, isInvited, "", ""}, {2, isPrinted, "", ""}, {33, isInvited, "", ""}, {34, isPrinted, "", ""}, {35, isPosted, "", ""}}},
			{full{"Toos", "van de", "Ven"}, 57, byPassword, "", []deed{{20, isBlocked, "", "Wanbetaling; zie de brief van de boekhouding"}}},
			{full{"Arie", "de", "Ruiter"}, 49, byLetter, "Rolstoelbus", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}, {3, isPosted, "", ""}}},
			{full{"Mohammed", "", "Haddad"}, 43, byPassword, "", []deed{{3, signsIn, "", ""}, {12, asks, "Bestellen voor derden", "Ik regel de hulpmiddelen van mijn ouders."}}},
			{full{"Riet", "", "Scholten"}, 38, byPassword, "", []deed{{15, closes, "", "Overleden; op verzoek van de familie"}}},
			{full{"Cor", "van den", "Bosch"}, 27, byLetter, "", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}, {1, isPosted, "", ""}}},
			{full{"Bep", "", "Dekker"}, 23, byLetter, "Scootmobiel in bruikleen", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}, {2, isPosted, "", ""}}},
			{full{"Gijsbert", "", "Eikelboom"}, 18, byLetter, "", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}}},
			{full{"Nel", "van", "Loon"}, 14, byPassword, "", []deed{{1, mistypes, "", ""}, {1, mistypes, "", ""}, {1, mistypes, "", ""}}},
			{full{"José", "", "Fernández"}, 11, byLetter, "Levert voor de praktijk in Hattem", []deed{{0, isInvited, "", ""}, {1, isPrinted, "", ""}}},
			{full{"Teunis", "", "Schaap"}, 7, byLetter, "", []deed{{0, isInvited, "", ""}}},
			{full{"Greetje", "", "Wiersma"}, 5, byLetter, "", []deed{{0, isInvited, "", ""}}},
			{full{"Dirk-Jan", "ter", "Horst"}, 3, byLetter, "Traplift, levering in week 49", []deed{{0, isInvited, "", ""}}},
			{full{"Ans", "", "Verbeek"}, 2, byLetter, "", nil},
		},
	},
	{
		name: "Scholengroep Scheldeland", preset: organization.PresetInformat, domain: "scheldeland.be", country: "BE", phone: "03 234 ",
		admin: full{"Marieke", "", "Janssens"}, second: full{"Pieter", "De", "Smedt"}, auditor: full{"Ilse", "", "Verhaegen"}, holder: full{"Tom", "Van", "Gestel"},
		known: []known{
			{full: full{"Lukas", "", "Peeters"}, born: "1988-03-14", from: "2012-09-01"},
			{full: full{"Ömer", "", "Şahin"}, born: "1999-12-31", from: "2027-01-01"},
			{full: full{"Greet", "Van", "Acker"}, elsewhere: "CLB Scheldeland", doing: "Schoolarts"},
			{full: full{"Bruno", "De", "Wolf"}, elsewhere: "CLB Scheldeland", doing: "Maatschappelijk werker"},
		},
		staff:    []deed{{52, isStopped, "", "Ouderschapsverlof tot na de paasvakantie; Marieke neemt waar"}},
		licenses: []license{{"Schoolagenda", true, true}, {"Leerlingenadministratie", false, true}, {"Puntenboek en rapporten", false, true}, {"Boekhouding", false, true}, {"CLB-dossiers", false, false}},
		people: []person{
			{full{"Lukas", "", "Peeters"}, 88, byPassword, "Klassenleraar 3A", []deed{{1, signsIn, "", ""}, {4, asks, "Puntenboek en rapporten", "Klassenraad van 3A."}, {5, isGiven, "Puntenboek en rapporten", ""}, {80, signsIn, "", ""}}},
			{full{"An", "Van den", "Broeck"}, 86, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {8, asks, "Leerlingenadministratie", "Ik vervang Hilde op het secretariaat."}, {9, isGiven, "Leerlingenadministratie", ""}}},
			{full{"Joke", "De", "Smet"}, 84, byPassword, "", []deed{{2, signsIn, "", ""}, {33, changesName, "Joke|De|Smet-Aerts", ""}}},
			{full{"Pieter-Jan", "", "Vandenberghe"}, 81, byPassword, "ICT-coördinator", []deed{{1, signsIn, "", ""}, {20, signsIn, "", ""}, {50, signsIn, "", ""}}},
			{full{"Hilde", "", "Claes"}, 79, byPassword, "Secretariaat", []deed{{60, isStopped, "", "Loopbaanonderbreking"}}},
			{full{"Dries", "", "D'Hondt"}, 75, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Griet", "Van", "Damme"}, 71, byPassword, "", []deed{{30, isBlocked, "", "Wachtwoord gedeeld met een leerling"}, {33, isFreed, "", "Gesprek gehad; wachtwoord gewijzigd"}}},
			{full{"Wout", "", "Mertens"}, 68, byPassword, "", []deed{{5, asks, "Boekhouding", "Voor de facturen van de schoolreis."}, {8, isDenied, "Boekhouding", "Facturen lopen via het secretariaat."}}},
			{full{"Lieselotte", "De", "Clercq"}, 63, byPassword, "Interim tot einde schooljaar", []deed{{40, isEnded, "", ""}}},
			{full{"Stijn", "", "Maes"}, 60, byLink, "", []deed{{0, isInvited, "", ""}, {34, isInvited, "", ""}, {35, activates, "", ""}}},
			{full{"Karima", "", "Ouali"}, 55, byPassword, "Zorgleerkracht", []deed{{1, signsIn, "", ""}, {9, asks, "Puntenboek en rapporten", "Individuele trajecten van 2B."}}},
			{full{"Tine", "Van de", "Velde"}, 50, byPassword, "", []deed{{20, isBlocked, "", "Ontslag om dringende reden"}}},
			{full{"Bart", "", "Goossens"}, 44, byPassword, "", []deed{{2, mistypes, "", ""}, {2, mistypes, "", ""}, {3, signsIn, "", ""}}},
			{full{"Evi", "", "Wouters"}, 39, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Koen", "Van der", "Auwera"}, 34, byPassword, "Directeur basisschool", []deed{{1, isShielded, "", "Adres en nummer afgeschermd na bedreiging"}, {2, signsIn, "", ""}}},
			{full{"Nele", "", "Lambrechts"}, 29, byPassword, "", []deed{{12, closes, "", "Uit dienst op eigen verzoek"}}},
			{full{"Jef", "", "Hermans"}, 24, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Sofie", "", "Desmet"}, 19, byPassword, "", []deed{{1, signsIn, "", ""}, {4, asks, "Leerlingenadministratie", "Inschrijvingen van september."}}},
			{full{"Raf", "", "Aerts"}, 14, byPassword, "Zwemlessen op woensdag", []deed{{0, endsSoon, "17", ""}}},
			{full{"Marijke", "Van", "Hoof"}, 9, byLink, "", []deed{{0, isInvited, "", ""}, {2, activates, "", ""}}},
			{full{"Loïc", "", "Dubois"}, 5, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Ömer", "", "Şahin"}, 1, byLink, "", nil},
		},
	},
	{
		name: "Graafwerken Noord", preset: organization.PresetKlic, domain: "graafwerken-noord.nl", country: "NL", phone: "0592 31 ",
		admin: full{"Marieke", "", "Kuipers"}, second: full{"Pieter", "", "Vermeulen"}, auditor: full{"Ilse", "", "Bakker"}, holder: full{"Tom", "de", "Vries"},
		licenses: []license{{"Graafmeldingen", true, true}, {"Kaarten gas en elektra", false, true}, {"Calamiteitenmelding", false, true}, {"Oude tekeningen", false, false}},
		regions: []region{
			{"Drenthe Noord", []string{"beheer", "beheer2", "compliance", "tom", "janwillem.oosterhuis", "harm.vanderlaan", "kim.vandam", "jelmer.postma"}, false},
			{"Drenthe Zuid", []string{"beheer2", "tom", "roelof.hofstra", "anneke.wolters", "aukje.vandermeulen"}, false},
			{"Groningen", []string{"compliance", "geert.bruins", "tjeerd.nauta"}, true},
		},
		roles: []role{
			{"Monteur", []rolegroup.Permission{rolegroup.Monteur}, nil, true},
			{"Klic-beheerder", []rolegroup.Permission{rolegroup.KlicBeheer, rolegroup.Gebruikersbeheer}, []string{"janwillem.oosterhuis", "kim.vandam"}, false},
		},
		bare: "sven.timmer",
		people: []person{
			{full{"Jan-Willem", "", "Oosterhuis"}, 87, byPassword, "Uitvoerder", []deed{{1, signsIn, "", ""}, {6, asks, "Kaarten gas en elektra", "Sleuf langs de Rolderstraat."}, {6, isGiven, "Kaarten gas en elektra", ""}, {60, signsIn, "", ""}}},
			{full{"Harm", "van der", "Laan"}, 85, byLink, "Monteur", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}}},
			{full{"Roelof", "", "Hofstra"}, 80, byPassword, "", []deed{{25, isBlocked, "", "Gegevens gedeeld met een onderaannemer"}, {29, isFreed, "", "Instructie gevolgd"}}},
			{full{"Geert", "", "Bruins"}, 77, byPassword, "", []deed{{3, asks, "Calamiteitenmelding", "Storingsdienst in het weekend."}, {4, isDenied, "Calamiteitenmelding", "Eerst de cursus VIAG afronden."}}},
			{full{"Bartele", "de", "Boer"}, 72, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Kim", "van", "Dam"}, 65, byPassword, "Werkvoorbereiding", []deed{{1, signsIn, "", ""}, {30, changesPhone, "06 41 77 90 12", ""}}},
			{full{"Jelmer", "", "Postma"}, 61, byPassword, "Inhuur", []deed{{30, isEnded, "", ""}}},
			{full{"Anneke", "", "Wolters"}, 54, byPassword, "", []deed{{2, signsIn, "", ""}, {5, asks, "Kaarten gas en elektra", "Project Vries-Zuid."}}},
			{full{"Tjeerd", "", "Nauta"}, 46, byPassword, "", []deed{{18, isBlocked, "", "Rijbewijs en pas ingeleverd"}}},
			{full{"Henk", "ten", "Cate"}, 40, byPassword, "", []deed{{14, isStopped, "", "Ziek; hervat naar verwachting in januari"}}},
			{full{"Marco", "", "Veenstra"}, 33, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Ilona", "", "Kowalska"}, 28, byPassword, "", []deed{{1, mistypes, "", ""}, {2, signsIn, "", ""}, {6, asks, "Calamiteitenmelding", "Ik draai mee in de wachtdienst."}}},
			{full{"Freek", "", "Drent"}, 20, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}}},
			{full{"Aukje", "van der", "Meulen"}, 13, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Sven", "", "Timmer"}, 6, byLink, "", nil},
			{full{"Gerrit-Jan", "", "Meijering"}, 2, byLink, "Begint na zijn VCA", nil},
		},
	},
	{
		name: "Adviesbureau Normaal", preset: organization.PresetNEN, domain: "bureau-normaal.nl", country: "NL", phone: "015 215 ",
		admin: full{"Marieke", "", "Bakker"}, second: full{"Pieter", "van", "Galen"}, auditor: full{"Ilse", "", "Groeneveld"}, holder: full{"Tom", "", "Jacobs"},
		licenses: []license{
			{"NEN 7510 Informatiebeveiliging in de zorg", true, true}, {"NEN 1010 Laagspanningsinstallaties", false, true}, {"NEN-EN 1090 Staal en aluminium", false, true}, {"NEN 2580 Oppervlakten en inhouden", false, true}, {"Conceptnormen", false, false},
		},
		norms: map[string][]string{
			"NEN 7510 Informatiebeveiliging in de zorg": {"NEN 7510-1:2024", "NEN 7510-2:2024", "NEN 7513:2024"},
			"Conceptnormen": {"NEN 7512 ontwerp 2026", "NPR 5096 ontwerp"},
		},
		people: []person{
			{full{"Elise", "van", "Loon"}, 88, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {2, asks, "NEN 1010 Laagspanningsinstallaties", "Keuring van drie panden in Leiden."}, {3, isGiven, "NEN 1010 Laagspanningsinstallaties", ""}}},
			{full{"Maarten", "de", "Graaf"}, 85, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {20, asks, "NEN 2580 Oppervlakten en inhouden", "Meetrapport stationsgebied."}, {21, isGiven, "NEN 2580 Oppervlakten en inhouden", ""}}},
			{full{"Xander", "", "Hu"}, 82, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Carolien", "van", "Oldenbarnevelt"}, 79, byLink, "Constructeur", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {12, asks, "NEN-EN 1090 Staal en aluminium", "Fietsbrug over de Schie."}, {13, isGiven, "NEN-EN 1090 Staal en aluminium", ""}}},
			{full{"Jürgen", "", "Weiß"}, 73, byLink, "Detachering vanuit Aken", []deed{{0, isInvited, "", ""}, {2, activates, "", ""}, {10, asks, "NEN-EN 1090 Staal en aluminium", "Offerte voor de sluisdeuren."}, {14, isDenied, "NEN-EN 1090 Staal en aluminium", "Vraag eerst een projectnummer aan."}}},
			{full{"Tamara", "", "Petrović"}, 69, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Floris", "van der", "Sluijs"}, 62, byPassword, "", []deed{{1, signsIn, "", ""}, {25, isBlocked, "", "Normen doorgestuurd naar een klant"}}},
			{full{"Yara", "de", "Bruijn"}, 56, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}, {4, asks, "NEN 1010 Laagspanningsinstallaties", "Tweede lezer bij Elise."}}},
			{full{"Ricardo", "", "Gonçalves"}, 51, byPassword, "", []deed{{18, closes, "", "Contract liep af"}}},
			{full{"Nienke", "", "Schouten"}, 45, byPassword, "", []deed{{1, signsIn, "", ""}, {20, changesName, "Nienke|van der|Werf-Schouten", ""}}},
			{full{"Pim", "van den", "Akker"}, 42, byLink, "", []deed{{0, isInvited, "", ""}, {31, isInvited, "", ""}}},
			{full{"Anaïs", "", "Lefèvre"}, 37, byPassword, "", []deed{{10, isStopped, "", "Sabbatical"}}},
			{full{"Koen", "", "Terpstra"}, 32, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Michelle", "", "Chen"}, 27, byPassword, "", []deed{{2, signsIn, "", ""}, {3, asks, "NEN 2580 Oppervlakten en inhouden", "Taxaties voor de gemeente Delft."}}},
			{full{"Bas", "", "Ockhuizen"}, 22, byLink, "", []deed{{0, isInvited, "", ""}, {1, activates, "", ""}}},
			{full{"Dewi", "", "Santoso"}, 16, byPassword, "Afstudeerder", []deed{{0, endsSoon, "44", ""}}},
			{full{"Wessel", "", "Groen"}, 11, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Hanneke", "van", "Beek"}, 8, byPassword, "", []deed{{1, mistypes, "", ""}, {1, signsIn, "", ""}}},
			{full{"Oğuz", "", "Yıldırım"}, 4, byLink, "", []deed{{0, isInvited, "", ""}}},
			{full{"Marit", "", "Ågren"}, 1, byLink, "", nil},
		},
	},
}
