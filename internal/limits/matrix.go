package limits

// Work is a kind of work that askers make for the program.
type Work string

// The kinds of work.
const (
	Asset     Work = "assets"            // what is the same for everybody, and costs next to nothing
	Open      Work = "open pages"        // pages for who is not signed in
	Secret    Work = "tries of a secret" //nolint:gosec // whatever a password, link or code can be tried with
	Read      Work = "reading"           // a page, a list, a thing
	Write     Work = "commands"          // a form, a command
	DryRun    Work = "dry runs"          // what would happen
	Download  Work = "downloads"         // an answer that is whole only with its end
	Feed      Work = "feeds"             // an answer that follows the log
	Call      Work = "calls of the door" // a call of the event log's door
	DoorGroup Work = "changes of groups" // of consumers, at the event log's door
	Refused   Work = "refusals"          // of a signed-in asker, whatever was asked
	Unknown   Work = "what is not there" // a route that does not exist
)

// Rate is how often something may be done: so much at once after a rest, and from then on so much
// a minute. The zero value is no limit.
type Rate struct {
	PerMinute float64
	Burst     int
}

// AtOnce is how much may be under way. The zero value is no limit.
type AtOnce struct{ One, All int }

// Bounds is a row of the matrix.
type Bounds struct {
	ByAccount Rate
	ByAddress Rate // of all askers there; an office is one address
	AtOnce    AtOnce
}

// Matrix is how much each kind of work has for one asker.
type Matrix map[Work]Bounds

// Standard returns the matrix of the program. A person does not come near to what a signed-in
// asker may do; a program that does gets 429 with the time to wait. A page of a download is in
// memory while it is written, and a follower costs little more than a connection.
func Standard() Matrix {
	return Matrix{
		Asset:     {ByAddress: perSecond(200, 4_000)},
		Open:      {ByAddress: Rate{PerMinute: 300, Burst: 300}},
		Secret:    {ByAccount: Rate{PerMinute: 60, Burst: 60}, ByAddress: Rate{PerMinute: 60, Burst: 60}},
		Read:      {ByAccount: perSecond(500, 5_000), ByAddress: perSecond(1_000, 10_000)},
		Write:     {ByAccount: perSecond(500, 5_000), ByAddress: perSecond(1_000, 10_000)},
		Refused:   {ByAccount: perSecond(10, 2_000)},
		DryRun:    {ByAccount: perSecond(10, 1_000), ByAddress: perSecond(20, 2_000)},
		Download:  {ByAccount: Rate{PerMinute: 60, Burst: 60}, ByAddress: Rate{PerMinute: 240, Burst: 240}, AtOnce: AtOnce{One: 4, All: 64}},
		Feed:      {ByAccount: perSecond(100, 4_000), ByAddress: perSecond(200, 8_000), AtOnce: AtOnce{One: 2_500, All: 5_000}},
		Call:      {ByAccount: perSecond(10_000, 100_000), ByAddress: perSecond(20_000, 200_000)},
		DoorGroup: {ByAccount: Rate{PerMinute: 12, Burst: 500}, ByAddress: Rate{PerMinute: 12, Burst: 500}}, // each is an event for ever
		Unknown:   {ByAddress: perSecond(20, 600)},
	}
}

func perSecond(n float64, burst int) Rate { return Rate{PerMinute: n * 60, Burst: burst} }

// WithoutRates takes the limits by time out of the matrix, for who measures or tests something
// else.
func (m Matrix) WithoutRates() {
	for work, row := range m {
		row.ByAccount, row.ByAddress = Rate{}, Rate{}
		m[work] = row
	}
}
