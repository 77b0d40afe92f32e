"""Timed samples of a session's work: see docs/protocol.md, "A sample", "A slice"."""

from time import perf_counter_ns
from typing import NamedTuple

from measures import SliceMeasures
from sessions import Session

# The shortest untimed start: a process that was idle is slow at first.
LEAD_NS = 3_000_000


class Samples(NamedTuple):
    jobs: int  # done while a sample was timed
    ms: float  # the sum over all samples
    samples_ms: list[float]  # per job of each sample, ascending


async def time_samples(
    session: Session, *, ms: float, batch: int, measures: SliceMeasures | None = None
) -> Samples:
    """Takes samples until they add up to `ms`. `measures` covers the work from start to rest."""
    if measures is None:
        return await _time_samples(session, ms, batch, None)
    measures.begin()
    try:
        return await _time_samples(session, ms, batch, measures)
    finally:
        measures.end()  # also for a slice that failed: its beats must not go on


async def _time_samples(
    session: Session, ms: float, batch: int, measures: SliceMeasures | None
) -> Samples:
    began = perf_counter_ns()
    await session.batch(session.concurrency)
    while perf_counter_ns() - began < LEAD_NS:
        await session.batch(session.concurrency)

    if measures is not None:
        measures.count_from(session.done)
    all_jobs = 0
    all_ns = 0
    samples_ns: list[float] = []
    while not samples_ns or all_ns < ms * 1e6:
        before = session.done
        began = perf_counter_ns()
        await session.batch(batch)
        took = perf_counter_ns() - began
        jobs = session.done - before
        all_jobs += jobs
        all_ns += took
        samples_ns.append(took / jobs)

    if measures is not None:
        measures.count_to(session.done)
    await session.rest()
    # Six digits, like loopdyno's own contestants: further digits are not meaningful.
    samples_ms = [float(f"{each / 1e6:.6g}") for each in sorted(samples_ns)]
    return Samples(all_jobs, all_ns / 1e6, samples_ms)
