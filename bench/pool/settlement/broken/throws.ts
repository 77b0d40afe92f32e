/** A module that throws as it is loaded. */
throw new RangeError('thrown at load');
export const job = (): void => {};
