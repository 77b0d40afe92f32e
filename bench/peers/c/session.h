// The work of a contestant: jobs without end while some are requested, none at rest.
//
//   verify ─▶ calls back when the fixed sample is done, and `digest` covers it
//   batch ──▶ calls back when `jobs` more are done; the work goes on
//   batch ──▶ …
//   rest ───▶ calls back when the jobs under way are done, too
//   close ──▶ calls back when nothing is left but handles that are closing
#ifndef PEER_SESSION_H_
#define PEER_SESSION_H_

#include "measures.h"

typedef struct Session Session;
typedef void (*Then)(void* context);

typedef struct {
  void (*verify)(Session*);
  void (*batch)(Session*, uint64_t jobs);
  void (*rest)(Session*);
  void (*close)(Session*);
  void (*free)(Session*);  // when the loop has closed all handles
} SessionKind;

struct Session {
  const SessionKind* kind;
  unsigned concurrency;
  unsigned cycle;
  bool times_jobs;  // each job's latency is measured here
  char digest[2 * kSha256 + 1];
  uint64_t first_done;  // uv_hrtime after the first job
  uint64_t done;
  uint64_t goal;       // `done` at the end of the batch under way
  Histogram* latency;  // where latencies count, NULL while they do not

  // The last caller, if it was not called back yet. One at a time.
  Then then;
  void* context;

  bool failed;
  bool closing;
  char error[64];
  char message[512];
  // Called instead of `then`, once for each request that fails.
  void (*on_failure)(Session*);
};

// A session also fails when a batch is requested after it has failed.
void session_verify(Session* session, Then then, void* context);
void session_batch(Session* session, uint64_t jobs, Then then, void* context);
void session_rest(Session* session, Then then, void* context);
void session_close(Session* session, Then then, void* context);

// Called by the code that does the work: the request is done, or cannot be.
void session_tell(Session* session);
void session_fail(Session* session, const char* error, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

// For a batch: `jobs` jobs are done. The next batch may have begun when this returns.
static inline void session_count(Session* session, uint64_t jobs) {
  session->done += jobs;
  if (session->done >= session->goal) {
    session->goal = UINT64_MAX;
    session_tell(session);
  }
}

#endif
