#include "http_client.h"

#include <http_parser.h>

enum { kMost = 256, kReadRoom = 64 * 1024, kHost = 32 };

struct Connection {
  uv_tcp_t tcp;
  uv_connect_t connect;
  uv_write_t write;
  http_parser parser;
  Origin* origin;
  Fetch* fetch;    // under way on it
  bool used;       // it has answered before
  bool writing;    // for what could not be written at once
  bool heard;      // bytes of this answer have arrived
  bool complete;   // this answer is complete
  bool keep;
};

struct Origin {
  Origin* next;
  uv_loop_t* loop;
  struct sockaddr_in address;
  char host[kHost];
  Connection* all[kMost];
  unsigned count;
  Connection* idle[kMost];
  unsigned idle_count;
  Fetch* first_waiting;
  Fetch* last_waiting;
};

static Origin* origins;

// One for all connections: its content has gone through the parser before the next read.
static char read_room[kReadRoom];

static void use(Connection* connection, Fetch* fetch);
static void open_connection(Fetch* fetch);
static void broke(Connection* connection, const char* why);

// ── The pool ──

static void remove_from(Connection** list, unsigned* count, const Connection* connection) {
  for (unsigned i = 0; i < *count; i++) {
    if (list[i] != connection) continue;
    memmove(list + i, list + i + 1, (--*count - i) * sizeof *list);
    return;
  }
}

static void closed(uv_handle_t* handle) { free(handle->data); }

static void close_connection(Connection* connection) {
  Origin* origin = connection->origin;
  remove_from(origin->all, &origin->count, connection);
  remove_from(origin->idle, &origin->idle_count, connection);
  uv_close((uv_handle_t*)&connection->tcp, closed);
}

static Fetch* take_waiting(Origin* origin) {
  Fetch* fetch = origin->first_waiting;
  if (fetch != NULL) origin->first_waiting = fetch->next_waiting;
  return fetch;
}

static void fetch_done(Fetch* fetch, const char* error) {
  snprintf(fetch->error, sizeof fetch->error, "%s", error);
  fetch->done(fetch);
}

// The answer is complete.
static void finish(Connection* connection, bool reusable) {
  Origin* origin = connection->origin;
  Fetch* fetch = connection->fetch;
  connection->fetch = NULL;
  connection->used = true;
  Fetch* waiting = take_waiting(origin);
  if (!reusable) {
    close_connection(connection);
    if (waiting != NULL) open_connection(waiting);
  } else if (waiting != NULL) {
    use(connection, waiting);
  } else {
    origin->idle[origin->idle_count++] = connection;
  }
  fetch_done(fetch, "");
}

// No answer will come on this connection.
static void broke(Connection* connection, const char* why) {
  Origin* origin = connection->origin;
  Fetch* fetch = connection->fetch;
  // The server may have closed the connection in the very moment of its use.
  const bool again = connection->used && !connection->heard;
  connection->fetch = NULL;
  close_connection(connection);
  if (fetch == NULL) return;
  if (again && !fetch->again) {
    fetch->again = true;
    open_connection(fetch);
    return;
  }
  Fetch* waiting = take_waiting(origin);
  if (waiting != NULL) open_connection(waiting);
  fetch_done(fetch, why);
}

// ── An answer ──

static int on_message_begin(http_parser* parser) {
  const Connection* connection = parser->data;
  return connection->complete;  // nobody asked for a second one
}

static int on_body(http_parser* parser, const char* at, size_t length) {
  Fetch* fetch = ((Connection*)parser->data)->fetch;
  if (fetch->room - fetch->length < length) {
    fetch->room = 2 * fetch->room + length;
    fetch->body = must_have(realloc(fetch->body, fetch->room));
  }
  memcpy(fetch->body + fetch->length, at, length);
  fetch->length += length;
  return 0;
}

static int on_message_complete(http_parser* parser) {
  Connection* connection = parser->data;
  if (parser->status_code / 100 == 1 && parser->status_code != 101) return 0;  // an announcement only
  connection->complete = true;
  connection->keep = http_should_keep_alive(parser);
  connection->fetch->status = parser->status_code;
  return 0;
}

static const http_parser_settings kSettings = {.on_message_begin = on_message_begin,
                                               .on_body = on_body,
                                               .on_message_complete = on_message_complete};

static void allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  (void)handle, (void)suggested;
  *buffer = uv_buf_init(read_room, kReadRoom);
}

