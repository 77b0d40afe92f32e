/**
 * The host's clock: ms, monotonic, the same in every thread. The host's timers use the very same clock, so no offset
 * between two clocks has to be guessed.
 */
export function hostNow(): number {
  const now = process.hrtime(); // not destructured: an iterator would cost some 10 ns
  return now[0] * 1000 + now[1] / 1e6;
}
