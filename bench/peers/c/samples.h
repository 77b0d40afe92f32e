// Timed samples of a session's work, and what timing them costs.
#ifndef PEER_SAMPLES_H_
#define PEER_SAMPLES_H_

#include "session.h"

// The samples of a slice. The caller sets the first group, and the rest to zeros.
typedef struct {
  Session* session;
  uint64_t ns;     // the time to spend
  uint64_t batch;  // jobs per sample
  Then begin;      // before the first job; may be NULL
  Then count_jobs; // after the untimed start, and after the last sample: only the time in between counts; may be NULL
  Then end;        // called when the last one is done
  void* context;

  uint64_t jobs;       // done while a sample was timed
  uint64_t spent;      // ns of all samples
  double* per_job_ms;  // of each; `samples_free` frees them
  size_t count;
  size_t room;

  uint64_t began;
  uint64_t before;
} Samples;

void samples_take(Samples* samples);
void samples_sort(Samples* samples);
void samples_free(Samples* samples);

typedef struct {
  double sample_us;
  double job_us;
} HarnessCost;

// Measured with jobs that do nothing; `times_jobs` as in a session.
HarnessCost harness_cost(bool times_jobs);

#endif
