"""What a contestant does at each request. See docs/protocol.md."""

import asyncio
import sys
import time
from typing import Any

from answers import Message
from harness_cost import harness_cost
from histogram import Histogram
from measures import SliceMeasures
from samples import time_samples
from sessions import Session
from workloads import open_session


class RequestError(Exception):
    """A request that this contestant does not know, or that comes too early."""


class Contestant:
    def __init__(self, started: float, libraries: list[str]) -> None:
        """`started` is of the process, on `time.perf_counter`; `libraries` are told as runtime."""
        self._started = started
        self._libraries = libraries
        self._latency = Histogram()
        self._session: Session | None = None
        self._measures: SliceMeasures | None = None
        self._failures: list[str] = []

    async def handle(self, request: Message) -> Message:
        match request["do"]:
            case "open":
                return await self._open(request)
            case "slice":
                return await self._slice(request)
            case "reset":
                return await self._reset()
            case "close":
                return await self._close()
            case other:
                raise RequestError(f"this contestant does not know the request {other!r}")

    async def _open(self, request: Message) -> Message:
        asyncio.get_running_loop().set_exception_handler(self._failed)
        self._session, libraries = await open_session(request, self._latency)
        digest = await self._session.verify()
        first_job_at = self._session.first_job_at or time.perf_counter()
        version = ".".join(map(str, sys.version_info[:3]))
        return {
            "did": "open",
            "digest": digest,
            "concurrency": self._session.concurrency,
            "cycle": self._session.cycle,
            "firstJobMs": (first_job_at - self._started) * 1000,
            "runtime": ", ".join([f"CPython {version}", *self._libraries, *libraries]),
        }

    async def _reset(self) -> Message:
        """From here on it counts: what was measured until now was the warm-up."""
        session = self._opened()
        sample_us, job_us = await harness_cost()
        self._start_measures()
        return {
            "did": "reset",
            "harness": {"sampleUs": sample_us, "jobUs": job_us if session.times_jobs else 0},
        }

    async def _slice(self, request: Message) -> Message:
        if request.get("load") is not None:
            raise RequestError("this contestant has no open loop: a slice with a load")
        session = self._opened()
        measures = self._measures or self._start_measures()
        before = session.done
        samples = await time_samples(
            session, ms=request["ms"], batch=request["batch"], measures=measures
        )
        return {
            "did": "slice",
            "jobs": samples.jobs,
            "ms": samples.ms,
            "allJobs": session.done - before,
            "cpuJobs": measures.cpu_jobs,
            "cpuUserUs": measures.cpu_user_us,
            "cpuSystemUs": measures.cpu_system_us,
            "samplesMs": samples.samples_ms,
        }

    async def _close(self) -> Message:
        measures = self._measures or self._start_measures()
        told = {"latency": self._latency.counts(), **measures.all()}
        if self._session is not None:
            await self._session.close()
        pending = asyncio.all_tasks() - {asyncio.current_task()}
        left = [f"task {task.get_name()} pending" for task in pending] + self._failures
        return {"did": "close", "left": left, "measures": told}

    def _opened(self) -> Session:
        if self._session is None:
            raise RequestError("nothing is open yet: an open request comes first")
        return self._session

    def _start_measures(self) -> SliceMeasures:
        self._latency.clear()
        self._measures = SliceMeasures()
        return self._measures

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody awaited, or a callback, has failed."""
        error = context.get("exception")
        self._failures.append(context["message"] + (f": {error!r}" if error else ""))
        loop.default_exception_handler(context)
