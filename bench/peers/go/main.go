// A contestant for loopdyno on goroutines and Go's standard library, as one writes it in Go: a goroutine
// for each lane, each sleep, each request and each connection, on as many cores as there are.
//
// docs/protocol.md specifies its requests and answers:
//
//	standard input ──▶ main ──▶ serve ──▶ contestant: open, slice, reset, close ──▶ descriptor 3
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
)

var answers = os.NewFile(3, "answers")

// The harness binds the main thread of a contestant to one core after the warm-up. Any thread of ours may run
// any goroutine, and one that is started from a bound thread is bound too: the whole program could end up on
// that core. So the main thread does nothing but wait for requests.
func init() { runtime.LockOSThread() }

func main() {
	signal.Ignore(os.Interrupt) // the harness decides when we end
	requests := make(chan []byte, 16)
	go serve(requests)
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			os.Exit(0) // the harness is gone, whatever is under way
		}
		requests <- line
	}
}

func serve(requests <-chan []byte) {
	var c contestant
	for line := range requests {
		answer, err := c.handle(line)
		if err != nil {
			say(map[string]any{"failed": failureOf(err)})
			continue
		}
		say(answer)
		if _, closed := answer.(closeAnswer); closed {
			os.Exit(0)
		}
	}
}

// handle answers one request. Whatever goes wrong is an error in the answer: the process lives on.
func (c *contestant) handle(line []byte) (answer any, err error) {
	defer recovered(&err)
	asked, err := read[struct{ Do string }](line)
	if err != nil {
		return nil, err
	}
	switch asked.Do {
	case "open":
		return answered(line, c.open)
	case "slice":
		return answered(line, c.slice)
	case "reset":
		return c.reset()
	case "close":
		return c.close()
	default:
		return nil, fmt.Errorf("it was asked for %q, which it cannot do", asked.Do)
	}
}

func answered[Request any](line []byte, do func(Request) (any, error)) (any, error) {
	asked, err := read[Request](line)
	if err != nil {
		return nil, err
	}
	return do(asked)
}

func say(answer any) {
	line, err := json.Marshal(answer)
	if err != nil { // a number that JSON cannot express
		line, _ = json.Marshal(map[string]any{"failed": failureOf(err)})
	}
	if _, err := answers.Write(append(line, '\n')); err != nil {
		fmt.Fprintln(os.Stderr, "no answer can be written:", err)
		os.Exit(1)
	}
}

// panicked is a panic as an error, with the place where it occurred.
type panicked struct {
	value any
	stack string
}

func (p *panicked) Error() string { return fmt.Sprint(p.value) }

// recovered turns a panic into an error of the function that defers it.
func recovered(err *error) {
	if value := recover(); value != nil {
		*err = &panicked{value, string(debug.Stack())}
	}
}
