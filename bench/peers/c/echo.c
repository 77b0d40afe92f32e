#include "echo.h"

#include <unistd.h>

#include "echo_server.h"
#include "lines.h"

enum { kConnections = 10, kSample = 50 };

typedef struct Echo Echo;

// A connection to the peer.
typedef struct {
  uv_tcp_t tcp;
  uv_connect_t connect;
  bool open;
} Talk;

struct Echo {
  Session base;
  EchoServer* server;
  struct sockaddr_in peer;
  char name[64];
  Talk serve;
  Talk control;
  Lines said;     // on the control connection
  uint64_t keep;  // the peer reports after this many messages; 0 at rest
  bool resting;
};

static void lost(Echo* echo, const char* which, int status) {
  session_fail(&echo->base, "PeerError", "the %s connection to the peer: %s", which,
               uv_strerror(status));
}

static void send_control(Echo* echo, cJSON* message) {
  const int status = send_line((uv_stream_t*)&echo->control.tcp, message);
  if (status < 0) lost(echo, "control", status);
}

static void send_number(Echo* echo, const char* key, uint64_t number) {
  cJSON* message = must_have(cJSON_CreateObject());
  json_add(message, key, cJSON_CreateNumber((double)number));
  send_control(echo, message);
}

// ── What the peer says ──

static void on_done(Echo* echo, const cJSON* message) {
  int64_t done;
  if (!whole_number(json_field(message, "done"), 0, &done)) {
    session_fail(&echo->base, "PeerError", "the peer said something unknown");
    return;
  }
  if (!echo->resting) {
    session_count(&echo->base, (uint64_t)done);
    return;
  }
  echo->base.done += (uint64_t)done;
  const cJSON* latency = json_field(message, "latency");
  if (latency == NULL) return;
  echo->resting = false;
  if (echo->base.latency != NULL && !histogram_add(echo->base.latency, latency)) {
    session_fail(&echo->base, "PeerError", "the peer's latencies are no counts");
    return;
  }
  session_tell(&echo->base);
}

static void on_message(Echo* echo, const cJSON* message) {
  const cJSON* error = json_field(message, "error");
  const char* digest = json_text(message, "digest");
  if (error != NULL) {
    const char* text = cJSON_GetStringValue(error);
    session_fail(&echo->base, "PeerError", "the peer: %s", text != NULL ? text : "no reason given");
  } else if (json_field(message, "opened") != NULL) {
    send_number(echo, "sample", kSample);
  } else if (digest != NULL) {
    snprintf(echo->base.digest, sizeof echo->base.digest, "%s", digest);
    echo->base.first_done = uv_hrtime();
    session_tell(&echo->base);
  } else {
    on_done(echo, message);
  }
}

static void control_room(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  (void)suggested;
  *buffer = lines_room(&((Echo*)handle->data)->said);
}

static void on_control(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  (void)buffer;
  Echo* echo = stream->data;
  if (length < 0) {
    uv_read_stop(stream);
    lost(echo, "control", (int)length);
    return;
  }
  lines_came(&echo->said, (size_t)length);
  for (char* line; (line = lines_next(&echo->said)) != NULL;) {
    cJSON* message = cJSON_Parse(line);
    if (message == NULL) session_fail(&echo->base, "PeerError", "the peer sent what is no JSON");
    else on_message(echo, message);
    cJSON_Delete(message);
  }
}

// ── Connecting ──

static void close_talk(Talk* talk) {
  if (talk->open) uv_close((uv_handle_t*)&talk->tcp, NULL);
  talk->open = false;
}

static void connect_talk(Echo* echo, Talk* talk, uv_connect_cb then) {
  must(uv_tcp_init(echo->server->listener.loop, &talk->tcp), "uv_tcp_init");
  talk->tcp.data = echo;
  talk->open = true;
  const struct sockaddr* address = (const struct sockaddr*)&echo->peer;
  const int status = uv_tcp_connect(&talk->connect, &talk->tcp, address, then);
  if (status < 0) lost(echo, talk == &echo->serve ? "serve" : "control", status);
}

