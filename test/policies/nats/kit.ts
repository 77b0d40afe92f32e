/** What the tests of nats share: whether there is a server, and what became of tasks. */
import { nats, type Task } from 'loopdyno';

const found = await nats.probe();
export const missing = !found.ok;
if (!found.ok) console.warn(`nats is not tested: ${found.reason}: ${found.remedy}`);

/** No fault may take longer to settle, on a machine however busy. */
export const BOUND_MS = 30_000;

/** Results and errors of tasks, in their order; fails if one does not settle within the bound. */
export async function outcomesOf(tasks: readonly Task<unknown>[]): Promise<unknown[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, BOUND_MS, new Error(`not all settled within ${BOUND_MS} ms`));
  });
  const all = tasks.map((task) =>
    task.then(
      (value) => value,
      (error: unknown) => error,
    ),
  );
  try {
    return await Promise.race([Promise.all(all), late]);
  } finally {
    clearTimeout(timer);
  }
}
