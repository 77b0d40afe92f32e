// Sessions of independent jobs, whose inputs the harness sends.
#ifndef PEER_JOBS_H_
#define PEER_JOBS_H_

#include "session.h"

enum { kResult = 96 };

typedef struct Lane Lane;

// The part that a workload's file provides.
typedef struct {
  const char* name;
  const char* takes;  // an input, in words
  void* (*read_input)(uv_loop_t* loop, const cJSON* json);  // NULL when it is none
  void (*free_input)(void* input);
  Lane* (*open)(uv_loop_t* loop);  // begins with a Lane, all zeros
  void (*start)(Lane* lane, const void* input);  // ends with lane_done or lane_failed
  void (*close)(Lane* lane);  // frees it, whatever is under way
  void (*shut)(void);         // frees what lanes share; may be NULL
} JobKind;

extern const JobKind sieve, fan_out, fetch_all_items;

typedef struct JobSession JobSession;

// One job at a time, and the next when it is done:
//
//   ┌─ ready queue ◀────────────────────── lane_done: counts it, a sample may end ◀─┐
//   └▶ turn: start(next input) ──────────────────────────────▶ done, now or later ──┘
struct Lane {
  JobSession* session;
  Lane* next_ready;
  uint64_t began;  // when its last job ended, or the lane began; 0 until then
  unsigned input;
  char result[kResult];  // where a job leaves what is compared
};

// The job is done, with its result. Call this last: a whole slice may end in it.
void lane_done(Lane* lane);
void lane_failed(Lane* lane, const char* error, const char* message);

// `jobs` is { name, inputs, concurrency }. Returns NULL and the reason if it is not.
Session* jobs_open(uv_loop_t* loop, const cJSON* jobs, const char** why);

#endif
