package region

import (
	"strconv"
	"testing"
)

// TestAssign holds K-8.
func TestAssign(t *testing.T) {
	assign := func(ids ...string) Assign { return Assign{AccountIDs: ids} }
	ann, bob := UserAssigned{AccountID: "ann", Region: "Delfland"}, UserAssigned{AccountID: "bob", Region: "Delfland"}
	t.Run("assigns several at once (K-7)", func(t *testing.T) { given(t, created).When(assign("ann", "bob")).Then(ann, bob) })
	t.Run("is no event for who is there already", func(t *testing.T) {
		given(t, created, ann).When(assign("ann", "bob")).Then(bob)
		given(t, created, ann, bob).When(assign("ann", "bob")).ThenNothing()
	})
	t.Run("counts who is named twice once", func(t *testing.T) { given(t, created).When(assign("ann", "ann")).Then(ann) })
	t.Run("assigns again who was removed", func(t *testing.T) {
		given(t, created, ann, UserRemoved{AccountID: "ann"}).When(assign("ann")).Then(ann)
	})
	t.Run("names the region as it is called then", func(t *testing.T) {
		given(t, created, Renamed{Name: "Schieland"}).When(assign("ann")).Then(UserAssigned{AccountID: "ann", Region: "Schieland"})
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(assign("ann")).ThenRefused(ErrNotFound) })
	t.Run("is refused without anybody", func(t *testing.T) {
		given(t, created).When(assign()).ThenRefused(code("account-ids-required"))
	})
	t.Run("takes five hundred, and no more", func(t *testing.T) {
		var many []string
		for i := range MostAtOnce {
			many = append(many, strconv.Itoa(i))
		}
		if got := given(t, created).When(assign(many...)).State().Users.Len(); got != MostAtOnce {
			t.Errorf("%d were assigned", got)
		}
		given(t, created).When(assign(append(many, "one more")...)).ThenRefused(code("account-ids-too-many"))
	})
	t.Run("is refused of what is no account", func(t *testing.T) {
		given(t, created).When(assign("ann", "b/b")).ThenRefused(code("account-ids-invalid"))
	})
	t.Run("is refused once archived", func(t *testing.T) {
		given(t, created, Archived{}).When(assign("ann")).ThenRefused(ErrArchived)
	})
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, created, ann)
		after := Decider.Fold(before, bob)
		if before.Users.Len() != 1 || after.Users.Len() != 2 {
			t.Errorf("%d users before, %d after", before.Users.Len(), after.Users.Len())
		}
	})
}
