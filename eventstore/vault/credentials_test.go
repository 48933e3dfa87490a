package vault_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/limits"
)

func TestPasswords(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		var hashes atomic.Int64
		v, ctx := p.vault(t, func(o *vault.Options) { o.OnHash = func() { hashes.Add(1) } }), t.Context()
		const right = "Zomer\u00e9 2026 buiten"
		must(t, v.SetPassword(ctx, vault.Password{ID: "p1", Account: "a1", Plain: right}))
		must(t, v.SetPassword(ctx, vault.Password{ID: "p2", Account: "a2", Plain: right, KeepSealed: true}))
		must(t, v.Revoke(ctx, "p2"))
		must(t, v.SetPassword(ctx, vault.Password{ID: "p3", Account: "a3", Plain: "Told by letter 1", KeepSealed: true}))
		told, err := v.SealedSecret(ctx, "p3")
		must(t, err)
		same(t, told, "Told by letter 1")
		for _, c := range []struct {
			name, id, password string
			want               bool
		}{
			{"the right one", "p1", right, true},
			{"the same characters, composed otherwise", "p1", "Zomere\u0301 2026 buiten", true},
			{"a wrong one", "p1", "zomer\u00e9 2026 buiten", false},
			{"nothing", "p1", "", false},
			{"cut short", "p1", right[:10], false},
			{"one that is too long", "p1", strings.Repeat("x", 257), false},
			{"of an unknown credential", "p9", right, false},
			{"of nobody", "", right, false},
			{"of a revoked credential", "p2", right, false},
		} {
			hashes.Store(0)
			got, err := v.VerifyPassword(ctx, c.id, c.password)
			if got != c.want || err != nil || hashes.Load() != 1 {
				t.Errorf("%s: got %v, %v after %d argon2 runs", c.name, got, err, hashes.Load())
			}
		}
		if err := v.SetPassword(ctx, vault.Password{ID: "p4", Plain: strings.Repeat("é", 257)}); !errors.Is(err, vault.ErrTooLong) {
			t.Errorf("257 characters: got %v", err)
		}
		must(t, v.SetPassword(ctx, vault.Password{ID: "p4", Plain: strings.Repeat("é", 256)}))
		must(t, v.RemoveAccount(ctx, "a1"))
		got, err := v.VerifyPassword(ctx, "p1", right)
		same(t, []any{got, err}, []any{false, error(nil)})
	})
}

func TestPasswordsInFlightAreBounded(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{
		HashSlots: 1, HashQueue: 1, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1},
		OnHash: func() { entered <- struct{}{}; <-release },
	})
	must(t, err)
	defer v.Close() // the test ends
	answers := make(chan error, 2)
	verify := func(ctx context.Context) {
		_, err := v.VerifyPassword(ctx, "", "x")
		answers <- err
	}
	go verify(t.Context())
	<-entered
	waiting, cancel := context.WithCancel(t.Context())
	go verify(waiting)
	vault.AwaitHashQueue(v, 2)
	if _, err := v.VerifyPassword(t.Context(), "", "x"); !errors.Is(err, vault.ErrBusy) {
		t.Errorf("beyond the queue: got %v", err)
	}
	cancel()
	if err := <-answers; !errors.Is(err, context.Canceled) {
		t.Errorf("gone while waiting: got %v", err)
	}
	close(release)
	must(t, <-answers)
}

func TestHashAtFullCost(t *testing.T) {
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{})
	must(t, err)
	defer v.Close() // the test ends
	must(t, v.SetPassword(t.Context(), vault.Password{ID: "p1", Plain: "correct horse"}))
	if phc := vault.StoredPHC(t, v, "p1"); !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1,keyid=1$") {
		t.Error("the default cost is " + phc)
	}
	ok, err := v.VerifyPassword(t.Context(), "p1", "correct horse")
	same(t, []any{ok, err}, []any{true, error(nil)})
}

