"""When this process began, on the clock of `time.perf_counter`."""

import os
import time


def process_start() -> float:
    """In seconds; to be called early, and precise to about 1 ms then, to 10 ms in any case.

    The kernel tells the start in ticks of 10 ms. More precise is how long the process has been on
    a core or waited for one, which is told in ns: an interpreter that starts does little else. So
    that is believed as far as the ticks allow.
    """
    tick = 1 / os.sysconf("SC_CLK_TCK")
    with open("/proc/self/stat") as file:
        # The 22nd field; the second is a name in brackets, which may contain blanks.
        started = int(file.read().rpartition(")")[2].split()[19]) * tick
    try:
        with open("/proc/self/schedstat") as file:
            on_core_ns, waiting_ns, _ = map(int, file.read().split())
        busy = (on_core_ns + waiting_ns) / 1e9
    except OSError:  # a kernel without it
        busy = time.process_time()
    latest = time.clock_gettime(time.CLOCK_BOOTTIME) - started
    age = min(max(busy, latest - tick), latest)
    return time.perf_counter() - age
