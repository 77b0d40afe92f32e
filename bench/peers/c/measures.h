// What a contestant measures about itself while its slices run, besides their time.
#ifndef PEER_MEASURES_H_
#define PEER_MEASURES_H_

#include "base.h"

// Counts of durations in the buckets of src/stats/histogram.ts: one per ns below 128, then 64 an
// octave, up to 2^42 ns.
enum { kHalf = 64, kHalfBits = 6, kOctaves = 36, kBuckets = kHalf * (kOctaves + 1) };

typedef struct {
  uint64_t counts[kBuckets];
} Histogram;

void histogram_record(Histogram* histogram, uint64_t ns);
// Adds counts in the form [index, count, ...]. False if they are not in this form.
bool histogram_add(Histogram* histogram, const cJSON* counts);
cJSON* histogram_json(const Histogram* histogram);

typedef struct {
  Histogram latency;
  Histogram lag;
  uv_timer_t beat;
  uint64_t due_ms;  // when the next beat is, on the loop's clock
  uv_rusage_t usage;
  uint64_t voluntary;
  uint64_t involuntary;
  size_t resident;  // at the reset
} Measures;

typedef struct {
  double user_us;
  double system_us;
} Cpu;

void measures_open(Measures* measures, uv_loop_t* loop);
// Discards what was measured so far: it was the warm-up. Memory growth counts from here.
void measures_reset(Measures* measures);
void measures_begin(Measures* measures);
void measures_end(Measures* measures);
// The CPU time of this process so far.
Cpu cpu_now(void);
// Stops the beats, for a slice that ends before its time.
void measures_stop(Measures* measures);
cJSON* measures_json(const Measures* measures);
void measures_close(Measures* measures);

#endif
