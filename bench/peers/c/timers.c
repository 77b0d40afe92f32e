// `timers` (io): fan-out of sleeps. A job gathers the sleeps of an input, each a timer of the loop.
#include "jobs.h"

#include <inttypes.h>

typedef struct {
  size_t count;
  int64_t ms[];
} Delays;

typedef struct FanOut FanOut;

typedef struct {
  uv_timer_t timer;
  FanOut* of;
  int64_t ms;
} Sleep;

// Timers are made once and restarted for each job, as is usual for thousands of short-lived timers:
// closing one costs a turn of the loop.
struct FanOut {
  Lane lane;
  uv_loop_t* loop;
  Sleep** sleeps;
  size_t room;
  size_t pending;
  uint64_t began;  // on the loop's clock
  int64_t slept;
};

static void done(FanOut* job) {
  snprintf(job->lane.result, kResult, "slept %" PRId64 " ms", job->slept);
  lane_done(&job->lane);
}

static void on_timer(uv_timer_t* timer) {
  Sleep* sleep = (Sleep*)timer;
  FanOut* job = sleep->of;
  if (uv_now(timer->loop) - job->began >= (uint64_t)sleep->ms) job->slept += sleep->ms;
  if (--job->pending == 0) done(job);
}

static void make_room(FanOut* job, size_t count) {
  if (count <= job->room) return;
  job->sleeps = must_have(realloc(job->sleeps, count * sizeof *job->sleeps));
  for (; job->room < count; job->room++) {
    Sleep* sleep = must_have(malloc(sizeof *sleep));
    must(uv_timer_init(job->loop, &sleep->timer), "uv_timer_init");
    sleep->of = job;
    job->sleeps[job->room] = sleep;
  }
}

static void start(Lane* lane, const void* input) {
  FanOut* job = (FanOut*)lane;
  const Delays* delays = input;
  make_room(job, delays->count);
  job->began = uv_now(job->loop);
  job->slept = 0;
  job->pending = delays->count;
  for (size_t i = 0; i < delays->count; i++) {
    Sleep* sleep = job->sleeps[i];
    sleep->ms = delays->ms[i];
    must(uv_timer_start(&sleep->timer, on_timer, (uint64_t)sleep->ms, 0), "uv_timer_start");
  }
  if (delays->count == 0) done(job);
}

static void* read_input(uv_loop_t* loop, const cJSON* json) {
  (void)loop;
  if (!cJSON_IsArray(json)) return NULL;
  const size_t most = (size_t)cJSON_GetArraySize(json);
  Delays* delays = must_have(malloc(sizeof *delays + most * sizeof delays->ms[0]));
  delays->count = 0;
  const cJSON* each;
  cJSON_ArrayForEach(each, json) {
    if (!whole_number(each, 0, &delays->ms[delays->count++])) {
      free(delays);
      return NULL;
    }
  }
  return delays;
}

static Lane* open_lane(uv_loop_t* loop) {
  FanOut* job = must_have(calloc(1, sizeof *job));
  job->loop = loop;
  return &job->lane;
}

static void closed(uv_handle_t* handle) { free(handle); }

static void close_lane(Lane* lane) {
  FanOut* job = (FanOut*)lane;
  for (size_t i = 0; i < job->room; i++) uv_close((uv_handle_t*)job->sleeps[i], closed);
  free(job->sleeps);
  free(job);
}

const JobKind fan_out = {.name = "fanOut",
                         .takes = "fanOut takes an array of whole ms",
                         .read_input = read_input,
                         .free_input = free,
                         .open = open_lane,
                         .start = start,
                         .close = close_lane};
