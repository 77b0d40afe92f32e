#include "jobs.h"

#include <openssl/evp.h>

struct JobSession {
  Session base;
  const JobKind* job;
  void** inputs;              // `base.cycle` of them
  char (*verified)[kResult];  // the result of each
  Lane** lanes;               // `base.concurrency` of them
  unsigned started;           // lanes that have begun and not ended
  unsigned next;              // input
  uint64_t due;               // what `done` should have been at the end of the last batch
  bool open;                  // lanes take a next job
  bool verifying;
  bool resting;

  // Active only while lanes are ready: an active idle handle keeps the loop from blocking.
  uv_idle_t turn;
  Lane* first_ready;
  Lane* last_ready;
};

static void on_turn(uv_idle_t* turn);

static void make_ready(Lane* lane) {
  JobSession* session = lane->session;
  lane->next_ready = NULL;
  if (session->first_ready == NULL) {
    session->first_ready = lane;
    must(uv_idle_start(&session->turn, on_turn), "uv_idle_start");
  } else {
    session->last_ready->next_ready = lane;
  }
  session->last_ready = lane;
}

void lane_failed(Lane* lane, const char* error, const char* message) {
  JobSession* session = lane->session;
  session->started--;
  session->open = false;
  session_fail(&session->base, error, "%s", message);
}

static void take_next(Lane* lane) {
  JobSession* session = lane->session;
  lane->input = session->next;
  if (++session->next == session->base.cycle) session->next = 0;
  session->job->start(lane, session->inputs[lane->input]);
}

static void digest(const JobSession* session, char* hex) {
  EVP_MD_CTX* hash = must_have(EVP_MD_CTX_new());
  unsigned char bytes[kSha256];
  bool ok = EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1;
  for (unsigned i = 0; i < session->base.cycle; i++) {
    const char* result = session->verified[i];
    if (i > 0) ok = ok && EVP_DigestUpdate(hash, "\n", 1) == 1;
    ok = ok && EVP_DigestUpdate(hash, result, strlen(result)) == 1;
  }
  ok = ok && EVP_DigestFinal_ex(hash, bytes, NULL) == 1;
  EVP_MD_CTX_free(hash);
  if (!ok) fatal("SHA-256", "OpenSSL failed");
  to_hex(bytes, 8, hex);
}

static void verified(Lane* lane) {
  JobSession* session = lane->session;
  if (session->base.first_done == 0) session->base.first_done = uv_hrtime();
  memcpy(session->verified[lane->input], lane->result, kResult);
  if (session->next != 0) {
    make_ready(lane);
    return;
  }
  session->verifying = false;
  session->started--;
  digest(session, session->base.digest);
  session_tell(&session->base);
}

// At rest, the last lane reports the end.
static void end_lane(JobSession* session) {
  session->started--;
  if (session->started > 0 || !session->resting) return;
  session->resting = false;
  session->due = session->base.done;
  session_tell(&session->base);
}

void lane_done(Lane* lane) {
  JobSession* session = lane->session;
  if (session->verifying) {
    verified(lane);
    return;
  }
  // A lane's next job begins where its last one ended, so one clock reading serves both.
  const uint64_t now = uv_hrtime();
  if (session->base.latency != NULL) histogram_record(session->base.latency, now - lane->began);
  lane->began = now;
  const char* expected = session->verified[lane->input];
  if (strcmp(lane->result, expected) != 0) {
    char message[3 * kResult];
    snprintf(message, sizeof message, "%s gave \"%s\" for input %u, but \"%s\" when verified",
             session->job->name, lane->result, lane->input, expected);
    lane_failed(lane, "WrongResultError", message);
    return;
  }
  session_count(&session->base, 1);  // may have ended the last sample, and with it the lanes
  if (session->open) make_ready(lane);
  else end_lane(session);
}

static void lane_turn(Lane* lane) {
  JobSession* session = lane->session;
  if (lane->began == 0) lane->began = uv_hrtime();
  if (session->open || session->verifying) take_next(lane);
  else end_lane(session);
}

