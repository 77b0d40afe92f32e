// JSON over streams, one object per line: standard input, and the connections to the peer of
// `echo`.
#ifndef PEER_LINES_H_
#define PEER_LINES_H_

#include "base.h"

// Bytes that have arrived and were not taken yet.
typedef struct {
  char* text;
  size_t length;
  size_t room;
  size_t taken;    // lines before this were handed out
  size_t scanned;  // there is no end of a line between `taken` and this
} Lines;

// Where to read the next bytes to. Lines that were handed out are invalid after this.
uv_buf_t lines_room(Lines* lines);
void lines_came(Lines* lines, size_t length);
// The next line without its end, or NULL.
char* lines_next(Lines* lines);
void lines_free(Lines* lines);

// Sends `message`, deletes it, and returns whether writing could begin. A later error closes the
// connection, and its reader notices that.
int send_line(uv_stream_t* stream, cJSON* message);

#endif
