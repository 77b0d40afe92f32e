/**
 * The steps of every study:
 *
 *   folder, checked to be writable ─▶ measure ─▶ document ─▶ saved durably ─▶ printed ─▶ exit status
 *                                     └ Ctrl-C and progress are handled
 *
 * The folder comes first: a full disk should be noticed before three minutes of measuring.
 */
import { join } from 'node:path';
import {
  createRunFolder,
  openFolder,
  pointLatest,
  saveFiles,
  type Files,
} from '../documents/store.js';
import { ProgressLine, type ProgressState } from '../report/progress.js';
import { fingerprint, type Fingerprint } from '../system/fingerprint.js';
import { listenForInterruption, InterruptedError } from './interruption.js';
import { printJson } from './terminal.js';

/** The facts about the run that every document has. */
export interface StudyFacts {
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly command: string[];
  readonly fingerprint: Fingerprint;
  /** The study was ended early by Ctrl-C. */
  readonly aborted: boolean;
}

/** What a study has while it measures. */
export interface Measuring {
  readonly signal: AbortSignal;
  readonly onProgress: (state: ProgressState) => void;
}

export interface Study<Measured, Document> {
  /** Where its files go: into a new folder in `root`, named by time and commit, or into exactly this `folder`. */
  readonly place: { readonly root: string } | { readonly folder: string };
  /** What happens on Ctrl-C; completes the message "SIGINT: …". */
  readonly onInterrupt?: string;
  readonly measure: (measuring: Measuring) => Promise<Measured>;
  readonly document: (measured: Measured, facts: StudyFacts) => Document;
  readonly files: (document: Document) => Promise<Files>;
}

export interface Conducted<Document> {
  readonly document: Document;
  readonly folder: string;
  /** The exit status after an interruption; null if nobody interrupted. */
  readonly interrupted: number | null;
}

export async function conduct<Measured, Document>({
  place,
  onInterrupt = 'ending the contestants and saving what was measured',
  measure,
  document: documentOf,
  files,
}: Study<Measured, Document>): Promise<Conducted<Document>> {
  const print = fingerprint();
  const startedAt = new Date();
  const began = performance.now();
  const folder = await folderOf(place, startedAt, print.commit);
  const progress = new ProgressLine(process.stderr);
  const interruption = listenForInterruption(onInterrupt, () => progress.clear());
  let measured: Measured;
  try {
    const onProgress = (state: ProgressState): void => progress.show(state);
    measured = await measure({ signal: interruption.signal, onProgress });
  } catch (error) {
    // A failure after an interruption was caused by ending the children.
    throw interruption.exitCode === null ? error : new InterruptedError(interruption.exitCode);
  } finally {
    progress.clear();
    interruption.stop();
  }
  const document = documentOf(measured, {
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    fingerprint: print,
    aborted: interruption.signal.aborted,
  });
  await saveFiles(folder, await files(document));
  if ('root' in place) await pointLatest(folder);
  return { document, folder, interrupted: interruption.exitCode };
}

function folderOf(
  place: Study<never, never>['place'],
  startedAt: Date,
  commit: string | null,
): Promise<string> {
  if ('root' in place) return createRunFolder(place.root, { startedAt, commit });
  return openFolder(place.folder).then(() => place.folder);
}

export interface Presentation<Document> {
  readonly json: boolean;
  readonly render: (document: Document) => string;
  /** Names of the files. The last one is for a browser, if it is a page. */
  readonly files: readonly string[];
  readonly exitCode: (document: Document) => number;
}

/** Prints a study and returns the exit status. */
export function present<Document>(
  { document, folder, interrupted }: Conducted<Document>,
  { json, render, files, exitCode }: Presentation<Document>,
): number {
  if (json) printJson(document);
  else process.stdout.write(render(document));
  process.stderr.write(savedText(folder, files));
  return interrupted ?? exitCode(document);
}

export function savedText(folder: string, files: readonly string[]): string {
  const pages = files.filter((name) => name.endsWith('.html'));
  const others = files.filter((name) => !name.endsWith('.html'));
  const [page] = pages;
  if (page === undefined) return `Saved to ${folder}: ${others.join(', ')}\n`;
  return `Saved to ${folder}: ${others.join(', ')}, and for your browser\n${join(folder, page)}\n`;
}
