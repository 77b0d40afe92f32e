// `fetch-all` (io): a job gathers the answers of an HTTP site.
#include "http_client.h"
#include "jobs.h"

#include <inttypes.h>
#include <openssl/evp.h>

typedef struct {
  Origin* origin;
  size_t count;
  int64_t items[];
} Items;

typedef struct {
  Lane lane;
  const Items* input;
  Fetch** fetches;  // made once: the space of their bodies is reused
  size_t room;
  size_t pending;
  char error[320];  // the error of the first fetch that failed
} FetchAll;

static EVP_MD* sha1;
static EVP_MD_CTX* hash;  // one for all: a hash begins and ends in one call

static void end_job(FetchAll* job) {
  if (job->error[0] != '\0') {
    lane_failed(&job->lane, "SiteError", job->error);
    return;
  }
  unsigned char bytes[kSha1];
  bool ok = EVP_DigestInit_ex(hash, sha1, NULL) == 1;
  for (size_t i = 0; i < job->input->count; i++) {
    const Fetch* fetch = job->fetches[i];
    ok = ok && (fetch->length == 0 || EVP_DigestUpdate(hash, fetch->body, fetch->length) == 1);
  }
  ok = ok && EVP_DigestFinal_ex(hash, bytes, NULL) == 1;
  if (!ok) {
    lane_failed(&job->lane, "HashError", "OpenSSL could not make a SHA-1");
    return;
  }
  char hex[2 * kSha1 + 1];
  to_hex(bytes, sizeof bytes, hex);
  snprintf(job->lane.result, kResult, "%zu answers, %s", job->input->count, hex);
  lane_done(&job->lane);
}

static void on_answer(Fetch* fetch) {
  FetchAll* job = fetch->context;
  if (job->error[0] == '\0' && fetch->error[0] != '\0') {
    snprintf(job->error, sizeof job->error, "GET: %s", fetch->error);
  } else if (job->error[0] == '\0' && fetch->status != 200) {
    snprintf(job->error, sizeof job->error, "the site answered %u", fetch->status);
  }
  if (--job->pending == 0) end_job(job);
}

static void make_room(FetchAll* job, size_t count) {
  if (count <= job->room) return;
  job->fetches = must_have(realloc(job->fetches, count * sizeof *job->fetches));
  for (; job->room < count; job->room++) {
    Fetch* fetch = must_have(calloc(1, sizeof *fetch));
    fetch->done = on_answer;
    fetch->context = job;
    job->fetches[job->room] = fetch;
  }
}

static void start(Lane* lane, const void* input) {
  FetchAll* job = (FetchAll*)lane;
  const Items* items = job->input = input;
  make_room(job, items->count);
  job->error[0] = '\0';
  job->pending = items->count;
  for (size_t i = 0; i < items->count; i++) {
    char path[40];
    snprintf(path, sizeof path, "/item/%" PRId64, items->items[i]);
    http_get(job->fetches[i], items->origin, path);
  }
  if (items->count == 0) end_job(job);
}

static void* read_input(uv_loop_t* loop, const cJSON* json) {
  const cJSON* list = json_field(json, "items");
  const char* text = json_text(json, "origin");
  Origin* origin = http_origin(loop, text);
  if (origin == NULL || !cJSON_IsArray(list)) return NULL;
  const size_t most = (size_t)cJSON_GetArraySize(list);
  Items* items = must_have(malloc(sizeof *items + most * sizeof items->items[0]));
  items->origin = origin;
  items->count = 0;
  const cJSON* each;
  cJSON_ArrayForEach(each, list) {
    if (!whole_number(each, 0, &items->items[items->count++])) {
      free(items);
      return NULL;
    }
  }
  return items;
}

static Lane* open_lane(uv_loop_t* loop) {
  (void)loop;
  if (sha1 == NULL) {
    sha1 = must_have(EVP_MD_fetch(NULL, "SHA1", NULL));
    hash = must_have(EVP_MD_CTX_new());
  }
  FetchAll* job = must_have(calloc(1, sizeof *job));
  return &job->lane;
}

static void close_lane(Lane* lane) {
  FetchAll* job = (FetchAll*)lane;
  for (size_t i = 0; i < job->room; i++) {
    free(job->fetches[i]->body);
    free(job->fetches[i]);
  }
  free(job->fetches);
  free(job);
}

static void shut(void) {
  http_shut();
  EVP_MD_CTX_free(hash);
  EVP_MD_free(sha1);
  hash = NULL;
  sha1 = NULL;
}

const JobKind fetch_all_items = {
    .name = "fetchAllItems",
    .takes = "fetchAllItems takes { origin: http://address:port, items: whole numbers }",
    .read_input = read_input,
    .free_input = free,
    .open = open_lane,
    .start = start,
    .close = close_lane,
    .shut = shut};
