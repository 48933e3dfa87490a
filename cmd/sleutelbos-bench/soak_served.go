package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// served is the program in a process of its own, as people run it.
type served struct {
	cmd        *exec.Cmd
	data       string
	door       string // its socket
	url        string
	management string
	log        *os.File
	ended      chan error
}

// startServed starts it, and waits until it takes requests.
func startServed(ctx context.Context, c *soakCommand, dir string) (*served, error) {
	management, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &served{data: filepath.Join(dir, "data"), door: filepath.Join(dir, "door"), management: "http://" + management, ended: make(chan error, 1)}
	args := []string{"serve", "--data", s.data, "--http", "127.0.0.1:0", "--management", management, "--node", "unix:" + s.door}
	if c.Database != "" {
		args = append(args, "--database", c.Database)
	}
	if s.log, err = os.Create(filepath.Join(dir, "log")); err != nil {
		return nil, fmt.Errorf("keep what the program says: %w", err)
	}
	s.cmd = exec.CommandContext(context.WithoutCancel(ctx), c.Program, args...)
	s.cmd.Env = append(os.Environ(), "SLEUTELBOS_BOOTSTRAP_API_KEY="+benchKey)
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	listening := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "Sleutelbos listens on "); ok {
				listening <- url
			}
		}
		close(listening)
		s.ended <- s.cmd.Wait()
	}()
	if s.url = <-listening; s.url == "" {
		return nil, errors.Join(errors.New("the program did not start"), <-s.ended)
	}
	return s, nil
}

// freeAddress is one that nobody listens on at this moment.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// stop asks it to end, and says what it thought of its stores.
func (s *served) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return errors.Join(fmt.Errorf("stop the program: %w", err), s.log.Close())
	}
	var err error
	select {
	case err = <-s.ended:
		if err != nil {
			err = fmt.Errorf("the program ended badly: %w\n%s", err, s.lastWords())
		}
	case <-time.After(30 * time.Second):
		err = errors.Join(errors.New("the program does not stop within 30 s"), s.cmd.Process.Kill())
	}
	return errors.Join(err, s.log.Close())
}

// lastWords are the end of what it said.
func (s *served) lastWords() []byte {
	said, err := os.ReadFile(s.log.Name())
	if err != nil {
		return nil
	}
	return said[max(0, len(said)-2000):]
}

// client is one at the door.
func (s *served) client() (*esdb.Client, error) {
	config, err := esdb.ParseConnectionString("esdb://localhost?tls=false")
	if err != nil {
		return nil, err
	}
	config.Address, config.Logger = "unix:"+s.door, esdb.NoopLogging()
	return esdb.NewClient(config)
}

// figure is what the program is like at a moment; sizes are in bytes.
type figure struct {
	held, heap, resident, goroutines, files, log float64 // held is what the heap has after a collection
	p50, p99, worst                              time.Duration
}

// figure reads the metrics and the size of the log.
func (s *served) figure(ctx context.Context) (figure, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.management+"/metrics", http.NoBody)
	if err != nil {
		return figure{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return figure{}, err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return figure{}, err
	}
	values := map[string]float64{}
	for line := range bytes.Lines(content) {
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if number, err := strconv.ParseFloat(value, 64); err == nil {
			values[name] = number
		}
	}
	f := figure{
		held: values["go_gc_heap_live_bytes"], heap: values["go_memstats_heap_inuse_bytes"], resident: values["process_resident_memory_bytes"],
		goroutines: values["go_goroutines"], files: values["process_open_fds"],
	}
	err = filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), "log.db") {
			return err
		}
		info, err := d.Info()
		if err == nil {
			f.log += float64(info.Size())
		}
		return err
	})
	return f, err
}
