package apptest

import (
	"regexp"

	"sleutelbos/internal/doctor"
)

// StoredFile is a kind of file that the program writes in the data folder.
type StoredFile struct {
	Name     string         // as the operator's documents name it
	Path     *regexp.Regexp // within the data folder
	Personal Personal

	// What a start does if the file is not there, if it holds nothing, if its second half is missing, and
	// if it is that of another installation.
	Lost, Empty, Cut, Strange Fate
}

// Fate is what a start does about a file that is not as the program left it.
type Fate string

// What a start does. Anything else is the code of the trouble that it tells, and goes on with.
const (
	Refused Fate = "refused"    // it says which file, or what does not fit
	Again   Fate = "made again" // or not needed, or set aside
)

// Personal says what of a person can be read in a file without a key.
type Personal string

// What can be read in a file.
const (
	Nothing Personal = "nothing"
	ItsMail Personal = "the mail that it is" // which is there to be read, until it is of no use any more
	ItsKey  Personal = "the key that it is"
)

// sqliteFile matches a file of SQLite with those beside it.
func sqliteFile(name string) *regexp.Regexp {
	return regexp.MustCompile(`^` + regexp.QuoteMeta(name) + `(-wal|-shm|-journal)?$`)
}

// StoredFiles are all files that the program writes in the data folder; tests know of no other.
// What is personal is sealed under the key of the person or of a row where a file is not encrypted
// as a whole.
var StoredFiles = []StoredFile{
	{"log.db", sqliteFile("log.db"), Nothing, Refused, Refused, Refused, Refused},
	{"log.lock", regexp.MustCompile(`^log\.lock$`), Nothing, Again, Again, Again, Again},
	{"vault.db", sqliteFile("vault.db"), Nothing, Refused, Refused, Refused, Refused},
	{"reactors.db", sqliteFile("reactors.db"), Nothing, doctor.LostReactors, doctor.LostReactors, Refused, "strange-reactors"},
	{"readmodels.db", sqliteFile("readmodels.db"), Nothing, Again, Again, Again, Again},
	{"readmodels.db.damaged", sqliteFile("readmodels.db.damaged"), Nothing, Again, Again, Again, Again},
	{"keys/master.key", regexp.MustCompile(`^keys/(master\.key|\.master-[0-9]+)$`), ItsKey, Refused, Refused, Refused, Refused},
	{"keys/seal.key", regexp.MustCompile(`^keys/(seal\.key|\.new-[0-9]+)$`), ItsKey, doctor.SealKey, Refused, Refused, doctor.SealKey},
	{"keys/seal.pub", regexp.MustCompile(`^keys/seal\.pub$`), Nothing, Again, Again, Again, Again},
	{"seals/*.note", regexp.MustCompile(`^seals/[0-9]{12,19}\.note$`), Nothing, Again, Again, Again, Again},
	{"seals/*.note.damaged", regexp.MustCompile(`^seals/[0-9]{12,19}\.note\.damaged$`), Nothing, Again, Again, Again, Again},
	{"seals/tree.json", regexp.MustCompile(`^seals/(tree\.json|\.new-[0-9]+)$`), Nothing, Again, Again, Again, Again}, // hashes of events
	{"outbox/*.eml", regexp.MustCompile(`^outbox/([0-9]{8}T[0-9.]+Z-[A-Za-z0-9-]+\.eml|\.mail-[0-9]+)$`), ItsMail, Again, Again, Again, Again},
	{"locks/*.lock", regexp.MustCompile(`^locks/[a-z0-9_-]+\.lock$`), Nothing, Again, Again, Again, Again},
	{".probe-*", regexp.MustCompile(`^\.probe-[0-9]+$`), Nothing, Again, Again, Again, Again},     // of the check that the disk can be written
	{".backup-*/", regexp.MustCompile(`^\.backup-[0-9]+/`), ItsKey, Again, Again, Again, Again},   // copies, while an archive is made that is encrypted
	{".restore-*/", regexp.MustCompile(`^\.restore-[0-9]+/`), ItsKey, Again, Again, Again, Again}, // what an archive holds, before it is in place
	{".sealed-*", regexp.MustCompile(`^\.sealed-[0-9]+$`), Nothing, Again, Again, Again, Again},   // readmodels.db while it is made
}

// FileAt returns the kind of a file in the data folder, and false if the program writes none there.
func FileAt(path string) (StoredFile, bool) {
	for _, f := range StoredFiles {
		if f.Path.MatchString(path) {
			return f, true
		}
	}
	return StoredFile{}, false
}
