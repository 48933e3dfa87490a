package apptest

import "regexp"

// StoredFile is a kind of file that the program writes in the data folder.
type StoredFile struct {
	Name     string         // as the operator's documents name it
	Path     *regexp.Regexp // within the data folder
	Personal Personal
}

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
	{"log.db", sqliteFile("log.db"), Nothing},
	{"log.lock", regexp.MustCompile(`^log\.lock$`), Nothing},
	{"vault.db", sqliteFile("vault.db"), Nothing},
	{"reactors.db", sqliteFile("reactors.db"), Nothing},
	{"readmodels.db", sqliteFile("readmodels.db"), Nothing},
	{"readmodels.db.damaged", sqliteFile("readmodels.db.damaged"), Nothing},
	{"keys/master.key", regexp.MustCompile(`^keys/(master\.key|\.master-[0-9]+)$`), ItsKey},
	{"keys/seal.key", regexp.MustCompile(`^keys/(seal\.key|\.new-[0-9]+)$`), ItsKey},
	{"keys/seal.pub", regexp.MustCompile(`^keys/seal\.pub$`), Nothing},
	{"seals/*.note", regexp.MustCompile(`^seals/[0-9]{12,19}\.note$`), Nothing},
	{"seals/tree.json", regexp.MustCompile(`^seals/(tree\.json|\.new-[0-9]+)$`), Nothing}, // hashes of events
	{"outbox/*.eml", regexp.MustCompile(`^outbox/([0-9]{8}T[0-9.]+Z-[A-Za-z0-9-]+\.eml|\.mail-[0-9]+)$`), ItsMail},
	{"locks/*.lock", regexp.MustCompile(`^locks/[a-z0-9_-]+\.lock$`), Nothing},
	{".probe-*", regexp.MustCompile(`^\.probe-[0-9]+$`), Nothing},     // of the check that the disk can be written
	{".backup-*/", regexp.MustCompile(`^\.backup-[0-9]+/`), ItsKey},   // copies, while an archive is made that is encrypted
	{".restore-*/", regexp.MustCompile(`^\.restore-[0-9]+/`), ItsKey}, // what an archive holds, before it is in place
	{".sealed-*", regexp.MustCompile(`^\.sealed-[0-9]+$`), Nothing},   // readmodels.db while it is made
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