// TestF51_HashesOfPasswordsAreKeyed: what stands in the file is not the hash that a password gives,
// and what an earlier version kept so is keyed when the vault is opened. Both are accepted then.
func TestF51_HashesOfPasswordsAreKeyed(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		for _, id := range []string{"p1", "p2"} {
			must(t, v.SetPassword(ctx, vault.Password{ID: id, Account: id, Plain: "correct horse"}))
		}
		before := vault.Unkey(t, v, "p1", "correct horse")
		if vault.StoredPHC(t, v, "p1") != before {
			t.Fatal("the test could not put the hash of an earlier version")
		}
		v = p.vault(t)
		for _, id := range []string{"p1", "p2"} {
			stored := vault.StoredPHC(t, v, id)
			if salt, plain := vault.PlainHash(t, stored, "correct horse"); !strings.Contains(stored, salt) || strings.Contains(stored, plain) {
				t.Errorf("%s is kept as %s", id, stored)
			}
			for password, want := range map[string]bool{"correct horse": true, "correct horses": false} {
				ok, err := v.VerifyPassword(ctx, id, password)
				same(t, []any{ok, err}, []any{want, error(nil)})
			}
		}
	})
}

func TestGeneratePassword(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		p := vault.GeneratePassword(8)
		seen[p] = true
		if len(p) != 16 || !strings.ContainsAny(p, "ABCDEFGHJKMNPQRSTUVWXYZ") || !strings.ContainsAny(p, "23456789") || strings.ContainsAny(p, "0O1lI") {
			t.Fatal(p)
		}
	}
	same(t, []int{len(seen), len(vault.GeneratePassword(40))}, []int{200, 40})
}

func TestLinks(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		n := vault.NewSecret{ID: "c1", Account: "a1", ExpiresAt: noon.Add(time.Hour)}
		token, err := v.MakeLink(ctx, n)
		must(t, err)
		again, err := v.MakeLink(ctx, n)
		must(t, err)
		same(t, again, token)
		if _, err := v.MakeLink(ctx, vault.NewSecret{ID: "c1", Account: "a2"}); !errors.Is(err, vault.ErrExists) {
			t.Errorf("the id of another's: got %v", err)
		}
		kept, err := v.SealedSecret(ctx, "c1")
		must(t, err)
		same(t, kept, token)
		must(t, v.ForgetSecret(ctx, "c1"))
		must(t, v.ForgetSecret(ctx, "c1"))
		if _, err := v.SealedSecret(ctx, "c1"); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("forgotten: got %v", err)
		}
		if _, err := v.MakeLink(ctx, n); !errors.Is(err, vault.ErrExists) {
			t.Errorf("again, forgotten: got %v", err)
		}

		p.clock.advance(2 * time.Hour)
		want := vault.Credential{ID: "c1", Account: "a1", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
		for range 2 { // finding uses nothing up
			got, found, err := v.FindLink(ctx, token)
			must(t, err)
			same(t, []any{got, found, got.Expired(noon.Add(time.Hour - 1)), got.Expired(noon.Add(time.Hour))}, []any{want, true, false, true})
		}
		for _, wrong := range []string{"", token[:len(token)-1], token + "A", strings.ToLower(token)} {
			if _, found, err := v.FindLink(ctx, wrong); found || err != nil {
				t.Errorf("a changed token: got %v, %v", found, err)
			}
		}
		var uses atomic.Int64
		together(8, func(int) {
			if ok, err := v.Use(ctx, "c1"); err != nil {
				t.Error(err)
			} else if ok {
				uses.Add(1)
			}
		})
		same(t, uses.Load(), int64(1))
		must(t, v.Revoke(ctx, "c1"))
		want.UsedAt, want.RevokedAt = p.clock.now(), p.clock.now()
		got, _, err := v.FindLink(ctx, token)
		must(t, err)
		same(t, got, want)
	})
}

