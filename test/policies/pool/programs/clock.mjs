/** The clock of the worker, read as loops read theirs. */
import { hostNow } from '#dist/src/loop/clock.js';

export const now = () => hostNow();
