#include "measures.h"

// The time between two beats, in ms.
enum { kBeat = 2 };

static unsigned bucket_of(uint64_t ns) {
  const uint64_t longest = (UINT64_C(1) << (kHalfBits + kOctaves)) - 1;
  if (ns > longest) ns = longest;
  if (ns < 2 * kHalf) return (unsigned)ns;
  const unsigned octave = 63 - (unsigned)__builtin_clzll(ns) - kHalfBits;
  return octave * kHalf + (unsigned)(ns >> octave);
}

void histogram_record(Histogram* histogram, uint64_t ns) { histogram->counts[bucket_of(ns)]++; }

bool histogram_add(Histogram* histogram, const cJSON* counts) {
  if (!cJSON_IsArray(counts)) return false;
  for (const cJSON* at = counts->child; at != NULL; at = at->next->next) {
    int64_t index, count;
    if (!whole_number(at, 0, &index) || index >= kBuckets) return false;
    if (!whole_number(at->next, 0, &count)) return false;
    histogram->counts[index] += (uint64_t)count;
  }
  return true;
}

cJSON* histogram_json(const Histogram* histogram) {
  cJSON* array = must_have(cJSON_CreateArray());
  for (unsigned i = 0; i < kBuckets; i++) {
    if (histogram->counts[i] == 0) continue;
    json_append(array, cJSON_CreateNumber(i));
    json_append(array, cJSON_CreateNumber((double)histogram->counts[i]));
  }
  return array;
}

static size_t resident(void) {
  size_t bytes;
  must(uv_resident_set_memory(&bytes), "uv_resident_set_memory");
  return bytes;
}

static uv_rusage_t usage(void) {
  uv_rusage_t now;
  must(uv_getrusage(&now), "uv_getrusage");
  return now;
}

static double micros(uv_timeval_t time) { return (double)time.tv_sec * 1e6 + (double)time.tv_usec; }

// The peak resident memory. Not ru_maxrss: exec keeps that of the process which it replaces, so it
// would be the harness's, which is larger.
static double peak_bytes(void) {
  FILE* file = fopen("/proc/self/status", "r");
  double kib = 0;
  char line[256];
  while (kib == 0 && file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "VmHWM:", 6) == 0) kib = strtod(line + 6, NULL);
  }
  if (file != NULL) fclose(file);
  return 1024 * (kib > 0 ? kib : (double)usage().ru_maxrss);
}

void measures_open(Measures* measures, uv_loop_t* loop) {
  *measures = (Measures){0};
  measures->resident = resident();
  must(uv_timer_init(loop, &measures->beat), "uv_timer_init");
  measures->beat.data = measures;
}

void measures_reset(Measures* measures) {
  measures->latency = (Histogram){0};
  measures->lag = (Histogram){0};
  measures->voluntary = measures->involuntary = 0;
  measures->resident = resident();
}

// Counts the beat that is due, late by what has passed until `now` (ns).
static void count_beat(Measures* measures, uint64_t now) {
  const uint64_t due = measures->due_ms * 1000000;
  histogram_record(&measures->lag, now > due ? now - due : 0);
  measures->due_ms += kBeat;
}

static void on_beat(uv_timer_t* beat);

static void next_beat(Measures* measures) {
  const uint64_t now = uv_now(measures->beat.loop);
  const uint64_t ms = measures->due_ms > now ? measures->due_ms - now : 0;
  must(uv_timer_start(&measures->beat, on_beat, ms, 0), "uv_timer_start");
}

// If the loop was held for longer than the time between two beats, each delayed beat counts with
// its own delay.
static void on_beat(uv_timer_t* beat) {
  Measures* measures = beat->data;
  const uint64_t now = uv_hrtime();
  do count_beat(measures, now);
  while (measures->due_ms * 1000000 <= now);
  next_beat(measures);
}

void measures_begin(Measures* measures) {
  // A timer is due on the loop's clock, which has whole ms and otherwise equals uv_hrtime.
  uv_update_time(measures->beat.loop);
  measures->due_ms = uv_now(measures->beat.loop) + kBeat;
  next_beat(measures);
  measures->usage = usage();
}

void measures_end(Measures* measures) {
  const uv_rusage_t before = measures->usage;
  const uv_rusage_t after = usage();
  const uint64_t now = uv_hrtime();
  measures_stop(measures);
  while (measures->due_ms * 1000000 <= now) count_beat(measures, now);
  measures->voluntary += after.ru_nvcsw - before.ru_nvcsw;
  measures->involuntary += after.ru_nivcsw - before.ru_nivcsw;
}

Cpu cpu_now(void) {
  const uv_rusage_t now = usage();
  return (Cpu){.user_us = micros(now.ru_utime), .system_us = micros(now.ru_stime)};
}

void measures_stop(Measures* measures) { must(uv_timer_stop(&measures->beat), "uv_timer_stop"); }

cJSON* measures_json(const Measures* measures) {
  const double now = (double)resident();
  const double before = (double)measures->resident;
  cJSON* memory = must_have(cJSON_CreateObject());
  json_add(memory, "peakBytes", cJSON_CreateNumber(peak_bytes()));
  json_add(memory, "growthBytes", cJSON_CreateNumber(now - before));
  cJSON* gc = must_have(cJSON_CreateObject());  // there is no collector
  json_add(gc, "count", cJSON_CreateNumber(0));
  json_add(gc, "ms", cJSON_CreateNumber(0));
  cJSON* switches = must_have(cJSON_CreateObject());
  json_add(switches, "voluntary", cJSON_CreateNumber((double)measures->voluntary));
  json_add(switches, "involuntary", cJSON_CreateNumber((double)measures->involuntary));
  cJSON* json = must_have(cJSON_CreateObject());
  json_add(json, "latency", histogram_json(&measures->latency));
  json_add(json, "lag", histogram_json(&measures->lag));
  json_add(json, "memory", memory);
  json_add(json, "gc", gc);
  json_add(json, "switches", switches);
  return json;
}

void measures_close(Measures* measures) { uv_close((uv_handle_t*)&measures->beat, NULL); }
