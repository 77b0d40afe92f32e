// Timed samples of a session's work, the warm-up before them, and what timing them costs.
#ifndef PEER_SAMPLES_H_
#define PEER_SAMPLES_H_

#include "session.h"

// The samples of a slice. The first group is given, with zeros for the rest.
typedef struct {
  Session* session;
  uint64_t ns;     // to spend
  uint64_t batch;  // jobs that a sample waits for
  Then begin;      // before the first job; may be NULL
  Then end;        // when the last one is done
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

// The same of a warm-up.
typedef struct {
  Session* session;
  uint64_t window_ns;
  uint64_t least_ns;
  uint64_t most_ns;
  uint64_t sample_ns;  // about how long a batch should become
  Then end;
  void* context;

  double jobs_per_ms;  // the best window's
  bool flat;
  uint64_t took;

  uint64_t began;
  uint64_t batch;
  uint64_t batch_began;
  uint64_t window_began;
  uint64_t before;
  unsigned flat_for;
} WarmUp;

void warm_up(WarmUp* warm);

typedef struct {
  double sample_us;
  double job_us;
} HarnessCost;

// Measured with jobs that do nothing; `times_jobs` as in a session.
HarnessCost harness_cost(bool times_jobs);

#endif
