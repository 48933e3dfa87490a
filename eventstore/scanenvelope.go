package eventstore

// scanEnvelope reads an envelope in the form in which encodeEnvelope writes it. It returns
// false for any other, which decodeEnvelope reads.
func scanEnvelope(metadata []byte) (e Envelope, ok bool) {
	o, seen := object{text: metadata}, uint32(0)
	for name, v, more := o.next(); more; name, v, more = o.next() {
		bit := uint32(0)
		switch string(name) {
		case "actor":
			bit, ok = 1<<0, scanActor(v, &e.Actor)
		case "onBehalfOf":
			e.OnBehalfOf = &Actor{}
			bit, ok = 1<<1, scanActor(v, e.OnBehalfOf)
		case "origin":
			bit, ok = 1<<2, scanOrigin(v, &e.Origin)
		case "private":
			bit, ok = 1<<3, scanText(v, &e.sealedPrivate)
		case "outcome":
			bit, ok = 1<<4, scanText(v, &e.Outcome)
		case "reason":
			bit, ok = 1<<5, scanText(v, &e.sealedReason)
		case "ticket":
			bit, ok = 1<<6, scanText(v, &e.Ticket)
		case "organization":
			bit, ok = 1<<7, scanText(v, &e.Organization)
		case "commandId":
			bit, ok = 1<<8, scanText(v, &e.CommandID)
		case "$correlationId":
			bit, ok = 1<<9, scanText(v, &e.CorrelationID)
		case "$causationId":
			bit, ok = 1<<10, scanText(v, &e.CausationID)
		case "schemaVersion":
			var n int64
			n, ok = v.int()
			bit, e.SchemaVersion = 1<<11, int(n)
		case "occurredAt":
			bit = 1 << 12
			e.OccurredAt, ok = v.time()
		case "prevHash":
			bit, ok = 1<<13, scanText(v, &e.PrevHash)
		case "hash":
			bit, ok = 1<<14, scanText(v, &e.Hash)
		default:
			ok = false
		}
		if !ok || seen&bit != 0 {
			return Envelope{}, false
		}
		seen |= bit
	}
	return e, !o.odd
}

// Words that stand in nearly every envelope are not copied.
var commonWords = [...]string{
	ActorAccount, ActorSystem, ActorStranger, OutcomeDone, OutcomeRefused, "ui", "api", "cli", "system",
}

func scanText(v value, into *string) (ok bool) {
	if v.plain && len(v.raw) < 12 {
		for _, word := range commonWords {
			if string(v.raw[1:len(v.raw)-1]) == word {
				*into = word
				return true
			}
		}
	}
	*into, ok = v.text()
	return ok
}

func scanActor(from value, a *Actor) bool {
	o := object{text: from.raw}
	for name, v, more := o.next(); more; name, v, more = o.next() {
		into := &a.Kind
		if string(name) == "id" {
			into = &a.ID
		} else if string(name) != "kind" {
			return false
		}
		if *into != "" || !scanText(v, into) || *into == "" { // a second empty one would go unseen
			return false
		}
	}
	return !o.odd
}

func scanOrigin(from value, origin *Origin) bool {
	o := object{text: from.raw}
	for name, v, more := o.next(); more; name, v, more = o.next() {
		if string(name) != "channel" || origin.Channel != "" || !scanText(v, &origin.Channel) || origin.Channel == "" {
			return false
		}
	}
	return !o.odd
}
