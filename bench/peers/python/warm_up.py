"""Works in windows until the rate has stopped rising: see docs/protocol.md, "The warm-up"."""

from time import perf_counter
from typing import NamedTuple

from sessions import Session

# What still counts as noise, and how many windows in a row without more than that are enough.
RISE = 1.05
FLAT_WINDOWS = 2
# A batch may grow to this many jobs: for work that takes no time.
MOST_JOBS = 1 << 20


class WarmUp(NamedTuple):
    jobs_per_ms: float  # the best window's
    ms: float
    flat: bool


async def warm_up(
    session: Session, *, window_ms: float, least_ms: float, most_ms: float, sample_ms: float
) -> WarmUp:
    began = _now_ms()
    batch = 1
    best = 0.0
    flat_for = 0
    while True:
        start = now = _now_ms()
        before = session.done
        while now - start < window_ms:
            batch_began = now
            await session.batch(batch)
            now = _now_ms()
            if now - batch_began < sample_ms and batch < MOST_JOBS:
                batch *= 2
        rate = (session.done - before) / (now - start)
        # Beside the best so far and not the last one: after a single slow window the next would
        # look like progress.
        flat_for = flat_for + 1 if rate <= best * RISE else 0
        best = max(best, rate)
        flat = flat_for >= FLAT_WINDOWS and now - began >= least_ms
        if flat or now - began >= most_ms:
            await session.rest()
            return WarmUp(best, now - began, flat)


def _now_ms() -> float:
    return perf_counter() * 1000
