"""The protocol's transport: requests on standard input, one answer for each on descriptor 3."""

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from lines import Lines

Message = dict[str, Any]

ANSWERS_FD = 3


async def answer_requests(handle: Callable[[Message], Awaitable[Message]]) -> None:
    """Answers each request in turn with what `handle` gives, until one was to close.

    Requests are read by the loop itself: it sleeps in its poll while there is none.
    """
    requests = Lines(on_end=_harness_is_gone)
    await asyncio.get_running_loop().connect_read_pipe(lambda: requests, sys.stdin)
    while (line := await requests.receive()) is not None:
        try:
            answer = await handle(json.loads(line))
            _say(answer)
            if answer["did"] == "close":
                return
        except BrokenPipeError:
            _harness_is_gone()
        except Exception as error:
            _say({"failed": _told(error)})


def _harness_is_gone() -> None:
    os._exit(0)  # at once, whatever is under way: nobody waits for it any more


def _told(error: Exception) -> Message:
    stack = "".join(traceback.format_exception(error))
    return {"name": type(error).__name__, "message": str(error), "stack": stack}


def _say(answer: Message) -> None:
    line = json.dumps(answer, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    while line:
        line = line[os.write(ANSWERS_FD, line) :]
