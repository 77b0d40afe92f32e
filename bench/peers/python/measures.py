"""What a contestant measures about itself while its slices run, beside the time they take."""

import asyncio
import gc
import os
import resource
from time import perf_counter_ns
from typing import Any

from histogram import Histogram

BEAT_NS = 2_000_000


class SliceMeasures:
    """All of it is off between slices, so that warm-up, waiting and the harness do not count."""

    def __init__(self) -> None:
        # For the last slice, between its untimed start and its last sample.
        self.cpu_jobs = 0
        self.cpu_user_us = 0
        self.cpu_system_us = 0
        self._loop = asyncio.get_running_loop()
        self._lag = Histogram()
        self._gc_count = 0
        self._gc_ns = 0
        self._gc_began = 0
        self._voluntary = 0
        self._involuntary = 0
        self._resident_before = _resident_bytes()
        # When the next beat is due, and the timer that waits for it.
        self._due = 0
        self._timer: asyncio.Handle | None = None
        self._usage = resource.getrusage(resource.RUSAGE_SELF)
        self._counted_from = (0, self._usage)

    def begin(self) -> None:
        gc.callbacks.append(self._on_gc)
        self._due = perf_counter_ns() + BEAT_NS
        self._wait_for_beat()
        self._usage = resource.getrusage(resource.RUSAGE_SELF)

    def count_from(self, done: int) -> None:
        self._counted_from = (done, resource.getrusage(resource.RUSAGE_SELF))

    def count_to(self, done: int) -> None:
        done_before, before = self._counted_from
        after = resource.getrusage(resource.RUSAGE_SELF)
        self.cpu_jobs = done - done_before
        self.cpu_user_us = round((after.ru_utime - before.ru_utime) * 1e6)
        self.cpu_system_us = round((after.ru_stime - before.ru_stime) * 1e6)

    def end(self) -> None:
        before, after = self._usage, resource.getrusage(resource.RUSAGE_SELF)
        self._voluntary += after.ru_nvcsw - before.ru_nvcsw
        self._involuntary += after.ru_nivcsw - before.ru_nivcsw
        if self._timer is not None:
            self._timer.cancel()
        self._count_late_beats(perf_counter_ns())
        gc.callbacks.remove(self._on_gc)

    def all(self) -> dict[str, Any]:
        growth = _resident_bytes() - self._resident_before
        return {
            "lag": self._lag.counts(),
            "memory": {"peakBytes": _peak_bytes(), "growthBytes": growth},
            "gc": {"count": self._gc_count, "ms": self._gc_ns / 1e6},
            "switches": {"voluntary": self._voluntary, "involuntary": self._involuntary},
        }

    def _wait_for_beat(self) -> None:
        # By the true clock and with a delay: uvloop's clock stands still for the length of a turn.
        delay = (self._due - perf_counter_ns()) / 1e9
        self._timer = self._loop.call_later(delay, self._beat)

    def _beat(self) -> None:
        """Counts the beat; and those that were kept waiting by the same stall, each with its delay.

        Else the long stalls, which are what is looked for, would count least.
        """
        now = perf_counter_ns()
        if self._due > now:  # libuv's timers have whole ms: this one came early
            self._lag.record(0)
            self._due += BEAT_NS
        self._count_late_beats(now)
        self._wait_for_beat()

    def _count_late_beats(self, now: int) -> None:
        while self._due <= now:
            self._lag.record(now - self._due)
            self._due += BEAT_NS

    def _on_gc(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._gc_began = perf_counter_ns()
        else:
            self._gc_count += 1
            self._gc_ns += perf_counter_ns() - self._gc_began


def _resident_bytes() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def _peak_bytes() -> int:
    """Not `ru_maxrss`: the kernel hands that on from who started a process, here the harness."""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
