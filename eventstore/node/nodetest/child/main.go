// Command child is the log with its door and nothing else, for tests that kill it. It is
// built without the race detector: what is killed two hundred times must start fast.
//
//	child <folder> <socket> [<bytes by which its files may grow>]
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch len(args) {
	case 2:
		return serve(args[0], args[1])
	case 3:
		if err := limitFiles(args[0], args[2]); err != nil {
			return err
		}
		return serve(args[0], args[1])
	}
	return errors.New("usage: child <folder> <socket> [<bytes>]")
}

// serve runs until it is killed or whoever started it is gone.
func serve(dir, socket string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	log, err := node.Open(ctx, node.Options{Dir: dir, TailEvents: 64})
	if err != nil {
		return err
	}
	listener, err := door.Listen("unix:" + socket)
	if err != nil {
		return errors.Join(err, log.Close())
	}
	d, err := door.New(ctx, log, door.Options{Listen: listener, Open: true})
	if err != nil {
		return errors.Join(err, log.Close())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // it ends with whoever started this
		stop()
	}()
	fmt.Println("ready")
	return errors.Join(d.Serve(ctx), log.Close())
}

// limitFiles lets the log's files grow by so many bytes and no more, as a disk does that
// fills up.
func limitFiles(dir, room string) error {
	n, err := strconv.ParseUint(room, 10, 32)
	if err != nil {
		return err
	}
	largest := uint64(0)
	for _, name := range []string{"log.db", "log.db-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		largest = max(largest, uint64(info.Size()))
	}
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: largest + n, Max: largest + n})
}
