"""`primes`: sieve of Eratosthenes over a segment, in the loops of src/workloads/cpu/primes.ts."""

from math import isqrt

# One array for all jobs, as in our own sieve, and the zeros that clear it.
scratch = bytearray()
zeros = b""


async def sieve(segment: dict[str, int]) -> str:
    """Counts and sums the primes among `length` numbers from `from` on."""
    global scratch, zeros
    start, length = segment["from"], segment["length"]
    if len(scratch) < length:
        scratch, zeros = bytearray(length), bytes(length)
    composite = scratch
    composite[:length] = zeros[:length]
    for p in range(2, isqrt(start + length - 1) + 1):
        # Also for a p that is no prime: its multiples are composite all the same.
        if p > 3 and (p % 2 == 0 or p % 3 == 0):
            continue
        first = max(p * p, -(-start // p) * p)
        for at in range(first - start, length, p):
            composite[at] = 1
    count = 0
    total = 0
    for at in range(max(0, 2 - start), length):
        if composite[at] == 1:
            continue
        count += 1
        total += start + at
    return f"{count} primes, sum {total}"
