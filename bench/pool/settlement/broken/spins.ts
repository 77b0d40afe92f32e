/** A module that never finishes loading: it computes for ever at its top level. */
for (let i = 0; ; i++) if (i < 0) break;
export const job = (): void => {};
