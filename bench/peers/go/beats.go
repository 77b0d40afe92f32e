package main

import "time"

// The time between two beats. Some eight per slice: too few to affect the work's rate.
const beat = 2 * time.Millisecond

// beats measure the equivalent of a loop's lag: how late a goroutine runs that waits for a timer.
//
// They are due at fixed times, whenever the one before came: if all processors were held for 10 ms, five
// beats were delayed, and each counts with its own delay. Otherwise long stalls, the very thing to be
// found, would be counted least.
type beats struct {
	lag   *histogram
	due   time.Time
	stop  chan time.Time
	ended chan struct{}
}

func startBeats(lag *histogram) *beats {
	b := &beats{lag, time.Now().Add(beat), make(chan time.Time), make(chan struct{})}
	go b.run()
	return b
}

func (b *beats) run() {
	defer close(b.ended)
	timer := time.NewTimer(time.Until(b.due))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			b.lag.record(time.Since(b.due))
			b.due = b.due.Add(beat)
			timer.Reset(time.Until(b.due))
		case now := <-b.stop:
			// Beats that still wait have waited at least that long.
			for ; !b.due.After(now); b.due = b.due.Add(beat) {
				b.lag.record(now.Sub(b.due))
			}
			return
		}
	}
}

func (b *beats) end() {
	b.stop <- time.Now()
	<-b.ended
}
