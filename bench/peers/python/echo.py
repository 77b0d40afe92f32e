"""`echo`: a TCP echo server. Its client, the peer, counts the messages and times them."""

import asyncio
import json
import os
import socket
import time
from typing import Any, cast

from histogram import Histogram
from lines import Lines

HOST = "127.0.0.1"
CONNECTIONS = 10
# The number of messages in the verified sample.
SAMPLE = 50
# The number of bytes requested from a stream.
READ_AT_MOST = 2**18


class PeerError(Exception):
    """The peer has failed, or is gone."""


class Echo(asyncio.Protocol):
    """One connection: what comes goes back. Reads no more while the other end does not."""

    def __init__(self, connections: set["Echo"]) -> None:
        self._connections = connections
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)

    def pause_writing(self) -> None:
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._transport.resume_reading()

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)
        self.gone.set_result(None)


class EchoStreams:
    """The same with streams: a task for each connection."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            while data := await reader.read(READ_AT_MOST):
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
            self._tasks.discard(task)

    async def ended(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)


class EchoServer:
    """Serves until the peer closes the connection on which the port was announced."""

    @staticmethod
    async def open(peer_port: int, name: str, by_protocol: bool) -> "EchoServer":
        loop = asyncio.get_running_loop()
        connections: set[Echo] = set()
        streams = EchoStreams()
        if by_protocol:
            server = await loop.create_server(lambda: Echo(connections), HOST, 0)
        else:
            server = await asyncio.start_server(streams.serve, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        _, announced = await loop.create_connection(Lines, HOST, peer_port)
        _send(announced, {"serve": name, "port": port})
        return EchoServer(server, announced, connections, streams)

    def __init__(
        self,
        server: asyncio.AbstractServer,
        announced: Lines,
        connections: set[Echo],
        streams: EchoStreams,
    ) -> None:
        self._streams = streams
        self._server = server
        self._announced = announced
        self._connections = connections

    async def closed(self) -> None:
        while await self._announced.receive() is not None:
            pass
        self._announced.close()
        self._server.close()
        for connection in list(self._connections):
            await connection.gone
        await self._streams.ended()
        await self._server.wait_closed()


async def open_echo(peer_port: int, latency: Histogram, by_protocol: bool) -> "EchoSession":
    name = f"python-{os.getpid()}-{time.monotonic_ns()}"
    server = await EchoServer.open(peer_port, name, by_protocol)
    _, peer = await asyncio.get_running_loop().create_connection(Lines, HOST, peer_port)
    session = EchoSession(server, peer, latency)
    await session.ask({"open": name, "services": 1, "connections": CONNECTIONS})
    return session


class EchoSession:
    """A message is done when the peer has said so: until then nobody but the peer knows."""

    concurrency = CONNECTIONS
    cycle = 1
    times_jobs = False
    first_job_at: float | None = None

    def __init__(self, server: EchoServer, peer: Lines, latency: Histogram) -> None:
        self.done = 0
        self._server = server
        self._peer = peer
        self._latency = latency
        # The peer reports after this many messages; 0 at rest.
        self._keep = 0

    async def verify(self) -> str:
        digest: str = (await self.ask({"sample": SAMPLE}))["digest"]
        return digest

    async def batch(self, jobs: int) -> None:
        if jobs != self._keep:
            _send(self._peer, {"keep": jobs})
            self._keep = jobs
        end = self.done + jobs
        while self.done < end:
            self.done += (await self._expect())["done"]

    async def rest(self) -> None:
        if self._keep == 0:
            return
        self._keep = 0
        _send(self._peer, {"rest": True})
        while True:
            word = await self._expect()
            self.done += word["done"]
            if "latency" in word:  # the last report
                self._latency.add(word["latency"])
                return

    async def close(self) -> None:
        self._peer.close()
        await self._server.closed()

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        _send(self._peer, message)
        return await self._expect()

    async def _expect(self) -> dict[str, Any]:
        line = await self._peer.receive()
        if line is None:
            raise PeerError("the peer closed before it answered")
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            raise PeerError(message["error"])
        return message


def _send(lines: Lines, message: dict[str, Any]) -> None:
    lines.send(json.dumps(message).encode())
