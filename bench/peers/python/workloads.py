"""Which session does the work of a workload. Each imports what it needs, and nothing else does."""

from answers import Message
from histogram import Histogram
from sessions import JobSession, Session


class UnknownWorkloadError(Exception):
    """The harness asks for work that is not implemented here."""


async def open_session(request: Message, latency: Histogram) -> tuple[Session, list[str]]:
    """The session, and the libraries that it runs on besides the loop."""
    jobs = request.get("jobs")
    if jobs is None:
        if request["workload"] not in ("echo", "echo-protocol"):
            raise UnknownWorkloadError(f"there is no workload {request['workload']!r} here")
        from echo import open_echo

        by_protocol = request["workload"] == "echo-protocol"
        return await open_echo(int(request["facts"]["port"]), latency, by_protocol), []

    inputs, concurrency = jobs["inputs"], jobs["concurrency"]
    match jobs["name"]:
        case "sieve":
            from primes import sieve

            return JobSession(sieve, inputs, concurrency, latency), []
        case "fanOut":
            from timers import fan_out

            return JobSession(fan_out, inputs, concurrency, latency), []
        case "fetchAllItems":
            from fetch_all import AIOHTTP, SiteClient

            client = SiteClient()
            job = client.fetch_all_items
            return JobSession(job, inputs, concurrency, latency, client.close), [AIOHTTP]
        case other:
            raise UnknownWorkloadError(f"there is no job {other!r} here")
