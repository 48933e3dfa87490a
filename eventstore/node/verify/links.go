package verify

import (
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
)

// linkCursor goes through the blocks of a kind beside the log.
type linkCursor struct {
	block []logfile.Place // what is left of the block
	first int64           // the revision of the next link
	ended bool            // the rest is not in blocks yet
}

// expectLink checks that the next link of a kind leads to a place.
func (v *verifier) expectLink(kind int64, place logfile.Place) error {
	cur := v.links[kind]
	if cur == nil {
		cur = &linkCursor{}
		v.links[kind] = cur
	}
	if len(cur.block) == 0 && !cur.ended {
		if err := v.nextBlock(kind, cur); err != nil {
			return err
		}
	}
	if cur.ended {
		if place <= v.linked {
			return logfile.Damaged("a link of %s to position %d is missing", v.names.Name(kind), place)
		}
		return nil
	}
	if cur.block[0] != place {
		return logfile.Damaged("a link of %s is wrong at position %d", v.names.Name(kind), place)
	}
	cur.block, cur.first = cur.block[1:], cur.first+1
	return nil
}

func (v *verifier) nextBlock(kind int64, cur *linkCursor) error {
	block, first, err := index.BlockFrom(v.c, kind, cur.first)
	if err != nil {
		return err
	}
	cur.block, cur.ended = block, len(block) == 0
	if !cur.ended && first != cur.first {
		return logfile.Damaged("the links of %s have a gap", v.names.Name(kind))
	}
	return nil
}

// leftLinks checks that no link is left whose event was not there.
func (v *verifier) leftLinks() error {
	for kind, cur := range v.links {
		if len(cur.block) > 0 && cur.block[0] <= logfile.Place(v.pos) {
			return logfile.Damaged("a link of %s leads to position %d, which is of another kind", v.names.Name(kind), cur.block[0])
		}
	}
	return nil
}