// TestLetterCodes holds AMB-O2.
func TestLetterCodes(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		code, err := v.MakeLetterCode(ctx, vault.NewSecret{ID: "c1", Account: "a1"})
		must(t, err)
		printed, err := v.SealedSecret(ctx, "c1")
		must(t, err)
		same(t, []any{printed, len(code), strings.Trim(code, "ABCDEFGHJKMNPQRSTUVWXYZ23456789-")}, []any{code, 11, ""})
		other, err := v.MakeLetterCode(ctx, vault.NewSecret{ID: "c2", Account: "a2"})
		must(t, err)
		check := func(id, typed string, want vault.CodeCheck) {
			t.Helper()
			got, err := v.CheckLetterCode(ctx, id, typed)
			must(t, err)
			same(t, got, want)
		}
		check("c9", code, vault.CodeCheck{})
		check("c1", other, vault.CodeCheck{TriesLeft: 4})
		check("c1", " "+strings.ToLower(strings.Replace(code, "-", " – ", 1))+" ", vault.CodeCheck{OK: true, TriesLeft: 4})
		for left := 3; left >= 0; left-- {
			check("c1", code[:10], vault.CodeCheck{TriesLeft: left})
		}
		check("c1", code, vault.CodeCheck{})

		var counted atomic.Int64
		together(20, func(int) {
			got, err := v.CheckLetterCode(ctx, "c2", "wrong")
			if err != nil {
				t.Error(err)
			}
			if got.TriesLeft > 0 {
				counted.Add(1)
			}
		})
		same(t, counted.Load(), int64(4)) // of 20 at once 5 were tries; the fifth left none
	})
}

func TestAPIKeys(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		key, prefix, err := v.MakeAPIKey(ctx, vault.NewSecret{ID: "k1", Account: "a1"})
		must(t, err)
		if !strings.HasPrefix(key, "slb_"+prefix+"_") || len(key) != 4+8+1+43 {
			t.Fatalf("the key has %d characters", len(key))
		}
		const given = "an operator's own key of 32 chars"
		shown, err := v.KeepAPIKey(ctx, vault.NewSecret{ID: "k2", Account: "a2"}, given)
		must(t, err)
		if !strings.HasPrefix(shown, "given-") || strings.Contains(given, shown[6:]) {
			t.Error("the prefix of a given key shows a part of it")
		}
		_, err = v.KeepAPIKey(ctx, vault.NewSecret{ID: "k3"}, given[:31])
		if err == nil {
			t.Error("a short key was accepted")
		}
		if _, _, err := v.MakeAPIKey(ctx, vault.NewSecret{ID: "k1", Account: "a1"}); !errors.Is(err, vault.ErrExists) {
			t.Errorf("the same id: got %v", err)
		}
		for k, want := range map[string]string{key: "a1", given: "a2", key[:len(key)-1]: "", key + "x": "", "slb_" + prefix + "_": "", "": ""} {
			got, found, err := v.FindAPIKey(ctx, k)
			must(t, err)
			same(t, []any{got.Account, found}, []any{want, want != ""})
		}
		must(t, v.Revoke(ctx, "k1"))
		_, found, err := v.FindAPIKey(ctx, key)
		same(t, []any{found, err}, []any{false, error(nil)})

		short, _, err := v.MakeAPIKey(ctx, vault.NewSecret{ID: "k4", Account: "a4", ExpiresAt: p.clock.now().Add(time.Hour)})
		must(t, err)
		for range 2 { // the second time from memory
			_, found, err = v.FindAPIKey(ctx, short)
			same(t, []any{found, err}, []any{true, error(nil)})
		}
		p.clock.advance(time.Hour)
		_, found, err = v.FindAPIKey(ctx, short)
		same(t, []any{found, err}, []any{false, error(nil)})
		must(t, v.RemoveAccount(ctx, "a2"))
		_, found, err = v.FindAPIKey(ctx, given)
		same(t, []any{found, err}, []any{false, error(nil)})
	})
}

func TestSetupTokens(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		use := func(token string, want bool) {
			t.Helper()
			valid, err := v.CheckSetupToken(ctx, token)
			must(t, err)
			used, err := v.UseSetupToken(ctx, token)
			must(t, err)
			same(t, []bool{valid, used}, []bool{want, want})
		}
		old, err := v.MakeSetupToken(ctx)
		must(t, err)
		token, err := v.MakeSetupToken(ctx)
		must(t, err)
		use(old, false)
		use(token, true)
		use(token, false)
		token, err = v.MakeSetupToken(ctx)
		must(t, err)
		p.clock.advance(vault.SetupValidity - time.Second)
		valid, err := v.CheckSetupToken(ctx, token)
		same(t, []any{valid, err}, []any{true, error(nil)})
		p.clock.advance(time.Second)
		use(token, false)
	})
}

