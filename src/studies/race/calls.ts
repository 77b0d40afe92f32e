/** How many calls make up a job: of a short function, the job around it must not be what is measured. */

/** Ms of a job, at least; and of the look at how long a call takes. */
const JOB_MS = 0.1;
const LOOK_MS = 50;

/** 1 for what returns a promise: such calls overlap. */
export function callsFor(call: (nth: number) => unknown): number {
  const began = performance.now();
  let [done, took] = [0, 0];
  // The second half counts: the first one is compiled.
  let half: { done: number; at: number } | null = null;
  while (took < LOOK_MS) {
    if (call(done) instanceof Promise) return 1;
    done++;
    took = performance.now() - began;
    if (half === null && took > LOOK_MS / 2) half = { done, at: took };
  }
  const isTold = half !== null && half.done < done;
  const ms = isTold && half !== null ? (took - half.at) / (done - half.done) : took / done;
  return ms >= JOB_MS / 2 ? 1 : 2 ** Math.ceil(Math.log2(JOB_MS / ms));
}
