package main

import (
	"errors"
	"io"
	"net"
	"sync"
)

const readBytes = 64 << 10

// echoServer serves until the peer closes the connection on which the port was announced.
type echoServer struct {
	listener net.Listener
	// working are the goroutines that accept and serve.
	working sync.WaitGroup
	ended   chan struct{}

	failing sync.Mutex
	failed  []string
}

func serveEcho(peer, name string) (*echoServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &echoServer{listener: listener, ended: make(chan struct{})}
	s.working.Add(1)
	go s.accept()
	announced, err := dialPeer(peer)
	if err != nil {
		return nil, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := announced.say(map[string]any{"serve": name, "port": port}); err != nil {
		return nil, err
	}
	go s.serveUntilClosed(announced.connection)
	return s, nil
}

func (s *echoServer) serveUntilClosed(announced net.Conn) {
	defer close(s.ended)
	_, err := io.Copy(io.Discard, announced)
	s.note(err)
	announced.Close()
	s.listener.Close()
	s.working.Wait()
}

func (s *echoServer) accept() {
	defer s.working.Done()
	for {
		connection, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			s.note(err)
			return
		}
		s.working.Add(1)
		go func() {
			defer s.working.Done()
			defer connection.Close()
			s.note(echo(connection))
		}()
	}
}

// echo writes back what it reads until the other side closes.
func echo(connection net.Conn) error {
	buffer := make([]byte, readBytes)
	for {
		n, err := connection.Read(buffer)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := connection.Write(buffer[:n]); err != nil {
			return err
		}
	}
}

func (s *echoServer) note(err error) {
	if err == nil {
		return
	}
	s.failing.Lock()
	defer s.failing.Unlock()
	s.failed = append(s.failed, err.Error())
}

// wait waits until the last connection has ended and returns what had failed.
func (s *echoServer) wait() []string {
	<-s.ended
	return s.failed
}
