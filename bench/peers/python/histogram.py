"""A histogram of durations in the buckets of src/stats/histogram.ts.

    ns       0 … 127        128 … 255       256 … 511       512 … 1023   …
    width    1              2               4               8
    index    0 … 127        128 … 191       192 … 255       256 … 319    64 buckets an octave
"""

# Values of up to 7 bits have a bucket each; for longer ones the 7 leading bits count.
LEADING_BITS = 7
HALF = 64
LONGEST_NS = 2**42 - 1
BUCKETS = HALF * 37


class Histogram:
    def __init__(self) -> None:
        self._buckets = [0] * BUCKETS

    def record(self, ns: int) -> None:
        """What is negative counts as 0, what is longer than the longest as that."""
        ns = 0 if ns < 0 else LONGEST_NS if ns > LONGEST_NS else ns
        octave = ns.bit_length() - LEADING_BITS
        self._buckets[octave * HALF + (ns >> octave) if octave > 0 else ns] += 1

    def add(self, counts: list[int]) -> None:
        """Counts that were made elsewhere: index, count, index, count, …"""
        for index, count in zip(counts[::2], counts[1::2], strict=True):
            self._buckets[index] += count

    def counts(self) -> list[int]:
        """The buckets that are not empty: index, count, index, count, …, ascending."""
        return [n for pair in enumerate(self._buckets) if pair[1] > 0 for n in pair]

    def clear(self) -> None:
        self._buckets[:] = [0] * BUCKETS
