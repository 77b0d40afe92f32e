/** Counts its calls in this worker. */
let calls = 0;
export const count = () => ++calls;

export const surroundings = () => [process.env.MODE, process.execArgv];
