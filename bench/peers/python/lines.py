"""Lines over a transport, such as a pipe or a socket."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast


class Lines(asyncio.Protocol):
    """Keeps the lines that have come until they are asked for. One reader at a time."""

    def __init__(self, on_end: Callable[[], None] = lambda: None) -> None:
        """`on_end` is called when the other end has closed, even while nobody asks."""
        self._on_end = on_end
        self._transport: asyncio.BaseTransport | None = None
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._ended = False
        self._reader: asyncio.Future[None] | None = None

    async def receive(self) -> bytes | None:
        """The next line, or None once the other end has closed."""
        while not self._lines:
            if self._ended:
                return None
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._lines.popleft()

    def send(self, line: bytes) -> None:
        cast(asyncio.WriteTransport, self._transport).write(line + b"\n")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(lines)
        if lines:
            self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        self._ended = True
        self._wake()
        self._on_end()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
