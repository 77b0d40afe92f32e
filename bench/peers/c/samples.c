#include "samples.h"

// ── Samples ──
//
//   begin ─▶ 3 ms of work, and as many jobs as are in flight, untimed: the start of a slice is not
//            typical of it
//   count ─▶ sample, sample, …                      until `ns` are spent
//   count ─▶ rest: jobs under way are completed, untimed ─▶ end
//
// Each sample ends where its last job does, in a callback of that job, and the next one begins
// there. Work flows on, so a sample may see more jobs done than it waited for.

static const uint64_t kLead = 3000000;

static void lead(Samples* samples);
static void sample(Samples* samples);
static void on_lead(void* context);
static void on_sample(void* context);
static void on_rest(void* context);

void samples_take(Samples* samples) {
  if (samples->begin != NULL) samples->begin(samples->context);
  samples->began = uv_hrtime();
  lead(samples);
}

static void lead(Samples* samples) {
  session_batch(samples->session, samples->session->concurrency, on_lead, samples);
}

static void on_lead(void* context) {
  Samples* samples = context;
  if (uv_hrtime() - samples->began < kLead) {
    lead(samples);
    return;
  }
  if (samples->count_jobs != NULL) samples->count_jobs(samples->context);
  sample(samples);
}

static void sample(Samples* samples) {
  samples->before = samples->session->done;
  samples->began = uv_hrtime();
  session_batch(samples->session, samples->batch, on_sample, samples);
}

static void on_sample(void* context) {
  Samples* samples = context;
  const uint64_t took = uv_hrtime() - samples->began;
  const uint64_t jobs = samples->session->done - samples->before;
  if (samples->count == samples->room) {
    samples->room = samples->room * 2 + 256;
    const size_t size = samples->room * sizeof *samples->per_job_ms;
    samples->per_job_ms = must_have(realloc(samples->per_job_ms, size));
  }
  samples->per_job_ms[samples->count++] = ms_of(took) / (double)jobs;
  samples->jobs += jobs;
  samples->spent += took;
  if (samples->spent < samples->ns) {
    sample(samples);
    return;
  }
  if (samples->count_jobs != NULL) samples->count_jobs(samples->context);
  session_rest(samples->session, on_rest, samples);
}

static void on_rest(void* context) {
  Samples* samples = context;
  samples->end(samples->context);
}

static int ascending(const void* a, const void* b) {
  const double left = *(const double*)a;
  const double right = *(const double*)b;
  return (left > right) - (left < right);
}

void samples_sort(Samples* samples) {
  if (samples->count == 0) return;
  qsort(samples->per_job_ms, samples->count, sizeof *samples->per_job_ms, ascending);
}

void samples_free(Samples* samples) {
  free(samples->per_job_ms);
  *samples = (Samples){0};
}

// ── What it costs ──

enum { kBlocks = 21, kJobsPerBlock = 1000 };
// The time for samples without work, in ns: some ten thousand of them.
static const uint64_t kIdleNs = 1000000;

static void idle_batch(Session* session, uint64_t jobs) { session->goal = session->done + jobs; }

static void idle_rest(Session* session) { session_tell(session); }

static void idle_end(void* context) { *(bool*)context = true; }

// The median of `count` sorted numbers.
static double median(const double* sorted, size_t count) {
  return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static double idle_sample_us(void) {
  const SessionKind kind = {.batch = idle_batch, .rest = idle_rest};
  Session session = {.kind = &kind, .concurrency = 1, .cycle = 1};
  bool ended = false;
  Samples samples = {
      .session = &session, .ns = kIdleNs, .batch = 1, .end = idle_end, .context = &ended};
  samples_take(&samples);
  while (!ended) session_count(&session, 1);
  samples_sort(&samples);
  const double ms = median(samples.per_job_ms, samples.count);
  samples_free(&samples);
  return ms * 1000;
}

// What a session does per job besides the job itself: read the clock and count.
static double idle_job_us(void) {
  Histogram* histogram = must_have(calloc(1, sizeof *histogram));
  double blocks[kBlocks];
  for (unsigned i = 0; i < kBlocks; i++) {
    const uint64_t began = uv_hrtime();
    uint64_t last = began;
    for (unsigned job = 0; job < kJobsPerBlock; job++) {
      const uint64_t now = uv_hrtime();
      histogram_record(histogram, now - last);
      last = now;
    }
    blocks[i] = ms_of(last - began) * 1000 / kJobsPerBlock;
  }
  free(histogram);
  qsort(blocks, kBlocks, sizeof blocks[0], ascending);
  return median(blocks, kBlocks);
}

HarnessCost harness_cost(bool times_jobs) {
  return (HarnessCost){.sample_us = idle_sample_us(), .job_us = times_jobs ? idle_job_us() : 0};
}
