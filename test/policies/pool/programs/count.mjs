/** Counts its calls in this worker. */
let calls = 0;
export const count = () => ++calls;

export const surroundings = () => [process.env.MODE, process.execArgv];

let ran = false;
/** Runs in a worker once; the second ends the worker. */
export function once() {
  if (ran) process.exit(5);
  ran = true;
  return 'ran';
}

/** Gives its input, and ends the worker at 3. */
export const untilThree = (_loop, n) => (n === 3 ? process.exit(6) : n);
