package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// jobFunc does one job. Only one lane calls it, so its state is never shared.
type jobFunc[I any] func(input I) (string, error)

// jobSession is a session of independent jobs: lanes that each take the next input when their last job is
// done. Every result is compared with the verified one.
type jobSession[I any] struct {
	name     string
	inputs   []I
	verified []string
	lanes    []*lane[I]
	working  sync.WaitGroup

	open     atomic.Bool
	next     atomic.Int64
	finished atomic.Int64
	// goal is the value of finished that ends the current batch; unreachable if there is none.
	goal atomic.Int64
	// due is what finished should have been at the end of the last batch.
	due int64
	// woken gets a message when the goal is reached, or when a lane has failed.
	woken chan struct{}

	failing sync.Mutex
	failure error
}

type lane[I any] struct {
	do jobFunc[I]
	// One per lane, since lanes would wait for a shared one. They are added up at rest.
	latency histogram
}

const never = math.MaxInt64

// wrongResult is a job whose result differed from the verified one.
type wrongResult struct{ message string }

func (e *wrongResult) Error() string { return e.message }

// openJobs starts a session with jobs made by newJob, one for each lane.
func openJobs[I any](asked *jobsRequest, newJob func() jobFunc[I]) (session, error) {
	s := &jobSession[I]{name: asked.Name, woken: make(chan struct{}, 1)}
	if err := json.Unmarshal(asked.Inputs, &s.inputs); err != nil {
		return nil, fmt.Errorf("the inputs of %s cannot be read: %w", asked.Name, err)
	}
	if len(s.inputs) == 0 {
		return nil, fmt.Errorf("%s got no inputs", asked.Name)
	}
	if asked.Concurrency < 1 {
		return nil, fmt.Errorf("'concurrency' takes a whole number from 1, but is %d", asked.Concurrency)
	}
	for i := 0; i < asked.Concurrency; i++ {
		s.lanes = append(s.lanes, &lane[I]{do: newJob()})
	}
	s.goal.Store(never)
	return s, nil
}

func (s *jobSession[I]) concurrency() int         { return len(s.lanes) }
func (s *jobSession[I]) cycle() int               { return len(s.inputs) }
func (s *jobSession[I]) timesJobs() bool          { return true }
func (s *jobSession[I]) done() int64              { return s.finished.Load() }
func (s *jobSession[I]) close() ([]string, error) { return nil, nil }

func (s *jobSession[I]) verify(jobDone func()) (string, error) {
	for _, input := range s.inputs {
		result, err := s.lanes[0].do(input)
		if err != nil {
			return "", err
		}
		jobDone()
		s.verified = append(s.verified, result)
	}
	sum := sha256.Sum256([]byte(strings.Join(s.verified, "\n")))
	return hex.EncodeToString(sum[:])[:16], nil
}

func (s *jobSession[I]) batch(jobs int64) error {
	if err := s.failed(); err != nil {
		return err
	}
	finished := s.finished.Load()
	goal := finished + jobs
	// A batch of whole cycles ends where a cycle does: otherwise each batch would have more of some inputs
	// than of others.
	if cycle := int64(len(s.inputs)); jobs%cycle == 0 {
		goal -= (finished - s.due) % cycle
	}
	s.due = goal
	s.goal.Store(goal)
	if !s.open.Load() {
		s.start()
	}
	// Lanes may have reached the goal before they could see it.
	s.reach(s.finished.Load())
	<-s.woken
	return s.failed()
}

func (s *jobSession[I]) start() {
	s.open.Store(true)
	s.working.Add(len(s.lanes))
	for _, each := range s.lanes {
		go s.work(each)
	}
}

func (s *jobSession[I]) work(l *lane[I]) {
	defer s.working.Done()
	if err := s.jobsOf(l); err != nil {
		s.fail(err)
	}
}

// jobsOf does jobs one after the other until the session rests.
func (s *jobSession[I]) jobsOf(l *lane[I]) (err error) {
	defer recovered(&err)
	inputs := int64(len(s.inputs))
	// A lane's next job begins where its last one ended, so one clock reading serves both.
	began := time.Now()
	for s.open.Load() {
		index := (s.next.Add(1) - 1) % inputs
		result, err := l.do(s.inputs[index])
		if err != nil {
			return err
		}
		now := time.Now()
		l.latency.record(now.Sub(began))
		began = now
		if result != s.verified[index] {
			return &wrongResult{fmt.Sprintf("job %s gave %q for input %d, but %q when it was verified",
				s.name, result, index, s.verified[index])}
		}
		s.reach(s.finished.Add(1))
	}
	return nil
}

// reach wakes the batch when finished is the number that it waits for: once, whichever lane gets there
// first.
func (s *jobSession[I]) reach(finished int64) {
	if goal := s.goal.Load(); finished >= goal && s.goal.CompareAndSwap(goal, never) {
		s.wake()
	}
}

// wake leaves at most one message: that of a reached goal may still be there when a lane fails.
func (s *jobSession[I]) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

func (s *jobSession[I]) rest() error {
	s.open.Store(false)
	s.working.Wait()
	s.due = s.finished.Load()
	return s.failed()
}

// fail ends the session. The first failure counts; if it is between two batches, the next batch reports it.
func (s *jobSession[I]) fail(err error) {
	s.failing.Lock()
	if s.failure == nil {
		s.failure = err
	}
	s.failing.Unlock()
	s.open.Store(false)
	s.wake()
}

func (s *jobSession[I]) failed() error {
	s.failing.Lock()
	defer s.failing.Unlock()
	return s.failure
}

func (s *jobSession[I]) takeLatency() *histogram {
	var all histogram
	for _, each := range s.lanes {
		all.add(&each.latency)
		each.latency = histogram{}
	}
	return &all
}
