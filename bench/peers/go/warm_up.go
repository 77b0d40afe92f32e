package main

import (
	"errors"
	"time"
)

// What still counts as noise, and how many windows without more than that are enough.
const (
	rise        = 1.05
	flatWindows = 2
)

// A batch may grow to this many jobs; guards against work that takes no time.
const mostJobs = 1 << 20

type warmedUp struct {
	// The best window's.
	JobsPerMs float64 `json:"jobsPerMs"`
	Ms        float64 `json:"ms"`
	// Whether the rate had stopped rising.
	Flat bool `json:"flat"`
}

// warmUp works in windows until the rate has stopped rising: two windows in a row at most 5% above the best
// before. The best and not the last one, since after a single slow window the next would look like progress.
func warmUp(w work, asked warmRequest) (warmedUp, error) {
	if asked.WindowMs <= 0 {
		return warmedUp{}, errors.New("a warm-up takes windows of more than 0 ms")
	}
	began := time.Now()
	batch := int64(1)
	best := 0.0
	flatFor := 0
	for {
		start := time.Now()
		before := w.done()
		for inMs(time.Since(start)) < asked.WindowMs {
			batchBegan := time.Now()
			if err := w.batch(batch); err != nil {
				return warmedUp{}, err
			}
			if inMs(time.Since(batchBegan)) < asked.SampleMs && batch < mostJobs {
				batch *= 2
			}
		}
		rate := float64(w.done()-before) / inMs(time.Since(start))
		if rate <= best*rise {
			flatFor++
		} else {
			flatFor = 0
		}
		if rate > best {
			best = rate
		}
		ms := inMs(time.Since(began))
		flat := flatFor >= flatWindows && ms >= asked.LeastMs
		if flat || ms >= asked.MostMs {
			return warmedUp{best, ms, flat}, w.rest()
		}
	}
}
