#include "session.h"

#include <stdarg.h>

// Returns false if there is nothing to wait for any more.
static bool ask(Session* session, Then then, void* context) {
  session->then = then;
  session->context = context;
  if (!session->failed) return true;
  session->then = NULL;
  session->on_failure(session);
  return false;
}

void session_verify(Session* session, Then then, void* context) {
  if (ask(session, then, context)) session->kind->verify(session);
}

void session_batch(Session* session, uint64_t jobs, Then then, void* context) {
  if (ask(session, then, context)) session->kind->batch(session, jobs);
}

void session_rest(Session* session, Then then, void* context) {
  if (ask(session, then, context)) session->kind->rest(session);
}

// Also works for a session that has failed, or whose batch is under way.
void session_close(Session* session, Then then, void* context) {
  session->closing = true;
  session->goal = UINT64_MAX;
  session->latency = NULL;
  session->then = then;
  session->context = context;
  session->kind->close(session);
}

void session_tell(Session* session) {
  const Then then = session->then;
  if (then == NULL) return;
  session->then = NULL;
  then(session->context);
}

void session_fail(Session* session, const char* error, const char* format, ...) {
  if (session->failed || session->closing) return;  // the first failure counts
  va_list values;
  va_start(values, format);
  snprintf(session->error, sizeof session->error, "%s", error);
  vsnprintf(session->message, sizeof session->message, format, values);
  va_end(values);
  session->failed = true;
  session->goal = UINT64_MAX;
  if (session->then == NULL) return;  // the next caller gets the failure
  session->then = NULL;
  session->on_failure(session);
}