static void end_serving(Echo* echo) {
  close_talk(&echo->serve);
  echo_server_close(echo->server);
  session_tell(&echo->base);
}

static void serve_room(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  static char ignored[64];
  (void)handle, (void)suggested;
  *buffer = uv_buf_init(ignored, sizeof ignored);
}

// Nothing is sent on this connection: only its end matters.
static void on_serve(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  (void)buffer;
  Echo* echo = stream->data;
  if (length >= 0) return;
  uv_read_stop(stream);
  if (echo->base.closing) end_serving(echo);
  else lost(echo, "serve", (int)length);
}

static void on_control_connected(uv_connect_t* connect, int status) {
  Echo* echo = connect->handle->data;
  if (uv_is_closing((uv_handle_t*)connect->handle)) return;
  if (status == 0) status = uv_tcp_nodelay(&echo->control.tcp, 1);
  if (status == 0) status = uv_read_start(connect->handle, control_room, on_control);
  if (status < 0) {
    lost(echo, "control", status);
    return;
  }
  cJSON* message = must_have(cJSON_CreateObject());
  json_add(message, "open", cJSON_CreateString(echo->name));
  json_add(message, "services", cJSON_CreateNumber(1));
  json_add(message, "connections", cJSON_CreateNumber(kConnections));
  send_control(echo, message);
}

static void on_serve_connected(uv_connect_t* connect, int status) {
  Echo* echo = connect->handle->data;
  if (uv_is_closing((uv_handle_t*)connect->handle)) return;
  if (status == 0) status = uv_read_start(connect->handle, serve_room, on_serve);
  if (status == 0) {
    cJSON* message = must_have(cJSON_CreateObject());
    json_add(message, "serve", cJSON_CreateString(echo->name));
    json_add(message, "port", cJSON_CreateNumber(echo->server->port));
    status = send_line(connect->handle, message);
  }
  if (status < 0) lost(echo, "serve", status);
  else connect_talk(echo, &echo->control, on_control_connected);
}

// ── The session ──

static void verify(Session* base) {
  Echo* echo = (Echo*)base;
  connect_talk(echo, &echo->serve, on_serve_connected);
}

static void batch(Session* base, uint64_t jobs) {
  Echo* echo = (Echo*)base;
  base->goal = base->done + jobs;
  if (jobs == echo->keep) return;
  echo->keep = jobs;
  send_number(echo, "keep", jobs);
}

static void rest(Session* base) {
  Echo* echo = (Echo*)base;
  if (echo->keep == 0) {
    session_tell(base);
    return;
  }
  echo->keep = 0;
  echo->resting = true;
  cJSON* message = must_have(cJSON_CreateObject());
  json_add(message, "rest", cJSON_CreateTrue());
  send_control(echo, message);
}

static void close_session(Session* base) {
  Echo* echo = (Echo*)base;
  const bool peer_closes = echo->control.open && !base->failed;
  close_talk(&echo->control);
  if (!peer_closes) end_serving(echo);
}

static void free_session(Session* base) {
  Echo* echo = (Echo*)base;
  lines_free(&echo->said);
  echo_server_free(echo->server);
  free(echo);
}

static const SessionKind kEcho = {verify, batch, rest, close_session, free_session};

Session* echo_open(uv_loop_t* loop, int port, const char** why) {
  Echo* echo = must_have(calloc(1, sizeof *echo));
  echo->base = (Session){
      .kind = &kEcho, .concurrency = kConnections, .cycle = 1, .goal = UINT64_MAX};
  must(uv_ip4_addr("127.0.0.1", port, &echo->peer), "uv_ip4_addr");
  snprintf(echo->name, sizeof echo->name, "%ld-%llu", (long)getpid(),
           (unsigned long long)uv_hrtime());
  const int status = echo_server_open(loop, &echo->server);
  if (status == 0) return &echo->base;
  *why = uv_strerror(status);
  free(echo);
  return NULL;
}
