"""`timers`: fan-out of sleeps; a job gathers a task for each."""

import asyncio


async def fan_out(delays: list[int]) -> str:
    """Adds up the ms of those that slept as long as they should by the loop's own clock."""
    slept = await asyncio.gather(*[asyncio.create_task(_sleep(ms)) for ms in delays])
    return f"slept {sum(slept)} ms"


async def _sleep(ms: int) -> int:
    now = asyncio.get_running_loop().time
    began = now()
    await asyncio.sleep(ms / 1000)
    # In whole µs: the clock is a float of seconds, and the difference of two times that are 1 ms apart may
    # come out as 0.9999999. Also, asyncio's timers are due 1 ns early, its clock's resolution.
    return ms if round((now() - began) * 1e6) >= ms * 1000 else 0
