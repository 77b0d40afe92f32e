/**
 * Files on the addon: each operation is one visit to the thread pool. A job's number is its place
 * in a table, which also keeps the bytes of a write where they are until a thread has written them.
 */
import { quote } from '../../loop/errors.js';
import type { Future } from '../../loop/future.js';
import { Operation } from '../../loop/operation.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { checkContent, checkPath } from '../io/check-file.js';
import { UnderWay } from '../io/under-way.js';
import { FILE_STEPS, type NativeLoop } from './binding.js';
import { fileError, tooLarge } from './uv-error.js';

interface FileJob {
  readonly path: string;
  readonly read: Operation<Uint8Array> | null;
  readonly written: Operation<void> | null;
  readonly data: Uint8Array | null;
}

export class FileTable {
  private readonly scheduler: Scheduler;
  private readonly native: NativeLoop;
  private readonly jobs: (FileJob | null)[] = [];
  private readonly free: number[] = [];
  private readonly underWay = new UnderWay();

  constructor(scheduler: Scheduler, native: NativeLoop) {
    this.scheduler = scheduler;
    this.native = native;
  }

  read(path: string): Future<Uint8Array> {
    checkPath(path, 'readFile');
    const read = new Operation<Uint8Array>(this.scheduler, `a read of ${quote(path)}`);
    const id = this.add({ path, read, written: null, data: null });
    const error = this.native.readFile(id, path);
    if (error < 0) this.done(id, error, 0);
    return read;
  }

  write(path: string, content: Uint8Array | string, append: boolean): Future<void> {
    const verb = append ? 'appendFile' : 'writeFile';
    checkPath(path, verb);
    const data = checkContent(content, verb);
    const written = new Operation<void>(this.scheduler, `a write of ${quote(path)}`);
    const id = this.add({ path, read: null, written, data });
    const error = this.native.writeFile(id, path, data, append);
    if (error < 0) this.done(id, error, 0);
    return written;
  }

  /** A small file came with its record. */
  bytes(id: number, content: Uint8Array): void {
    this.take(id).read?.offer(content);
  }

  done(id: number, errno: number, step: number): void {
    const { path, read, written } = this.take(id);
    if (errno === 0 && read === null) {
      written?.offer();
      return;
    }
    const content = read === null ? undefined : this.native.takeFile(id);
    if (content instanceof Uint8Array) {
      read?.offer(content);
      return;
    }
    const error =
      typeof content === 'number'
        ? tooLarge(content)
        : fileError(errno, FILE_STEPS[step] ?? 'open', path);
    (read ?? written)?.offerError(error);
  }

  /** Waits until none is under way, but not for ever, and says what is. */
  end(): Promise<string[]> {
    return this.underWay.end();
  }

  private add(job: FileJob): number {
    const id = this.free.pop() ?? this.jobs.length;
    this.jobs[id] = job;
    this.underWay.add((job.read ?? job.written) as Operation<never>);
    return id;
  }

  private take(id: number): FileJob {
    const job = this.jobs[id] as FileJob;
    this.jobs[id] = null;
    this.free.push(id);
    this.underWay.remove((job.read ?? job.written) as Operation<never>);
    return job;
  }
}
