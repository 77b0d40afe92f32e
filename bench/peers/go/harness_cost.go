package main

import (
	"sort"
	"time"
)

const (
	// Enough samples for a median.
	costSamplesMs = 15
	// Several blocks, so that one that was interrupted does not count.
	costBlocks   = 21
	jobsPerBlock = 1000
)

// cost is what measuring costs, in µs. It is part of every reported number.
type cost struct {
	SampleUs float64 `json:"sampleUs"`
	JobUs    float64 `json:"jobUs"`
}

// idleWork is done at once, but by another goroutine, which wakes the waiting one as a lane does: that
// wake-up is the cost of a sample.
type idleWork struct {
	jobs  int64
	asked chan int64
	woken chan struct{}
}

func newIdleWork() *idleWork {
	w := &idleWork{asked: make(chan int64), woken: make(chan struct{}, 1)}
	go func() {
		for jobs := range w.asked {
			w.jobs += jobs
			w.woken <- struct{}{}
		}
	}()
	return w
}

func (w *idleWork) concurrency() int { return 1 }
func (w *idleWork) done() int64      { return w.jobs }
func (w *idleWork) rest() error      { close(w.asked); return nil }

func (w *idleWork) batch(jobs int64) error {
	w.asked <- jobs
	<-w.woken
	return nil
}

func harnessCost() (cost, error) {
	idle, err := timeSamples(newIdleWork(), lead, costSamplesMs, 1, nil)
	if err != nil {
		return cost{}, err
	}
	// What a session does per job besides the job itself: read the clock and record the time.
	latency := new(histogram)
	blocks := make([]float64, costBlocks)
	for i := range blocks {
		began := time.Now()
		last := began
		for j := 0; j < jobsPerBlock; j++ {
			now := time.Now()
			latency.record(now.Sub(last))
			last = now
		}
		blocks[i] = float64(last.Sub(began)) / float64(time.Microsecond) / jobsPerBlock
	}
	sort.Float64s(blocks)
	return cost{1000 * median(idle.SamplesMs), median(blocks)}, nil
}

// median takes values in ascending order.
func median(ascending []float64) float64 {
	middle := len(ascending) / 2
	if len(ascending)%2 == 1 {
		return ascending[middle]
	}
	return (ascending[middle-1] + ascending[middle]) / 2
}
