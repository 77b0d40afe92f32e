import { Handover } from '../../loop/handover.js';
import type { Scheduler } from '../../loop/scheduler.js';

/** Something that opens. What nobody takes is closed. */
export class Opening<T extends { close(): unknown }> extends Handover<T> {
  private readonly what: string;

  constructor(scheduler: Scheduler, what: string) {
    super(scheduler);
    this.what = what;
  }

  protected override giveBack(opened: T): void {
    opened.close();
  }

  override label(): string {
    return this.what;
  }
}
