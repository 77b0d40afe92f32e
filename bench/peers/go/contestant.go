package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// contestant is the state between requests; both fields are nil before 'open'.
type contestant struct {
	session  session
	measures *measures
}

var errNotOpen = errors.New("nothing is open: it was asked to work before a successful 'open'")

func (c *contestant) open(asked openRequest) (any, error) {
	if c.session != nil {
		return nil, errors.New("it is open already")
	}
	opened, err := openSession(asked)
	if err != nil {
		return nil, err
	}
	firstJobMs := 0.0
	digest, err := opened.verify(func() {
		if firstJobMs == 0 {
			firstJobMs = msSinceStart()
		}
	})
	if err != nil {
		return nil, err
	}
	if c.measures, err = newMeasures(); err != nil {
		return nil, err
	}
	c.session = opened
	return openAnswer{
		Did:         "open",
		Digest:      digest,
		Concurrency: opened.concurrency(),
		Cycle:       opened.cycle(),
		FirstJobMs:  firstJobMs,
		Runtime: fmt.Sprintf("Go %s, %d processors",
			strings.TrimPrefix(runtime.Version(), "go"), runtime.GOMAXPROCS(0)),
	}, nil
}

// openSession starts the workload: independent jobs, or the one workload that is not made of jobs.
func openSession(asked openRequest) (session, error) {
	if jobs := asked.Jobs; jobs != nil {
		makers := map[string]func(*jobsRequest) (session, error){
			"sieve":         openPrimes,
			"fanOut":        openTimers,
			"fetchAllItems": openFetchAll,
		}
		if open, known := makers[jobs.Name]; known {
			return open(jobs)
		}
		return nil, fmt.Errorf("it cannot do jobs called %q", jobs.Name)
	}
	if asked.Workload == "echo" || asked.Workload == "echo-into" {
		return openEcho(asked.Facts)
	}
	return nil, fmt.Errorf("it cannot do the workload %q, which came without jobs", asked.Workload)
}

// reset discards what was measured so far: it was the warm-up.
func (c *contestant) reset() (any, error) {
	if c.session == nil {
		return nil, errNotOpen
	}
	harness, err := harnessCost()
	if err != nil {
		return nil, err
	}
	if !c.session.timesJobs() {
		harness.JobUs = 0
	}
	c.session.takeLatency()
	if c.measures, err = newMeasures(); err != nil {
		return nil, err
	}
	return resetAnswer{"reset", harness}, nil
}

func (c *contestant) slice(asked sliceRequest) (any, error) {
	switch {
	case c.session == nil:
		return nil, errNotOpen
	case asked.Load != nil:
		return nil, errors.New("it has no open loop: it cannot do a slice with a load")
	case asked.Batch < 1:
		return nil, fmt.Errorf("a sample takes at least one job, but 'batch' is %d", asked.Batch)
	}
	before := c.session.done()
	if err := c.measures.begin(); err != nil {
		return nil, err
	}
	untimed := lead
	if asked.LeadMs != nil {
		untimed = time.Duration(*asked.LeadMs * float64(time.Millisecond))
	}
	var cpu cpuCount
	timed, err := timeSamples(c.session, untimed, asked.Ms, asked.Batch, &cpu)
	usageErr := c.measures.end()
	if err != nil {
		return nil, err // lanes may still be at work
	}
	if usageErr != nil {
		return nil, usageErr
	}
	c.measures.latency.add(c.session.takeLatency())
	return sliceAnswer{"slice", timed, c.session.done() - before, cpu}, nil
}

func (c *contestant) close() (any, error) {
	if c.session == nil {
		return nil, errNotOpen
	}
	all, err := c.measures.all()
	if err != nil {
		return nil, err
	}
	left, err := c.session.close()
	if err != nil {
		return nil, err
	}
	return closeAnswer{"close", append([]string{}, left...), all}, nil
}
