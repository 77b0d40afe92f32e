// The work that a contestant does: jobs without end while it is asked for some, none at rest.
//
//   verify ─▶ told when the fixed sample is done, and `digest` is of it
//   batch ──▶ told when `jobs` more are done; the work goes on
//   batch ──▶ …
//   rest ───▶ told when those under way are done, too
//   close ──▶ told when nothing is left but handles that are closing
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
  bool times_jobs;  // each job's latency is taken here
  char digest[2 * kSha256 + 1];
  uint64_t first_done;  // uv_hrtime after the first job
  uint64_t done;
  uint64_t goal;       // `done` at the end of the batch under way
  Histogram* latency;  // where latencies count, NULL while they do not

  // Who asked last and was not told yet. One at a time.
  Then then;
  void* context;

  bool failed;
  bool closing;
  char error[64];
  char message[512];
  // Called instead of `then`, once for each request that fails.
  void (*on_failure)(Session*);
};

// A session has failed when a batch is asked for after it did, too.
void session_verify(Session* session, Then then, void* context);
void session_batch(Session* session, uint64_t jobs, Then then, void* context);
void session_rest(Session* session, Then then, void* context);
void session_close(Session* session, Then then, void* context);

// For those that do the work: what was asked for is done, or cannot be.
void session_tell(Session* session);
void session_fail(Session* session, const char* error, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

// Of a batch: so many jobs are done. The next one may have begun when this returns.
static inline void session_count(Session* session, uint64_t jobs) {
  session->done += jobs;
  if (session->done >= session->goal) {
    session->goal = UINT64_MAX;
    session_tell(session);
  }
}

#endif
