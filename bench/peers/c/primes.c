// `primes` (cpu): sieve of Eratosthenes over a segment. A job counts and sums the primes of a range
// of numbers.
#include "jobs.h"

#include <inttypes.h>

typedef struct {
  int64_t from;
  int64_t length;
} Segment;

// One array for all jobs, which use it one after the other. It grows when a segment is longer.
static uint8_t* composite;
static int64_t room;

static void make_room(int64_t length) {
  if (length <= room) return;
  free(composite);
  composite = must_have(malloc((size_t)length));
  room = length;
}

static void start(Lane* lane, const void* input) {
  const Segment* segment = input;
  const int64_t from = segment->from;
  const int64_t length = segment->length;
  make_room(length);
  if (length > 0) memset(composite, 0, (size_t)length);
  const int64_t end = from + length;
  for (int64_t p = 2; p * p < end; p++) {
    // Also for a p that is no prime: its multiples are composite all the same.
    if (p > 3 && (p % 2 == 0 || p % 3 == 0)) continue;
    const int64_t reached = (from + p - 1) / p * p;
    const int64_t first = p * p > reached ? p * p : reached;
    for (int64_t at = first - from; at < length; at += p) composite[at] = 1;
  }
  int64_t count = 0;
  int64_t sum = 0;
  for (int64_t at = from < 2 ? 2 - from : 0; at < length; at++) {
    if (composite[at] == 1) continue;
    count++;
    sum += from + at;
  }
  snprintf(lane->result, kResult, "%" PRId64 " primes, sum %" PRId64, count, sum);
  lane_done(lane);
}

static void* read_input(uv_loop_t* loop, const cJSON* json) {
  (void)loop;
  Segment segment;
  if (!whole_number(json_field(json, "from"), 0, &segment.from)) return NULL;
  if (!whole_number(json_field(json, "length"), 0, &segment.length)) return NULL;
  Segment* input = must_have(malloc(sizeof *input));
  *input = segment;
  return input;
}

static Lane* open_lane(uv_loop_t* loop) {
  (void)loop;
  return must_have(calloc(1, sizeof(Lane)));
}

static void close_lane(Lane* lane) { free(lane); }

static void shut(void) {
  free(composite);
  composite = NULL;
  room = 0;
}

const JobKind sieve = {.name = "sieve",
                       .takes = "a sieve takes { from, length }, whole numbers from 0",
                       .read_input = read_input,
                       .free_input = free,
                       .open = open_lane,
                       .start = start,
                       .close = close_lane,
                       .shut = shut};
