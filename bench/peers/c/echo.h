// `echo` (io): a TCP echo server, driven by a peer in a process of its own. A job is one message
// there and back, which only the peer sees:
//
//   serve ─── { serve, port } ──────────▶ peer      open until the peer has had enough
//   control ─ { open, services: 1, … } ─▶ peer      connects to that port, ten times
//   batch ─── { keep: n } ──────────────▶           messages, with a report after n of them or more
//         ◀── { done: n } { done: n } …
//   rest ──── { rest: true } ───────────▶           until none is under way
//         ◀── { done: m, latency }                  the m that were not reported yet
#ifndef PEER_ECHO_H_
#define PEER_ECHO_H_

#include "session.h"

// `port` is the peer's, on 127.0.0.1. Returns NULL and the reason if it cannot listen.
Session* echo_open(uv_loop_t* loop, int port, const char** why);

#endif
