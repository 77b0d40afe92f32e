"""A contestant on CPython: `python3 peer.py asyncio|uvloop`, spoken to as docs/protocol.md says.

    peer.py       the process: its loop, its end
    answers.py    requests on standard input, answers on descriptor 3
    contestant.py what is done at open, slice, reset, close
    workloads.py  which session is of which workload
    sessions.py   work that flows in lanes; primes.py, timers.py, fetch_all.py are its jobs
    echo.py       the session that is a server
    samples.py, measures.py, harness_cost.py, histogram.py
                  how it is measured
    lines.py, process_start.py
                  lines over a transport; when the process began
"""

import signal

# Must come first: a Ctrl-C in the terminal reaches this process too, and the harness handles it.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from process_start import process_start  # noqa: E402

STARTED = process_start()  # before the imports below: its data is most reliable early

import asyncio  # noqa: E402
import sys  # noqa: E402

from answers import answer_requests  # noqa: E402
from contestant import Contestant  # noqa: E402


def main(loop_name: str) -> None:
    libraries: list[str] = []
    loop_factory = asyncio.new_event_loop
    if loop_name == "uvloop":
        import uvloop

        libraries.append(f"uvloop {uvloop.__version__}")  # type: ignore[attr-defined]
        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(answer_requests(Contestant(STARTED, libraries).handle))


if __name__ == "__main__":
    if sys.argv[1:] not in (["asyncio"], ["uvloop"]):
        sys.exit("usage: python3 peer.py asyncio|uvloop")
    main(sys.argv[1])
