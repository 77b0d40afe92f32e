// A contestant in C on bare libuv; docs/protocol.md specifies its requests and answers. One loop on
// the main thread does everything: requests come on a pipe of the loop, and a request that takes
// time is answered in the callback where its work ends.
//
//   cc -std=c11 -O2 -o peer bench/peers/c/*.c -luv -lcjson -lhttp_parser -lcrypto
#include "base.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "echo.h"
#include "jobs.h"
#include "lines.h"
#include "samples.h"
#include "start_time.h"

enum { kAnswers = 3 };

static uv_loop_t loop;
static uv_pipe_t input;
static uv_idle_t more;  // active while a request waits that came together with another one
static Lines requests;
static bool busy;
static uint64_t process_began;  // uv_hrtime

static Session* session;
static Measures measures;
static Samples samples;
static uint64_t done_before;
// Covers what counts in the slice.
static Cpu cpu;
static uint64_t cpu_jobs;
static cJSON* left;  // from `close` on, with what was measured until then
static cJSON* measured;

// ── Answers ──

static void say(cJSON* answer) {
  char* text = must_have(cJSON_PrintUnformatted(answer));
  cJSON_Delete(answer);
  size_t length = strlen(text);
  text[length++] = '\n';  // in place of the NUL
  for (size_t at = 0; at < length;) {
    const ssize_t written = write(kAnswers, text + at, length - at);
    if (written >= 0) {
      at += (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = kAnswers, .events = POLLOUT};
      poll(&wait, 1, -1);
    } else if (errno == EPIPE) {
      exit(0);  // the harness is gone
    } else if (errno != EINTR) {
      fatal("write to descriptor 3", strerror(errno));
    }
  }
  cJSON_free(text);
}

static void on_more(uv_idle_t* idle);

static void answer(cJSON* answer) {
  say(answer);
  busy = false;
  must(uv_idle_start(&more, on_more), "uv_idle_start");
}

static void fail(const char* name, const char* message) {
  cJSON* failed = must_have(cJSON_CreateObject());
  json_add(failed, "name", cJSON_CreateString(name));
  json_add(failed, "message", cJSON_CreateString(message));
  json_add(failed, "stack", cJSON_CreateString(""));
  cJSON* object = must_have(cJSON_CreateObject());
  json_add(object, "failed", failed);
  answer(object);
}

static void refuse(const char* message) { fail("RequestError", message); }

static cJSON* answer_to(const char* did) {
  cJSON* object = must_have(cJSON_CreateObject());
  json_add(object, "did", cJSON_CreateString(did));
  return object;
}

static void add(cJSON* object, const char* name, double number) {
  json_add(object, name, cJSON_CreateNumber(number));
}

static void on_failure(Session* failed) {
  failed->latency = NULL;
  measures_stop(&measures);
  samples_free(&samples);
  fail(failed->error, failed->message);
}

static bool number(const cJSON* request, const char* name, double* value) {
  const cJSON* field = json_field(request, name);
  if (!cJSON_IsNumber(field) || !(field->valuedouble >= 0)) return false;
  *value = field->valuedouble;
  return true;
}

// ── Open ──

static void on_verified(void* context) {
  (void)context;
  char runtime[64];
  snprintf(runtime, sizeof runtime, "libuv %s, C", uv_version_string());
  cJSON* object = answer_to("open");
  json_add(object, "digest", cJSON_CreateString(session->digest));
  add(object, "concurrency", session->concurrency);
  add(object, "cycle", session->cycle);
  add(object, "firstJobMs", ms_of(session->first_done - process_began));
  json_add(object, "runtime", cJSON_CreateString(runtime));
  answer(object);
}

/* A callback that writes the bytes it was given is all three styles at once. */
static bool is_echo(const char* workload) {
  return strcmp(workload, "echo") == 0 || strcmp(workload, "echo-into") == 0 ||
         strcmp(workload, "echo-protocol") == 0;
}

static void open_session(const cJSON* request) {
  const char* workload = json_text(request, "workload");
  const cJSON* jobs = json_field(request, "jobs");
  const cJSON* port_fact = json_field(json_field(request, "facts"), "port");
  const char* why = "it has neither jobs nor is it echo: this program cannot do this workload";
  int64_t port;
  if (session != NULL) {
    refuse("open: it is open");
    return;
  }
  if (cJSON_IsObject(jobs)) {
    session = jobs_open(&loop, jobs, &why);
  } else if (workload != NULL && is_echo(workload)) {
    if (whole_number(port_fact, 1, &port) && port < 65536) {
      session = echo_open(&loop, (int)port, &why);
    } else {
      why = "open: facts have no port";
    }
  }
  if (session == NULL) {
    refuse(why);
    return;
  }
  session->on_failure = on_failure;
  session_verify(session, on_verified, NULL);
}

// ── Reset: what was measured until now was the warm-up ──

static void reset(void) {
  const HarnessCost cost = harness_cost(session->times_jobs);
  cJSON* harness = must_have(cJSON_CreateObject());
  add(harness, "sampleUs", cost.sample_us);
  add(harness, "jobUs", cost.job_us);
  cJSON* object = answer_to("reset");
  json_add(object, "harness", harness);
  measures_reset(&measures);
  answer(object);
}

// ── Slice ──

static void on_slice_begin(void* context) {
  (void)context;
  done_before = session->done;
  session->latency = &measures.latency;
  cpu = (Cpu){0};
  cpu_jobs = 0;
  measures_begin(&measures);
}

