// JSON over streams, one object a line: standard input, and the connections to the peer of `echo`.
#ifndef PEER_LINES_H_
#define PEER_LINES_H_

#include "base.h"

// What has come and was not taken yet.
typedef struct {
  char* text;
  size_t length;
  size_t room;
  size_t taken;    // lines before this were handed out
  size_t scanned;  // there is no end of a line between `taken` and this
} Lines;

// Where to read the next bytes to; lines that were handed out are gone from then on.
uv_buf_t lines_room(Lines* lines);
void lines_came(Lines* lines, size_t length);
// The next line without its end, or NULL.
char* lines_next(Lines* lines);
void lines_free(Lines* lines);

// Sends `message`, deletes it, and tells how writing began. What fails later closes the
// connection, which its reader is told.
int send_line(uv_stream_t* stream, cJSON* message);

#endif
