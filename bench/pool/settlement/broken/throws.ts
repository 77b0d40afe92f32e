/** A module that throws as it is loaded. */
export const job = (): void => {};

throw new RangeError('thrown at load');