// TestSessionAsStored holds the form of what a session is stored as.
func TestSessionAsStored(t *testing.T) {
	s := vault.Sessions{}
	const want = `{"deadline":"2026-09-01T12:00:00Z","values":{"account":"a1","session":"s1"}}`
	data, err := s.Encode(noon.In(time.FixedZone("", 7200)), map[string]any{"session": "s1", "account": "a1"})
	same(t, []any{string(data), err}, []any{want, error(nil)})
	deadline, values, err := s.Decode(data)
	same(t, []any{deadline, values, err}, []any{noon, map[string]any{"session": "s1", "account": "a1"}, error(nil)})
	if _, err := s.Encode(noon, map[string]any{"account": 7}); err == nil {
		t.Error("a number is a value")
	}
	if _, _, err := s.Decode([]byte("gob")); err == nil {
		t.Error("what is no JSON is read")
	}
}

func TestSessions(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		s := v.Sessions()
		expiry := noon.Add(time.Hour)
		data := func(account string) []byte {
			b, err := s.Encode(expiry, map[string]any{"account": account})
			must(t, err)
			return b
		}
		for token, account := range map[string]string{"t1": "a1", "t2": "a1", "t3": "a2"} {
			must(t, s.OpenCtx(ctx, token, data(account), expiry))
		}
		p.clock.advance(time.Minute)
		must(t, s.Commit("t1", data("a1"), expiry))
		got, found, err := s.Find("t1")
		must(t, err)
		same(t, []any{got, found}, []any{data("a1"), true})
		_, found, err = s.Find("t9")
		same(t, []any{found, err}, []any{false, error(nil)})

		n, err := s.EndAll(ctx, "a1", "t2")
		same(t, []any{n, err}, []any{int64(1), error(nil)})
		_, found, err = s.Find("t1")
		same(t, []any{found, err}, []any{false, error(nil)})
		_, found, err = s.Find("t2")
		same(t, []any{found, err}, []any{true, error(nil)})
		must(t, s.Delete("t2"))
		must(t, s.CommitCtx(ctx, "t1", data("a1"), expiry)) // of a request that began before the end
		_, found, err = s.Find("t1")
		same(t, []any{found, err}, []any{false, error(nil)})

		p.clock.advance(time.Hour)
		_, found, err = s.Find("t3")
		same(t, []any{found, err}, []any{false, error(nil)})
	})
}

func TestAnswers(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		first := vault.Answer{RequestHash: []byte{1}, Status: 200, Body: []byte(`{"result":"first"}`)}
		second := vault.Answer{RequestHash: []byte{2}, Status: 409, Body: []byte(`{}`)}
		must(t, v.StoreAnswer(ctx, "a1", "key", first))
		must(t, v.StoreAnswer(ctx, "a1", "key", second))
		must(t, v.StoreAnswer(ctx, "a2", "key", second))
		want := func(actor string, a vault.Answer, found bool) {
			t.Helper()
			got, ok, err := v.Answer(ctx, actor, "key")
			must(t, err)
			same(t, []any{got, ok}, []any{a, found})
		}
		want("a1", first, true)
		want("a2", second, true)
		want("a3", vault.Answer{}, false)
		p.clock.advance(vault.AnswerValidity - time.Microsecond)
		want("a1", first, true)
		p.clock.advance(time.Microsecond)
		want("a1", vault.Answer{}, false)
		must(t, v.StoreAnswer(ctx, "a1", "key", second)) // in place of the expired one
		want("a1", second, true)
		n, err := v.Sweep(ctx)
		must(t, err)
		same(t, n, int64(1)) // a2's
		want("a1", second, true)
	})
}

