package main

import (
	"sort"
	"time"
)

// A process that was idle while others had their turns is slow at first. So it works untimed for this long,
// or longer on request, and does at least as many jobs as are in flight.
const lead = 3 * time.Millisecond

// samples are the timed part of a slice.
type samples struct {
	// Jobs done while a sample was timed, and the ms of all samples.
	Jobs int64   `json:"jobs"`
	Ms   float64 `json:"ms"`
	// Ms per job of each sample, ascending.
	SamplesMs []float64 `json:"samplesMs"`
}

// timeSamples takes samples of batch jobs until their times add up to ms, and then lets the work rest.
//
// Work flows on while samples are taken, so a sample may see more jobs done than it waited for, and jobs
// done between two samples are in neither sample's time nor count.
//
// The CPU time covers what is between the untimed start and the last sample; cpu may be nil.
func timeSamples(w work, untimed time.Duration, ms float64, batch int64, cpu *cpuCount) (samples, error) {
	for began := time.Now(); ; {
		if err := w.batch(int64(w.concurrency())); err != nil {
			return samples{}, err
		}
		if time.Since(began) >= untimed {
			break
		}
	}
	if err := cpu.from(w.done()); err != nil {
		return samples{}, err
	}
	var all samples
	for len(all.SamplesMs) == 0 || all.Ms < ms {
		before := w.done()
		began := time.Now()
		if err := w.batch(batch); err != nil {
			return samples{}, err
		}
		took := inMs(time.Since(began))
		jobs := w.done() - before
		all.Jobs += jobs
		all.Ms += took
		all.SamplesMs = append(all.SamplesMs, took/float64(jobs))
	}
	if err := cpu.to(w.done()); err != nil {
		return samples{}, err
	}
	if err := w.rest(); err != nil {
		return samples{}, err
	}
	sort.Float64s(all.SamplesMs)
	return all, nil
}

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
