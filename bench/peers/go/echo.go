package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// Connections with one message under way each, and messages of the verified sample.
const (
	echoConnections = 10
	echoSample      = 50
)

// echoSession drives the peer, which is the client of our server. A message is done when the peer reports
// it: until then only the peer knows.
type echoSession struct {
	server   *echoServer
	peer     *echoPeer
	finished int64
	// keep is the number of messages after which the peer reports; 0 at rest.
	keep    int64
	latency histogram
}

func openEcho(facts map[string]json.RawMessage) (session, error) {
	var port int
	if err := json.Unmarshal(facts["port"], &port); err != nil {
		return nil, fmt.Errorf("echo needs the port of its peer: %w", err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	name := fmt.Sprintf("%d-%d", os.Getpid(), time.Now().UnixNano())
	server, err := serveEcho(address, name)
	if err != nil {
		return nil, err
	}
	peer, err := dialPeer(address)
	if err != nil {
		return nil, err
	}
	open := map[string]any{"open": name, "services": 1, "connections": echoConnections}
	if _, err := peer.ask(open); err != nil {
		return nil, err
	}
	return &echoSession{server: server, peer: peer}, nil
}

func (s *echoSession) concurrency() int { return echoConnections }
func (s *echoSession) cycle() int       { return 1 }
func (s *echoSession) timesJobs() bool  { return false }
func (s *echoSession) done() int64      { return s.finished }

func (s *echoSession) verify(jobDone func()) (string, error) {
	said, err := s.peer.ask(map[string]any{"sample": echoSample})
	jobDone()
	return said.Digest, err
}

func (s *echoSession) batch(jobs int64) error {
	if jobs != s.keep {
		if err := s.peer.say(map[string]any{"keep": jobs}); err != nil {
			return err
		}
		s.keep = jobs
	}
	for end := s.finished + jobs; s.finished < end; {
		said, err := s.peer.hear()
		if err != nil {
			return err
		}
		s.finished += said.Done
	}
	return nil
}

func (s *echoSession) rest() error {
	if s.keep == 0 {
		return nil
	}
	s.keep = 0
	if err := s.peer.say(map[string]any{"rest": true}); err != nil {
		return err
	}
	for {
		said, err := s.peer.hear()
		if err != nil {
			return err
		}
		s.finished += said.Done
		if said.Latency != nil { // its last report
			return s.latency.addCounts(said.Latency)
		}
	}
}

func (s *echoSession) takeLatency() *histogram {
	taken := s.latency
	s.latency = histogram{}
	return &taken
}

func (s *echoSession) close() ([]string, error) {
	err := s.peer.connection.Close()
	return s.server.wait(), err
}

// echoPeer is the connection over which the peer gets its requests, in lines of JSON.
type echoPeer struct {
	connection net.Conn
	in         *json.Decoder
	out        *json.Encoder
}

// peerWord has the fields of all messages of the peer.
type peerWord struct {
	Digest  string
	Done    int64
	Latency []int64
	Error   string
}

func dialPeer(address string) (*echoPeer, error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &echoPeer{connection, json.NewDecoder(connection), json.NewEncoder(connection)}, nil
}

func (p *echoPeer) say(message any) error { return p.out.Encode(message) }

func (p *echoPeer) hear() (peerWord, error) {
	var said peerWord
	err := p.in.Decode(&said)
	if errors.Is(err, io.EOF) {
		err = errors.New("the peer closed before it answered")
	} else if err == nil && said.Error != "" {
		err = fmt.Errorf("the peer: %s", said.Error)
	}
	return said, err
}

func (p *echoPeer) ask(message any) (peerWord, error) {
	if err := p.say(message); err != nil {
		return peerWord{}, err
	}
	return p.hear()
}
