package accountpage

import "sleutelbos/http/words"

// DeclareTexts declares the members of the families of texts that the head of an account and its
// acts use.
func DeclareTexts(texts *words.Book) {
	for _, act := range acts {
		texts.Family("act.*", act.Key)
		texts.Family("act.do-*", act.Key)
		texts.Family("done.act-*", act.Key)
		texts.SomeOf("will.after.*", act.Key)
		texts.SomeOf("will.instead.*", act.Key+".organization.admin_stood_down.v1")
	}
	texts.Family("act.reason-*", string(ReasonRequired), string(ReasonOptional))
}