// Called once when the slice begins to count, and once when it ends.
static void on_count(void* context) {
  (void)context;
  const Cpu now = cpu_now();
  cpu = (Cpu){now.user_us - cpu.user_us, now.system_us - cpu.system_us};
  cpu_jobs = session->done - cpu_jobs;
}

static void on_slice_end(void* context) {
  (void)context;
  measures_end(&measures);
  session->latency = NULL;
  samples_sort(&samples);
  cJSON* each = must_have(cJSON_CreateArray());
  for (size_t i = 0; i < samples.count; i++) {
    json_append(each, cJSON_CreateNumber(samples.per_job_ms[i]));
  }
  cJSON* object = answer_to("slice");
  add(object, "jobs", (double)samples.jobs);
  add(object, "ms", ms_of(samples.spent));
  add(object, "allJobs", (double)(session->done - done_before));
  add(object, "cpuJobs", (double)cpu_jobs);
  add(object, "cpuUserUs", cpu.user_us);
  add(object, "cpuSystemUs", cpu.system_us);
  json_add(object, "samplesMs", each);
  samples_free(&samples);
  answer(object);
}

static void slice(const cJSON* request) {
  const cJSON* load = json_field(request, "load");
  double ms;
  int64_t batch;
  if (load != NULL && !cJSON_IsNull(load)) {
    refuse("slice: this program has no open loop");
    return;
  }
  if (!number(request, "ms", &ms) || !whole_number(json_field(request, "batch"), 1, &batch)) {
    refuse("slice takes ms and a batch of 1 or more");
    return;
  }
  samples = (Samples){.session = session,
                      .ns = ns_of(ms),
                      .batch = (uint64_t)batch,
                      .begin = on_slice_begin,
                      .count_jobs = on_count,
                      .end = on_slice_end};
  samples_take(&samples);
}

// ── Close ──

static void note_left(const char* text) { json_append(left, cJSON_CreateString(text)); }

static void note_handle(uv_handle_t* handle, void* context) {
  (void)context;
  if (uv_is_closing(handle) || handle == (uv_handle_t*)&input || handle == (uv_handle_t*)&more ||
      handle == (uv_handle_t*)&measures.beat)
    return;
  char text[64];
  snprintf(text, sizeof text, "a handle of libuv is open: %s",
           uv_handle_type_name(uv_handle_get_type(handle)));
  note_left(text);
}

// Ends the loop when the last handle has closed; `main` answers then.
static void on_closed(void* context) {
  (void)context;
  uv_walk(&loop, note_handle, NULL);
  uv_close((uv_handle_t*)&input, NULL);
  uv_close((uv_handle_t*)&more, NULL);
  measures_close(&measures);
}

static void close_all(void) {
  left = must_have(cJSON_CreateArray());
  measured = measures_json(&measures);
  if (session == NULL) {
    on_closed(NULL);
    return;
  }
  if (session->failed) note_left(session->message);
  session_close(session, on_closed, NULL);
}

// ── Requests ──

static void handle(const char* line) {
  cJSON* request = cJSON_Parse(line);
  const char* what = json_text(request, "do");
  busy = true;
  if (what == NULL) refuse("this is no request");
  else if (strcmp(what, "close") == 0) close_all();
  else if (strcmp(what, "open") == 0) open_session(request);
  else if (strcmp(what, "trace") == 0) refuse("trace: this program cannot do that");
  else if (strcmp(what, "profile") == 0) refuse("profile: this program cannot do that");
  else if (session == NULL) refuse("it is not open");
  else if (strcmp(what, "reset") == 0) reset();
  else if (strcmp(what, "slice") == 0) slice(request);
  else refuse("this is no request that it knows");
  cJSON_Delete(request);
}

static void serve_next(void) {
  if (busy) return;
  const char* line = lines_next(&requests);
  if (line != NULL) handle(line);
}

// Not where the last answer was given: that may be deep in a callback of something that the next
// request frees.
static void on_more(uv_idle_t* idle) {
  must(uv_idle_stop(idle), "uv_idle_stop");
  serve_next();
}

static void allocate(uv_handle_t* stream, size_t suggested, uv_buf_t* buffer) {
  (void)stream, (void)suggested;
  *buffer = lines_room(&requests);
}

static void on_input(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  (void)stream, (void)buffer;
  if (length < 0) exit(0);  // the harness is gone
  lines_came(&requests, (size_t)length);
  serve_next();
}

int main(void) {
  process_began = start_time();
  // The harness decides when we end, and a write that nobody reads must return an error.
  if (signal(SIGINT, SIG_IGN) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
    fatal("signal", strerror(errno));
  }
  must(uv_loop_init(&loop), "uv_loop_init");
  must(uv_idle_init(&loop, &more), "uv_idle_init");
  measures_open(&measures, &loop);
  must(uv_pipe_init(&loop, &input, 0), "uv_pipe_init");
  must(uv_pipe_open(&input, STDIN_FILENO), "uv_pipe_open");
  must(uv_read_start((uv_stream_t*)&input, allocate, on_input), "uv_read_start");
  must(uv_run(&loop, UV_RUN_DEFAULT), "uv_run");

  must(uv_loop_close(&loop), "uv_loop_close");
  if (session != NULL) session->kind->free(session);
  lines_free(&requests);
  cJSON* object = answer_to("close");
  json_add(object, "left", left);
  json_add(object, "measures", measured);
  say(object);
  return 0;
}