static void on_read(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  Connection* connection = stream->data;
  if (length == 0) return;
  if (connection->fetch == NULL) {  // closed by the server, or it sent what nobody asked for
    close_connection(connection);
    return;
  }
  if (length < 0 && length != UV_EOF) {
    broke(connection, uv_strerror((int)length));
    return;
  }
  // Without a length, the end of the connection ends the body: the parser must know it.
  const size_t size = length == UV_EOF ? 0 : (size_t)length;
  if (size > 0) connection->heard = true;
  http_parser_execute(&connection->parser, &kSettings, buffer->base, size);
  const enum http_errno error = HTTP_PARSER_ERRNO(&connection->parser);
  if (connection->complete) {
    finish(connection, size > 0 && error == HPE_OK && connection->keep && !connection->writing);
  } else if (error != HPE_OK) {
    broke(connection, http_errno_description(error));
  } else if (size == 0) {
    broke(connection, "the server closed the connection");
  }
}

// ── A request ──

static void on_written(uv_write_t* write, int status) {
  Connection* connection = write->data;
  if (uv_is_closing((uv_handle_t*)&connection->tcp)) return;
  connection->writing = false;
  if (status < 0) broke(connection, uv_strerror(status));
}

// Writes the request on an open connection.
static void ask(Connection* connection) {
  Fetch* fetch = connection->fetch;
  uv_stream_t* stream = (uv_stream_t*)&connection->tcp;
  uv_buf_t rest = uv_buf_init(fetch->request, (unsigned)strlen(fetch->request));
  int status = uv_try_write(stream, &rest, 1);
  if (status == UV_EAGAIN) status = 0;
  if (status >= 0 && (unsigned)status < rest.len) {
    rest.base += status;
    rest.len -= (size_t)status;
    connection->writing = true;
    connection->write.data = connection;
    status = uv_write(&connection->write, stream, &rest, 1, on_written);
  }
  if (status < 0) broke(connection, uv_strerror(status));
}

static void use(Connection* connection, Fetch* fetch) {
  connection->fetch = fetch;
  connection->heard = connection->complete = false;
  fetch->length = 0;
  ask(connection);
}

static void on_connect(uv_connect_t* connect, int status) {
  Connection* connection = connect->data;
  if (uv_is_closing((uv_handle_t*)&connection->tcp)) return;
  if (status == 0) status = uv_tcp_nodelay(&connection->tcp, 1);
  if (status == 0) status = uv_read_start((uv_stream_t*)&connection->tcp, allocate, on_read);
  if (status < 0) broke(connection, uv_strerror(status));
  else use(connection, connection->fetch);
}

static void open_connection(Fetch* fetch) {
  Origin* origin = fetch->origin;
  Connection* connection = must_have(calloc(1, sizeof *connection));
  must(uv_tcp_init(origin->loop, &connection->tcp), "uv_tcp_init");
  connection->tcp.data = connection->connect.data = connection->parser.data = connection;
  connection->origin = origin;
  connection->fetch = fetch;
  http_parser_init(&connection->parser, HTTP_RESPONSE);
  origin->all[origin->count++] = connection;
  const struct sockaddr* address = (const struct sockaddr*)&origin->address;
  const int status = uv_tcp_connect(&connection->connect, &connection->tcp, address, on_connect);
  if (status < 0) broke(connection, uv_strerror(status));
}

void http_get(Fetch* fetch, Origin* origin, const char* path) {
  fetch->origin = origin;
  fetch->next_waiting = NULL;
  fetch->again = false;
  const int length = snprintf(fetch->request, sizeof fetch->request,
                              "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, origin->host);
  if ((size_t)length >= sizeof fetch->request) {
    fetch_done(fetch, "the path is too long");
  } else if (origin->idle_count > 0) {
    use(origin->idle[--origin->idle_count], fetch);
  } else if (origin->count < kMost) {
    open_connection(fetch);
  } else {
    if (origin->first_waiting == NULL) origin->first_waiting = fetch;
    else origin->last_waiting->next_waiting = fetch;
    origin->last_waiting = fetch;
  }
}

// ── Origins ──

Origin* http_origin(uv_loop_t* loop, const char* text) {
  char host[kHost] = "", ip[kHost] = "";
  int end = 0;
  unsigned port = 0;
  struct sockaddr_in address;
  if (text == NULL || sscanf(text, "http://%31[0-9.:]%n", host, &end) != 1) return NULL;
  if (text[end] != '\0' || sscanf(host, "%31[0-9.]:%5u%n", ip, &port, &end) != 2) return NULL;
  if (host[end] != '\0' || port > 65535 || uv_ip4_addr(ip, (int)port, &address) < 0) return NULL;
  for (Origin* known = origins; known != NULL; known = known->next) {
    if (strcmp(known->host, host) == 0) return known;
  }
  Origin* origin = must_have(calloc(1, sizeof *origin));
  memcpy(origin->host, host, sizeof host);
  origin->address = address;
  origin->loop = loop;
  origin->next = origins;
  origins = origin;
  return origin;
}

void http_shut(void) {
  while (origins != NULL) {
    Origin* origin = origins;
    origins = origin->next;
    while (origin->count > 0) close_connection(origin->all[origin->count - 1]);
    free(origin);
  }
}
