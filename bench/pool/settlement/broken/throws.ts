/** A module that throws as it is loaded. */
function refuse(): never {
  throw new RangeError('thrown at load');
}

export const job = refuse();