// Runs the lanes that are ready now. Lanes that they make ready run after timers and sockets.
static void on_turn(uv_idle_t* turn) {
  JobSession* session = turn->data;
  Lane* lane = session->first_ready;
  session->first_ready = NULL;
  while (lane != NULL) {
    Lane* next = lane->next_ready;
    lane_turn(lane);
    lane = next;
  }
  if (session->first_ready == NULL) must(uv_idle_stop(turn), "uv_idle_stop");
}

static void verify(Session* base) {
  JobSession* session = (JobSession*)base;
  session->verifying = true;
  session->started++;
  make_ready(session->lanes[0]);
}

static void batch(Session* base, uint64_t jobs) {
  JobSession* session = (JobSession*)base;
  // A batch of whole cycles ends where a cycle does: otherwise each batch would have more of some
  // inputs than of others.
  const uint64_t over = jobs % base->cycle == 0 ? (base->done - session->due) % base->cycle : 0;
  session->due = base->goal = base->done + jobs - over;
  if (session->open) return;
  session->open = true;
  session->started = base->concurrency;
  for (unsigned i = 0; i < base->concurrency; i++) {
    session->lanes[i]->began = 0;
    make_ready(session->lanes[i]);
  }
}

static void rest(Session* base) {
  JobSession* session = (JobSession*)base;
  session->open = false;
  session->resting = session->started > 0;
  if (session->resting) return;
  session->due = base->done;
  session_tell(base);
}

static void close_session(Session* base) {
  JobSession* session = (JobSession*)base;
  for (unsigned i = 0; i < base->concurrency; i++) session->job->close(session->lanes[i]);
  session->first_ready = NULL;
  if (session->job->shut != NULL) session->job->shut();
  uv_close((uv_handle_t*)&session->turn, NULL);
  session_tell(base);
}

static void free_session(Session* base) {
  JobSession* session = (JobSession*)base;
  for (unsigned i = 0; i < base->cycle; i++) session->job->free_input(session->inputs[i]);
  free(session->inputs);
  free(session->verified);
  free(session->lanes);
  free(session);
}

static const SessionKind kJobs = {verify, batch, rest, close_session, free_session};

static const JobKind* job_named(const char* name) {
  static const JobKind* const kinds[] = {&sieve, &fan_out, &fetch_all_items};
  for (size_t i = 0; name != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kinds[i]->name, name) == 0) return kinds[i];
  }
  return NULL;
}

static void open_lanes(JobSession* session, uv_loop_t* loop, unsigned concurrency) {
  session->base.concurrency = concurrency;
  session->lanes = must_have(calloc(concurrency, sizeof *session->lanes));
  for (unsigned i = 0; i < concurrency; i++) {
    session->lanes[i] = session->job->open(loop);
    session->lanes[i]->session = session;
  }
  must(uv_idle_init(loop, &session->turn), "uv_idle_init");
  session->turn.data = session;
}

Session* jobs_open(uv_loop_t* loop, const cJSON* jobs, const char** why) {
  const cJSON* inputs = json_field(jobs, "inputs");
  const int cycle = cJSON_GetArraySize(inputs);
  int64_t concurrency;
  const JobKind* job = job_named(json_text(jobs, "name"));
  if (job == NULL) *why = "it has no such job: sieve, fanOut, fetchAllItems are what it can do";
  else if (!cJSON_IsArray(inputs) || cycle == 0) *why = "jobs have no inputs";
  else if (!whole_number(json_field(jobs, "concurrency"), 1, &concurrency) ||
           concurrency > 1 << 20)
    *why = "concurrency takes a whole number from 1";
  else *why = NULL;
  if (*why != NULL) return NULL;

  JobSession* session = must_have(calloc(1, sizeof *session));
  session->base.kind = &kJobs;
  session->base.times_jobs = true;
  session->base.goal = UINT64_MAX;
  session->job = job;
  session->inputs = must_have(calloc((size_t)cycle, sizeof *session->inputs));
  session->verified = must_have(calloc((size_t)cycle, sizeof *session->verified));
  const cJSON* input;
  cJSON_ArrayForEach(input, inputs) {
    void* read = job->read_input(loop, input);
    if (read == NULL) {
      *why = job->takes;
      if (job->shut != NULL) job->shut();
      free_session(&session->base);
      return NULL;
    }
    session->inputs[session->base.cycle++] = read;
  }
  open_lanes(session, loop, (unsigned)concurrency);
  return &session->base;
}
