package doppel_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	startTimeout = time.Minute
	stopTimeout  = 30 * time.Second
)

// scenario is what tests/support/client_scenario.py made, and a server on it.
type scenario struct {
	Modified   []string
	Relations  []string
	Connection string

	folder  string
	address string
}

// startScenario makes a warehouse with two environments, and starts the real
// server on it: $DOPPELD, else bin/doppeld.
func startScenario(t *testing.T) *scenario {
	t.Helper()
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{folder: filepath.Join(t.TempDir(), "scenario")}
	made, err := exec.Command("python3",
		filepath.Join(repository, "tests", "support", "client_scenario.py"),
		s.folder).CombinedOutput()
	if err != nil {
		t.Fatalf("client_scenario.py: %v\n%s", err, made)
	}
	facts, err := os.ReadFile(filepath.Join(s.folder, "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(facts, s); err != nil {
		t.Fatal(err)
	}
	program := os.Getenv("DOPPELD")
	if program == "" {
		program = filepath.Join(repository, "bin", "doppeld")
	}
	s.start(t, program)
	return s
}

func (s *scenario) start(t *testing.T, program string) {
	t.Helper()
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%v; run tools/build, or set DOPPELD", err)
	}
	server := exec.Command(program, "--listen=127.0.0.1:0",
		"--store_dir="+t.TempDir(), "--profiles_dir="+s.folder)
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	read := make(chan struct{})
	var logged strings.Builder
	go func() {
		defer close(read)
		readLog(io.TeeReader(log, &logged), address)
	}()
	t.Cleanup(func() { stop(t, server, read, &logged) })
	select {
	case s.address = <-address:
	case <-time.After(startTimeout):
	}
	if s.address == "" {
		t.Fatal("doppeld does not serve")
	}
}

// readLog reads to the end, and gives the address once it is told; "" if it
// never is.
func readLog(log io.Reader, address chan<- string) {
	defer close(address)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Message, Address string }
		err := json.Unmarshal(lines.Bytes(), &line)
		if err == nil && line.Message == "serving" {
			address <- line.Address
		}
	}
}

// stop ends the server, which must end cleanly.
func stop(
	t *testing.T, server *exec.Cmd, read <-chan struct{}, logged *strings.Builder,
) {
	t.Helper()
	// Where it ended by itself, Wait tells how.
	_ = server.Process.Signal(syscall.SIGTERM)
	killer := time.AfterFunc(stopTimeout, func() { _ = server.Process.Kill() })
	defer killer.Stop()
	<-read
	if err := server.Wait(); err != nil {
		t.Errorf("doppeld ended with %v", err)
	}
	if t.Failed() {
		t.Logf("doppeld logged:\n%s", logged)
	}
}
