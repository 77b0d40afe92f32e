// GET over HTTP/1.1, with a pool of kept connections per origin:
//
//             ┌─ idle ─┐ the one used last      ask ─▶ answer read to its end ─▶ idle, or the next
//   fetch ──▶ │  or    │ ─────────────────────▶     └─▶ anything else ─▶ closed
//             └─ a new ┘ or, with 256 of them, wait for one
#ifndef PEER_HTTP_CLIENT_H_
#define PEER_HTTP_CLIENT_H_

#include "base.h"

typedef struct Origin Origin;
typedef struct Connection Connection;
typedef struct Fetch Fetch;

struct Fetch {
  void (*done)(Fetch* fetch);  // `status` and `body` are there, or an `error`
  void* context;

  unsigned status;
  char* body;  // grown as needed, and kept for the next request
  size_t length;
  size_t room;
  char error[160];  // empty unless it failed

  // The client's own.
  Origin* origin;
  Fetch* next_waiting;
  char request[256];
  bool again;
};

// Parses `http://` and an IPv4 address with a port. NULL if the text is not of this form.
Origin* http_origin(uv_loop_t* loop, const char* text);
// Requests `path`, and calls `done` later, or now if it fails at once.
void http_get(Fetch* fetch, Origin* origin, const char* path);
// Closes all connections and forgets all origins; requests under way get no call.
void http_shut(void);

#endif
