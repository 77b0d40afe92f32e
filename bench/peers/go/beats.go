package main

import "time"

// Between two beats. Some eight a slice: too few to be seen in the work's rate.
const beat = 2 * time.Millisecond

// beats measure what stands for a loop's lag here: how late a goroutine runs that waits for a timer.
//
// They are due at fixed times, whenever the one before came: when all processors were held for 10 ms, five
// beats were kept waiting, and each counts with its own delay. Else the long stalls, which are what is looked
// for, would be the ones that are counted least.
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
			// Beats that are still kept waiting have waited that long at least.
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
