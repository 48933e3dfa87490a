package person

import "testing"

func TestStartEmployment(t *testing.T) {
	t.Run("from a day in the past, or one to come", func(t *testing.T) {
		given(t, registered).When(StartEmployment{From: "2020-01-01"}).Then(EmploymentStarted{From: "2020-01-01"})
		given(t, registered).When(StartEmployment{From: "2031-01-01", Until: "2031-12-31"}).Then(EmploymentStarted{From: "2031-01-01", Until: "2031-12-31"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, registered, EmploymentStarted{From: "2020-01-01"}).When(StartEmployment{From: "2020-01-01"}).ThenNothing()
	})
	t.Run("again, the day after the last one ended", func(t *testing.T) {
		past := []Event{registered, EmploymentStarted{From: "2020-01-01", Until: "2020-12-31"}}
		given(t, past...).When(StartEmployment{From: "2020-12-31"}).ThenRefused(ErrEmployed)
		given(t, past...).When(StartEmployment{From: "2021-01-01"}).Then(EmploymentStarted{From: "2021-01-01"})
	})
	t.Run("before another, until the day before that began", func(t *testing.T) {
		past := []Event{registered, EmploymentStarted{From: "2020-01-01"}}
		given(t, past...).When(StartEmployment{From: "2019-01-01"}).ThenRefused(ErrEmployed)
		given(t, past...).When(StartEmployment{From: "2019-01-01", Until: "2020-01-01"}).ThenRefused(ErrEmployed)
		s := given(t, past...).When(StartEmployment{From: "2019-01-01", Until: "2019-12-31"}).Then(EmploymentStarted{From: "2019-01-01", Until: "2019-12-31"}).State()
		if s.Employments[0].From != "2019-01-01" || !s.EmployedOn("2019-12-31") || !s.EmployedOn("2020-01-01") || s.EmployedOn("2018-12-31") {
			t.Errorf("%v", s.Employments)
		}
	})
	t.Run("is refused with days that are none", func(t *testing.T) {
		given(t, registered).When(StartEmployment{From: "2020-02-30"}).ThenRefused(ErrFromInvalid)
		given(t, registered).When(StartEmployment{From: "0020-02-01"}).ThenRefused(ErrFromInvalid)
		given(t, registered).When(StartEmployment{From: "2020-02-02", Until: "2020-02-01"}).ThenRefused(ErrUntilInvalid)
		given(t, registered).When(StartEmployment{From: "2020-02-02", Until: "ooit"}).ThenRefused(ErrUntilInvalid)
	})
}

func TestEndEmployment(t *testing.T) {
	one := []Event{registered, EmploymentStarted{From: "2020-01-01"}}
	two := []Event{registered, EmploymentStarted{From: "2020-01-01", Until: "2020-12-31"}, EmploymentStarted{From: "2022-01-01"}}
	t.Run("ends the last one", func(t *testing.T) {
		s := given(t, one...).When(EndEmployment{Until: "2020-06-30", Reason: "pension"}).Then(EmploymentEnded{From: "2020-01-01", Until: "2020-06-30", Reason: "pension"}).State()
		if !s.EmployedOn("2020-06-30") || s.EmployedOn("2020-07-01") {
			t.Errorf("%v", s.Employments)
		}
	})
	t.Run("on one day", func(t *testing.T) {
		given(t, one...).When(EndEmployment{Until: "2020-01-01"}).Then(EmploymentEnded{From: "2020-01-01", Until: "2020-01-01"})
	})
	t.Run("gives an earlier one another last day", func(t *testing.T) {
		given(t, two...).When(EndEmployment{From: "2020-01-01", Until: "2021-12-31"}).Then(EmploymentEnded{From: "2020-01-01", Until: "2021-12-31", OldUntil: "2020-12-31"})
		given(t, two...).When(EndEmployment{From: "2020-01-01", Until: "2022-01-01"}).ThenRefused(ErrEmployed)
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, two...).When(EndEmployment{From: "2020-01-01", Until: "2020-12-31"}).ThenNothing()
	})
	t.Run("is refused before it began, on no day, or without one", func(t *testing.T) {
		given(t, one...).When(EndEmployment{Until: "2019-12-31"}).ThenRefused(ErrUntilInvalid)
		given(t, one...).When(EndEmployment{}).ThenRefused(ErrUntilInvalid)
		given(t, registered).When(EndEmployment{Until: "2020-01-01"}).ThenRefused(ErrNotEmployed)
		given(t, one...).When(EndEmployment{From: "2020-01-02", Until: "2020-02-01"}).ThenRefused(ErrNotEmployed)
	})
}

func TestContinueEmployment(t *testing.T) {
	t.Run("takes the last day away", func(t *testing.T) {
		given(t, registered, EmploymentStarted{From: "2020-01-01", Until: "2020-12-31"}).When(ContinueEmployment{}).Then(EmploymentContinued{From: "2020-01-01", OldUntil: "2020-12-31"})
	})
	t.Run("changes nothing where there is none", func(t *testing.T) {
		given(t, registered, EmploymentStarted{From: "2020-01-01"}).When(ContinueEmployment{}).ThenNothing()
	})
	t.Run("is refused for who was never employed", func(t *testing.T) { given(t, registered).When(ContinueEmployment{}).ThenRefused(ErrNotEmployed) })
}

func TestWithdrawEmployment(t *testing.T) {
	past := []Event{registered, EmploymentStarted{From: "2020-01-01", Until: "2020-12-31"}}
	t.Run("takes it back, with the reason", func(t *testing.T) {
		s := given(t, past...).When(WithdrawEmployment{From: "2020-01-01", Reason: "wrong person"}).
			Then(EmploymentWithdrawn{OldFrom: "2020-01-01", OldUntil: "2020-12-31", Reason: "wrong person"}).State()
		if len(s.Employments) > 0 {
			t.Errorf("%v", s.Employments)
		}
	})
	t.Run("is refused without a reason, or for none", func(t *testing.T) {
		given(t, past...).When(WithdrawEmployment{From: "2020-01-01"}).ThenRefused(code("reason-required"))
		given(t, past...).When(WithdrawEmployment{From: "2020-01-02", Reason: "slip"}).ThenRefused(ErrNotEmployed)
		given(t, past...).When(WithdrawEmployment{From: "", Reason: "slip"}).ThenRefused(ErrFromInvalid)
	})
}
