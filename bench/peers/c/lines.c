#include "lines.h"

enum { kRoom = 4096 };

uv_buf_t lines_room(Lines* lines) {
  if (lines->taken > 0) {
    lines->length -= lines->taken;
    lines->scanned -= lines->taken;
    if (lines->length > 0) memmove(lines->text, lines->text + lines->taken, lines->length);
    lines->taken = 0;
  }
  if (lines->room - lines->length < kRoom) {
    lines->room = lines->room * 2 + kRoom;
    lines->text = must_have(realloc(lines->text, lines->room));
  }
  return uv_buf_init(lines->text + lines->length, (unsigned)(lines->room - lines->length));
}

void lines_came(Lines* lines, size_t length) { lines->length += length; }

char* lines_next(Lines* lines) {
  if (lines->scanned == lines->length) return NULL;
  char* from = lines->text + lines->scanned;
  char* end = memchr(from, '\n', lines->length - lines->scanned);
  if (end == NULL) {
    lines->scanned = lines->length;
    return NULL;
  }
  *end = '\0';
  char* line = lines->text + lines->taken;
  lines->taken = lines->scanned = (size_t)(end - lines->text) + 1;
  return line;
}

void lines_free(Lines* lines) {
  free(lines->text);
  *lines = (Lines){0};
}

typedef struct {
  uv_write_t request;
  char* text;
} Sending;

static void sent(uv_write_t* request, int status) {
  (void)status;
  Sending* sending = (Sending*)request;
  cJSON_free(sending->text);
  free(sending);
}

int send_line(uv_stream_t* stream, cJSON* message) {
  Sending* sending = must_have(malloc(sizeof *sending));
  sending->text = must_have(cJSON_PrintUnformatted(message));
  cJSON_Delete(message);
  static char end[] = "\n";  // static: it may be written after we have returned
  uv_buf_t parts[] = {uv_buf_init(sending->text, (unsigned)strlen(sending->text)),
                      uv_buf_init(end, 1)};
  const int status = uv_write(&sending->request, stream, parts, 2, sent);
  if (status < 0) sent(&sending->request, status);
  return status;
}
