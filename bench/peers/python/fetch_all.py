"""`fetch-all`: a job gathers the answers of an HTTP site, by aiohttp."""

import asyncio
import hashlib
from typing import Any

import aiohttp

AIOHTTP = f"aiohttp {aiohttp.__version__}"

CONNECTIONS = 256
# How long an unused connection is kept. aiohttp's 15 s may pass between two slices, and the timer that
# looks for unused connections would disturb them.
KEEP_ALIVE_SECONDS = 3600


class SiteError(Exception):
    """The site answered with another status than 200."""


class SiteClient:
    """One client for all jobs, so that connections are kept from job to job."""

    def __init__(self) -> None:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
        self._client = aiohttp.ClientSession(connector=connector)

    async def fetch_all_items(self, request: dict[str, Any]) -> str:
        origin = request["origin"]
        urls = [f"{origin}/item/{item}" for item in request["items"]]
        bodies = await asyncio.gather(*[asyncio.create_task(self._fetch(url)) for url in urls])
        digest = hashlib.sha1()
        for body in bodies:
            digest.update(body)
        return f"{len(bodies)} answers, {digest.hexdigest()}"

    async def close(self) -> None:
        await self._client.close()

    async def _fetch(self, url: str) -> bytes:
        async with self._client.get(url) as response:
            if response.status != 200:
                raise SiteError(f"the site answered {response.status} for {url}")
            return await response.read()