func TestSweepKeepsWhatPagesNeed(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		v, ctx := p.vault(t), t.Context()
		token, err := v.MakeLink(ctx, vault.NewSecret{ID: "c1", Account: "a1", ExpiresAt: noon.Add(time.Hour)})
		must(t, err)
		_, err = v.MakeLink(ctx, vault.NewSecret{ID: "c2", Account: "a1", ExpiresAt: noon.Add(time.Hour + 1000)})
		must(t, err)
		must(t, v.SetPassword(ctx, vault.Password{ID: "p1", Account: "a1", Plain: "Told by letter", KeepSealed: true}))
		p.clock.advance(time.Hour)
		n, err := v.Sweep(ctx)
		must(t, err)
		same(t, n, int64(1))
		_, found, err := v.FindLink(ctx, token)
		same(t, []any{found, err}, []any{true, error(nil)})
		if _, err := v.SealedSecret(ctx, "c1"); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("the expired link's copy: got %v", err)
		}
		for _, id := range []string{"c2", "p1"} {
			_, err = v.SealedSecret(ctx, id)
			must(t, err)
		}
	})
}

// Nothing secret stands in the files as it is, nor as a plain hash of hexadecimal.
func TestNothingPlainIsStored(t *testing.T) {
	dir := t.TempDir()
	v, err := vault.OpenSQLite(t.Context(), dir, master, vault.Options{Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	must(t, err)
	defer v.Close() // the test ends
	ctx := t.Context()
	link, err := v.MakeLink(ctx, vault.NewSecret{ID: "c1", Account: "a1"})
	must(t, err)
	code, err := v.MakeLetterCode(ctx, vault.NewSecret{ID: "c2", Account: "a1"})
	must(t, err)
	key, _, err := v.MakeAPIKey(ctx, vault.NewSecret{ID: "c3", Account: "a1"})
	must(t, err)
	setup, err := v.MakeSetupToken(ctx)
	must(t, err)
	must(t, v.SetPassword(ctx, vault.Password{ID: "c4", Account: "a1", Plain: "CANARY-password", KeepSealed: true}))
	must(t, v.StoreAnswer(ctx, "a1", "key", vault.Answer{RequestHash: []byte{1}, Body: []byte("CANARY-answer")}))
	must(t, v.ExpectAsker(ctx, "account-a1", "organization-o1"))
	must(t, v.KeepAsker(ctx, vault.Asker{Stream: "account-a1", Data: []byte("CANARY-asker")}))
	data, err := v.Sessions().Encode(noon, map[string]any{"account": "a1", "x": "CANARY-session"})
	must(t, err)
	must(t, v.Sessions().OpenCtx(t.Context(), "CANARY-token", data, noon.Add(10000*time.Hour)))
	files := sqlitePlace(dir)(t)
	for _, secret := range []string{link, code, strings.ReplaceAll(code, "-", ""), key, key[13:], setup, "CANARY", string(master[:]), hex.EncodeToString(master[:])} {
		if bytes.Contains(files, []byte(secret)) {
			t.Errorf("found %q in the files", secret)
		}
	}
}

// TestF42_OneUserShutsNobodyOut: however often one account asks for hashes, the others sign in.
func TestF42_OneUserShutsNobodyOut(t *testing.T) {
	hold := make(chan struct{})
	v, err := vault.OpenSQLite(t.Context(), t.TempDir(), master, vault.Options{
		HashSlots: 1, Argon2: vault.Argon2{MemoryKiB: 64, Passes: 1, Lanes: 1}, OnHash: func() { <-hold },
	})
	must(t, err)
	defer v.Close() // the test ends
	greedy := limits.For(t.Context(), limits.Asker{Account: "greedy", Address: "192.0.2.1"})
	var busy atomic.Int64
	var all sync.WaitGroup
	for range 180 {
		all.Go(func() {
			if _, err := v.VerifyPassword(greedy, "", "x"); errors.Is(err, vault.ErrBusy) {
				busy.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	for busy.Load() != 180-17 { // one is at work, and as many wait as one asker may
		runtime.Gosched()
	}
	var honest sync.WaitGroup
	for n := range 12 {
		stranger := limits.For(t.Context(), limits.Asker{Address: fmt.Sprintf("192.0.2.%d", 2+n)})
		honest.Go(func() {
			if _, err := v.VerifyPassword(stranger, "", "x"); err != nil {
				t.Error(err)
			}
		})
	}
	vault.AwaitHashQueue(v, 29)
	close(hold)
	honest.Wait()
	all.Wait()
	if busy.Load() != 180-17 {
		t.Errorf("%d of 180 were sent away", busy.Load())
	}
}
