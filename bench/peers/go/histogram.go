package main

import (
	"fmt"
	"math/bits"
	"time"
)

// histogram counts durations in the buckets of src/stats/histogram.ts, 64 an octave:
//
//	ns       0 … 127        128 … 255       256 … 511       512 … 1023   …
//	width    1              2               4               8
//	index    0 … 127        128 … 191       192 … 255       256 … 319
type histogram struct {
	buckets [half * (octaves + 1)]int64
}

const (
	// Buckets per octave.
	half     = 1 << halfBits
	halfBits = 6
	// Values up to 2^42 ns. Longer ones count as that.
	octaves   = 36
	longestNs = 1<<(halfBits+octaves) - 1
)

func (h *histogram) record(d time.Duration) { h.buckets[bucketOf(int64(d))]++ }

func bucketOf(ns int64) int {
	switch {
	case ns < 0:
		return 0
	case ns < 2*half:
		return int(ns)
	case ns > longestNs:
		ns = longestNs
	}
	octave := bits.Len64(uint64(ns)) - 1 - halfBits
	return octave*half + int(ns>>octave)
}

func (h *histogram) add(other *histogram) {
	for index, count := range other.buckets {
		h.buckets[index] += count
	}
}

// addCounts adds the result of counts from elsewhere.
func (h *histogram) addCounts(counts []int64) error {
	if len(counts)%2 != 0 {
		return fmt.Errorf("counts come in pairs, but there are %d numbers", len(counts))
	}
	for i := 0; i < len(counts); i += 2 {
		index, count := counts[i], counts[i+1]
		if index < 0 || index >= int64(len(h.buckets)) || count < 0 {
			return fmt.Errorf("a histogram has no bucket %d with a count of %d", index, count)
		}
		h.buckets[index] += count
	}
	return nil
}

// counts returns the buckets that are not empty, as index, count, index, count, … in ascending order.
func (h *histogram) counts() []int64 {
	counts := []int64{}
	for index, count := range h.buckets {
		if count > 0 {
			counts = append(counts, int64(index), count)
		}
	}
	return counts
}
