package main

import (
	"runtime"
	"syscall"
	"time"
)

// measures are what is measured while slices run, beside the time they take. All of it is off in between.
type measures struct {
	latency, lag   histogram
	residentBefore int64
	gc             pauses
	switches       switches

	// As they were when the slice began.
	usage   syscall.Rusage
	pausing runtime.MemStats
	beats   *beats
}

type memory struct {
	PeakBytes   int64 `json:"peakBytes"`
	GrowthBytes int64 `json:"growthBytes"`
}

// pauses are the times in which a collection stopped all goroutines: most of a collection's work goes on beside
// them and is in the CPU time, but not in these ms.
type pauses struct {
	Count int64   `json:"count"`
	Ms    float64 `json:"ms"`
}

type switches struct {
	Voluntary   int64 `json:"voluntary"`
	Involuntary int64 `json:"involuntary"`
}

type cpuTime struct {
	CPUUserUs   int64 `json:"cpuUserUs"`
	CPUSystemUs int64 `json:"cpuSystemUs"`
}

func newMeasures() (*measures, error) {
	resident, err := residentBytes()
	return &measures{residentBefore: resident}, err
}

func (m *measures) begin() error {
	runtime.ReadMemStats(&m.pausing)
	m.beats = startBeats(&m.lag)
	return syscall.Getrusage(syscall.RUSAGE_SELF, &m.usage)
}

// end gives the CPU time since begin.
func (m *measures) end() (cpuTime, error) {
	before := m.usage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &m.usage)
	after := m.usage
	m.beats.end()
	m.switches.Voluntary += int64(after.Nvcsw - before.Nvcsw)
	m.switches.Involuntary += int64(after.Nivcsw - before.Nivcsw)
	count, totalNs := m.pausing.NumGC, m.pausing.PauseTotalNs
	runtime.ReadMemStats(&m.pausing)
	m.gc.Count += int64(m.pausing.NumGC - count)
	m.gc.Ms += inMs(time.Duration(m.pausing.PauseTotalNs - totalNs))
	return cpuTime{
		CPUUserUs:   inUs(after.Utime) - inUs(before.Utime),
		CPUSystemUs: inUs(after.Stime) - inUs(before.Stime),
	}, err
}

func (m *measures) all() (measuresAnswer, error) {
	resident, err := residentBytes()
	if err != nil {
		return measuresAnswer{}, err
	}
	peak, err := peakBytes()
	return measuresAnswer{
		Latency:  m.latency.counts(),
		Lag:      m.lag.counts(),
		Memory:   memory{peak, resident - m.residentBefore},
		GC:       m.gc,
		Switches: m.switches,
	}, err
}

func inUs(t syscall.Timeval) int64 { return t.Nano() / 1000 }
