package accounts

import (
	"sleutelbos/domain/account"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
)

// declareTexts declares the members of the families of texts that the section uses, so that a
// member without a text stops the start.
func (s Section) declareTexts() {
	accountpage.DeclareTexts(s.Texts)
	s.Texts.SomeOf(detailHelp, detailNames()...)
	for _, change := range accountChanges {
		s.Texts.Family("change.*", change.Key)
		s.Texts.Family("change.do-*", change.Key)
		s.Texts.Family("done.change-*", change.Key)
	}
	s.Texts.SomeOf("will.instead.*", sendWithLetter+".account.activation_sent.v1", sendWithLetter+".account.activation_superseded.v1")
	for _, badge := range account.Badges() {
		if badge.Stops() && badge != account.BadgeClosed { // nothing is sent to one that is closed
			s.Texts.Family("send.stopped-*", string(badge))
		}
	}
	for _, action := range bulks {
		s.Texts.Family("selected.*", action.Key)
		s.Texts.Family("selected.do-*", action.Key)
		s.Texts.Family("selected.did-*", action.Key)
	}
	for _, kind := range []came{waits, will, did, already, refused} {
		s.Texts.Family("selected.kind-*", string(kind))
	}
	for _, column := range choosable {
		if column.Field == "" {
			s.Texts.Family("accounts.column.*", column.Key)
		}
	}
	for _, family := range []words.Key{"account.may-nothing.*", "account.might-nothing.*"} {
		s.Texts.Family(family, string(rolegroup.DeniedUnusable), string(rolegroup.DeniedNoRoles))
	}
	accountList.Declare(s.Texts)
}
