/** In the place of `tinybench`: `new Bench().add(name, run)`. Nothing is run here. */
import { hooksIn, list, nothingMeasured } from './list.js';

type Options = Readonly<Record<string, unknown>>;

/** A hook before all calls can be carried over; one around each call cannot. */
const AROUND = ['beforeEach', 'afterEach'];

export class Bench extends EventTarget {
  readonly opts: Options;
  readonly name: string | undefined;
  readonly tasks: { name: string; result: unknown }[] = [];
  readonly results: unknown[] = [];

  constructor(options: Options = {}) {
    super();
    this.opts = options;
    this.name = options['name'] as string | undefined;
  }

  add(name: string, run: unknown, options: Options = {}): this {
    const before = [this.opts['setup'], options['beforeAll']].filter(
      (hook): hook is () => unknown => typeof hook === 'function',
    );
    const clock = this.opts['now'] === undefined ? null : 'a clock of its own (now)';
    const cannot = hooksIn(options, AROUND) ?? clock;
    list(this.name === undefined ? [] : [this.name], name, run, { before, cannot });
    this.tasks.push({ name, result: nothingMeasured });
    this.results.push(nothingMeasured);
    return this;
  }

  remove(): this {
    return this;
  }

  getTask(name: string) {
    return this.tasks.find((task) => task.name === name);
  }

  reset(): void {}

  table(): [] {
    return [];
  }

  async warmup(): Promise<void> {}

  async run() {
    return this.tasks;
  }

  runSync() {
    return this.tasks;
  }
}

export const now = (): number => performance.now();
export const nToMs = (ns: number): number => ns / 1e6;
/** @alias of `now` */
export const hrtimeNow = now;
