package api_test

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"sleutelbos/internal/turns"
)

// TestF37_LongAnswersTakeTurns takes every turn at long work. What goes through events waits, and
// pages do not.
func TestF37_LongAnswersTakeTurns(t *testing.T) {
	s := newStack(t)
	h := s.house("Beurt")
	ids := s.things(h)
	users := s.platformUsers(6)
	taken, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	letGo := sync.OnceFunc(func() { close(release) })
	defer letGo()
	for range max(1, runtime.GOMAXPROCS(0)/2) {
		all.Go(func() {
			_ = turns.Do(t.Context(), func(context.Context) error {
				taken <- struct{}{}
				<-release
				return nil
			})
		})
		<-taken
	}
	var answers int
	for name, path := range slowPaths(h, h.organization) {
		if strings.HasPrefix(name, "List") {
			continue // a row of these is as it is shown
		}
		for placeholder, id := range ids {
			path = strings.ReplaceAll(path, placeholder, id)
		}
		if name == "FollowEvents" {
			path += "?follow=false"
		}
		asker, before, ended := users[answers%len(users)], turns.Waiting(), make(chan struct{})
		all.Go(func() {
			defer close(ended)
			if a := asker.get("/api/v1" + path); a.status != http.StatusOK {
				t.Errorf("%s: %d", path, a.status)
			}
		})
		for turns.Waiting() == before {
			select {
			case <-ended:
				t.Fatalf("%s was answered without a turn", path)
			default:
				runtime.Gosched()
			}
		}
		answers++
	}
	if answers < 10 {
		t.Errorf("%d answers were asked for", answers)
	}
	for _, path := range []string{"/accounts", "/accounts/" + h.user + "/history", "/audit", "/licenses", "/letters", "/messages?format=csv"} {
		h.adminClient.fresh("/api/v1" + path)
	}
	letGo()
	all.Wait()
}
