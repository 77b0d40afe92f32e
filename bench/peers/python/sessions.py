"""Work that flows on from sample to sample, in as many lanes as jobs are to be in flight."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from time import perf_counter, perf_counter_ns
from typing import Any, Protocol

from histogram import Histogram


class WrongResultError(Exception):
    """A job's result differed from the one that was verified."""


class Session(Protocol):
    """What is measured, as samples see it."""

    concurrency: int
    cycle: int
    done: int  # the total number of jobs
    times_jobs: bool  # whether latencies are taken in this process
    first_job_at: float | None  # on `perf_counter`, if it was noted

    async def verify(self) -> str:
        """Does the fixed sample, untimed; gives its digest."""

    async def batch(self, jobs: int) -> None:
        """Until so many more jobs are done; the work goes on then."""

    async def rest(self) -> None:
        """Starts no more jobs, and waits for those under way."""

    async def close(self) -> None:
        """Gives back what it holds. At rest only."""


Job = Callable[[Any], Coroutine[Any, Any, str]]


async def _holds_nothing() -> None:
    pass


class JobSession:
    """Independent jobs. Each is a task of its own, as is what a user of asyncio starts."""

    times_jobs = True

    def __init__(
        self,
        job: Job,
        inputs: Sequence[Any],
        concurrency: int,
        latency: Histogram,
        close: Callable[[], Awaitable[None]] = _holds_nothing,
    ) -> None:
        self.concurrency = concurrency
        self.cycle = len(inputs)
        self.done = 0
        self.first_job_at: float | None = None
        self._job = job
        self._inputs = inputs
        self._latency = latency
        self._close = close
        self._verified: list[str] = []
        self._next = 0
        self._lanes: list[asyncio.Task[None]] = []
        self._open = False
        # The current batch: settled when `done` reaches `due`, or when a lane fails.
        self._reached: asyncio.Future[None] | None = None
        self._due = 0
        # The error of the first lane that failed. It may fail between two batches; then the next batch
        # reports it.
        self._failure: Exception | None = None

    async def verify(self) -> str:
        loop = asyncio.get_running_loop()
        for each in self._inputs:
            self._verified.append(await loop.create_task(self._job(each)))
            self.first_job_at = self.first_job_at or perf_counter()
        return hashlib.sha256("\n".join(self._verified).encode()).hexdigest()[:16]

    async def batch(self, jobs: int) -> None:
        if self._failure is not None:
            raise self._failure
        loop = asyncio.get_running_loop()
        # A batch of whole cycles ends where a cycle does: otherwise each batch would have more of some
        # inputs than of others.
        surplus = (self.done - self._due) % self.cycle if jobs % self.cycle == 0 else 0
        self._due = self.done + jobs - surplus
        self._reached = loop.create_future()
        self._open = True
        while len(self._lanes) < self.concurrency:
            self._lanes.append(loop.create_task(self._lane()))
        await self._reached

    async def rest(self) -> None:
        self._open = False
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            await lane
        self._due = self.done
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        await self._close()

    async def _lane(self) -> None:
        try:
            await self._work()
        except Exception as error:
            self._open = False
            self._failure = self._failure or error
            if self._reached is not None:
                self._reached.set_exception(error)
                self._reached = None

    async def _work(self) -> None:
        create_task = asyncio.get_running_loop().create_task
        # A lane's next job begins where its last one ended, so one clock reading serves both.
        began = perf_counter_ns()
        while self._open:
            index = self._next
            self._next = (index + 1) % self.cycle
            began = await create_task(self._do(index, began))

    async def _do(self, index: int, began: int) -> int:
        """One job, which is counted where it ends. Says when that was.

        By the time its lane goes on, jobs of other lanes may be done that are not yet counted: a
        sample that begins between would get them for nothing.
        """
        result = await self._job(self._inputs[index])
        now = perf_counter_ns()
        self._latency.record(now - began)
        if result != self._verified[index]:
            raise WrongResultError(
                f"job {self._job.__name__} gave {result!r} for input {index}, "
                f"but {self._verified[index]!r} when it was verified"
            )
        self.done += 1
        if self.done >= self._due and self._reached is not None:
            self._reached.set_result(None)
            self._reached = None
        return now
