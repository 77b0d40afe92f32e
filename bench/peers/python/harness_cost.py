"""What measuring costs, measured with the code that measures and jobs that do nothing."""

import asyncio
from time import perf_counter_ns

from histogram import Histogram
from samples import time_samples

SAMPLES_MS = 15
# Several blocks, so that one that was interrupted does not count.
BLOCKS = 21
JOBS_PER_BLOCK = 1000


class IdleSession:
    """Its jobs are done at once; who waits for them is woken by the loop, as in a real one."""

    concurrency = 1
    cycle = 1
    times_jobs = False
    first_job_at: float | None = None

    def __init__(self) -> None:
        self.done = 0

    async def verify(self) -> str:
        return ""

    async def batch(self, jobs: int) -> None:
        reached = asyncio.get_running_loop().create_future()
        self.done += jobs
        reached.get_loop().call_soon(reached.set_result, None)
        await reached

    async def rest(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def harness_cost() -> tuple[float, float]:
    """µs per sample, and per job whose latency is recorded."""
    samples = await time_samples(IdleSession(), ms=SAMPLES_MS, batch=1)
    sample_us = _median(samples.samples_ms) * 1000
    # What a session does per job besides the job itself: read the clock and record the time.
    histogram = Histogram()
    blocks_ns = [_block(histogram) for _ in range(BLOCKS)]
    return sample_us, _median(blocks_ns) / 1000 / JOBS_PER_BLOCK


def _block(histogram: Histogram) -> int:
    record = histogram.record
    began = last = perf_counter_ns()
    for _ in range(JOBS_PER_BLOCK):
        now = perf_counter_ns()
        record(now - last)
        last = now
    return last - began


def _median(values: list[float] | list[int]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
