/** A module that never finishes loading: it waits at its top level. */
setInterval(() => {}, 60_000);
await new Promise(() => {});
export const job = (): void => {};
