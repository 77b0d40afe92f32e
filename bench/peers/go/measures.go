package main

import (
	"runtime"
	"syscall"
	"time"
)

// measures are taken while slices run, besides their time. All of it is off in between.
type measures struct {
	latency, lag   histogram
	residentBefore int64
	gc             pauses
	switches       switches

	// The values when the slice began.
	usage   syscall.Rusage
	pausing runtime.MemStats
	beats   *beats
}

type memory struct {
	PeakBytes   int64 `json:"peakBytes"`
	GrowthBytes int64 `json:"growthBytes"`
}

// pauses are the times in which a collection stopped all goroutines. Most of a collection's work runs
// concurrently: it is in the CPU time, but not in these ms.
type pauses struct {
	Count int64   `json:"count"`
	Ms    float64 `json:"ms"`
}

type switches struct {
	Voluntary   int64 `json:"voluntary"`
	Involuntary int64 `json:"involuntary"`
}

// cpuCount is the CPU time of some jobs.
type cpuCount struct {
	CPUJobs     int64 `json:"cpuJobs"`
	CPUUserUs   int64 `json:"cpuUserUs"`
	CPUSystemUs int64 `json:"cpuSystemUs"`

	usage syscall.Rusage
}

func (c *cpuCount) from(done int64) error {
	if c == nil {
		return nil
	}
	c.CPUJobs = done
	return syscall.Getrusage(syscall.RUSAGE_SELF, &c.usage)
}

func (c *cpuCount) to(done int64) error {
	if c == nil {
		return nil
	}
	before := c.usage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &c.usage)
	c.CPUJobs = done - c.CPUJobs
	c.CPUUserUs = inUs(c.usage.Utime) - inUs(before.Utime)
	c.CPUSystemUs = inUs(c.usage.Stime) - inUs(before.Stime)
	return err
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

func (m *measures) end() error {
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
	return err
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
