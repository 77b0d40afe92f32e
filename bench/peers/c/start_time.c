#include "start_time.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

// The tick (see sysconf) in which the kernel started this process, counted from boot; 0 if unknown.
static unsigned long long start_tick(void) {
  enum { kField = 22, kFirstBehindName = 3 };  // see proc(5)
  char text[1024];
  FILE* file = fopen("/proc/self/stat", "r");
  if (file == NULL) return 0;
  const char* at = fgets(text, sizeof text, file);
  fclose(file);
  if (at != NULL) at = strrchr(text, ')');  // a name may have blanks in it
  for (int field = kFirstBehindName; at != NULL && field <= kField; field++) {
    at = strchr(at + 1, ' ');
  }
  return at == NULL ? 0 : strtoull(at, NULL, 10);
}

static uint64_t ns_on(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) fatal("clock_gettime", strerror(errno));
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// The kernel reports it in ticks of 10 ms. Until `main` a process does nothing but work (exec, the
// dynamic linker), so it began as long ago as that took of CPU time. If it had to wait for a CPU or
// a disk it began earlier, and the time is too short by that wait; but by less than 10 ms, since it
// cannot have begun after the end of its tick.
uint64_t start_time(void) {
  const uint64_t now = uv_hrtime();
  const uint64_t latest = now - ns_on(CLOCK_PROCESS_CPUTIME_ID);
  const unsigned long long tick = start_tick();
  if (tick == 0) return latest;
  const uint64_t tick_ns = 1000000000 / (uint64_t)sysconf(_SC_CLK_TCK);
  const uint64_t tick_end = now - ns_on(CLOCK_BOOTTIME) + (tick + 1) * tick_ns;
  return tick_end < latest ? tick_end : latest;
}
