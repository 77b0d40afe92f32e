package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func openTimers(asked *jobsRequest) (session, error) {
	return openJobs(asked, func() jobFunc[[]int64] { return fanOut })
}

// fanOut sleeps for each of delays, in ms, in a goroutine of its own, and sums up those that did not end
// too early.
func fanOut(delays []int64) (string, error) {
	var slept atomic.Int64
	var sleepers sync.WaitGroup
	sleepers.Add(len(delays))
	for _, ms := range delays {
		go func(ms int64) {
			defer sleepers.Done()
			delay := time.Duration(ms) * time.Millisecond
			began := time.Now()
			time.Sleep(delay)
			if time.Since(began) >= delay {
				slept.Add(ms)
			}
		}(ms)
	}
	sleepers.Wait()
	return fmt.Sprintf("slept %d ms", slept.Load()), nil
}
