package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The time of the program's first step, and the age of the process then.
var loaded, loadingMs = time.Now(), cpuMs() + waitedMs()

// msSinceStart is how long ago this process was started.
//
// The system reports the start in ticks of 10 ms, which is more than this program takes to start. But it
// reports in µs how long a process was on a core, and in ns how long it waited for one, and a process that
// starts does little else: precise to about 1 ms. If the ticks show a longer time, they count.
func msSinceStart() float64 {
	ms := inMs(time.Since(loaded)) + loadingMs
	if ticked, err := tickedMs(); err == nil && ticked-tickMs > ms {
		return ticked
	}
	return ms
}

const tickMs = 10

// tickedMs is how long ago this process was started, precise to a tick more or less.
func tickedMs() (float64, error) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, err
	}
	uptime, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0, err
	}
	// The second field is the program's name, in brackets, which may have spaces; the start is the 22nd.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	ticks, err := strconv.ParseFloat(fields[22-3], 64)
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(strings.Fields(string(uptime))[0], 64)
	return seconds*1000 - ticks*tickMs, err
}

func cpuMs() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return inMs(time.Duration(usage.Utime.Nano() + usage.Stime.Nano()))
}

// waitedMs is how long the main thread waited for a core; 0 where the system does not report it.
func waitedMs() float64 {
	var onCore, waited time.Duration
	if schedstat, err := os.ReadFile("/proc/self/schedstat"); err == nil {
		fmt.Sscan(string(schedstat), &onCore, &waited)
	}
	return inMs(waited)
}

func residentBytes() (int64, error) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(statm), &size, &resident); err != nil {
		return 0, fmt.Errorf("/proc/self/statm is %q: %w", statm, err)
	}
	return resident * int64(os.Getpagesize()), nil
}

// peakBytes is not taken from getrusage, which also counts what this process was before its exec: a copy of
// the harness, with all its memory.
func peakBytes() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, from, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(from, &kib); err != nil {
		return 0, fmt.Errorf("/proc/self/status has no peak of memory: %w", err)
	}
	return kib * 1024, nil
}
