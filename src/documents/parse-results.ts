/**
 * Reads and checks a results file. Whatever is wrong with it is one error that names the file, the place in it and the
 * way out: a report made from half a document would look like a measurement.
 */
import { SCHEMA_VERSION, ResultsSchema, type Results } from './results.js';
import { LoopdynoError, quote } from '../text/errors.js';
import { findJsonFault } from './json-fault.js';
import { valueAt } from '../text/value-at.js';

/** The file is no results document, or a damaged one. */
export class ResultsFileError extends LoopdynoError {
  readonly file: string;
  /** For example `cells[3].ratio.low` or `line 12, column 5`; empty if the whole file is meant. */
  readonly place: string;

  constructor(file: string, place: string, problem: string, remedy: string) {
    super(`${file}: ${place === '' ? '' : `${place}: `}${problem}. ${remedy}`);
    this.file = file;
    this.place = place;
  }
}

const MEASURE_AGAIN = 'Use an undamaged copy of the file, or measure again with `loopdyno run`';
const PASS_RESULTS = 'Pass the results.json of a run, such as results/latest/results.json';

export function parseResults(text: string, fileName: string): Results {
  const { document, version } = identify(parseJson(text, fileName), fileName);
  const current = migrate(document, version);
  if (current === undefined) {
    throw new ResultsFileError(
      fileName,
      'schemaVersion',
      `version ${quote(version)} is none that loopdyno ever wrote`,
      MEASURE_AGAIN,
    );
  }
  const parsed = ResultsSchema.safeParse(current);
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const path = first?.path ?? [];
  const more = others.length === 0 ? '' : ` (and ${others.length} more such places)`;
  throw new ResultsFileError(
    fileName,
    formatPath(path),
    `${first?.message ?? 'invalid'}, but found ${quote(valueAt(current, path))}${more}`,
    MEASURE_AGAIN,
  );
}

function parseJson(text: string, fileName: string): unknown {
  if (text.trim() === '') {
    throw new ResultsFileError(fileName, '', 'the file is empty', MEASURE_AGAIN);
  }
  // Some editors and shells begin a file with a byte order mark, which JSON does not allow.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch {
    const { offset, line, column, truncated } = findJsonFault(json);
    throw new ResultsFileError(
      fileName,
      `line ${line}, column ${column}`,
      truncated
        ? 'the file is truncated: it ends here, before the document does'
        : `this is not JSON: ${quote(json.slice(offset, offset + 20))} may not stand here`,
      truncated ? MEASURE_AGAIN : PASS_RESULTS,
    );
  }
}

/** Other formats have a `schemaVersion` too, so more than that is needed to recognise a document of ours. */
function identify(
  document: unknown,
  fileName: string,
): { document: Record<string, unknown>; version: number } {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw foreign(fileName, `it holds ${quote(document)}`);
  }
  const missing = ['schemaVersion', 'fingerprint', 'cells'].find((key) => !(key in document));
  if (missing !== undefined) throw foreign(fileName, `it has no ${quote(missing)}`);
  const { schemaVersion: version } = document as Record<string, unknown>;
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    throw foreign(fileName, `its schemaVersion is ${quote(version)}`);
  }
  if (version > SCHEMA_VERSION) {
    throw new ResultsFileError(
      fileName,
      'schemaVersion',
      `made by a newer loopdyno: version ${version}, and this one knows up to ${SCHEMA_VERSION}`,
      'Update loopdyno',
    );
  }
  return { document: document as Record<string, unknown>, version };
}

function foreign(fileName: string, because: string): ResultsFileError {
  return new ResultsFileError(
    fileName,
    '',
    `not a loopdyno results file: ${because}`,
    PASS_RESULTS,
  );
}

/** ['cells', 3, 'ratio', 'low'] as `cells[3].ratio.low`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[A-Za-z_]\w*$/.test(String(key)) ? `.${String(key)}` : `[${quote(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/**
 * Steps that bring an older results document up to date, by the version that each step starts from:
 * `steps[1]` turns a version 1 document into version 2, and so on until the current one. A step
 * works on plain JSON, since the types of an old version are gone by then. Version 1 is the first,
 * so there is none yet.
 */

type Json = Record<string, unknown>;
type Step = (older: Json) => Json;

const steps: Readonly<Record<number, Step>> = {};

/** The document in the current version; undefined if no step starts from its version. */
export function migrate(document: Json, version: number): Json | undefined {
  let current = document;
  for (let from = version; from < SCHEMA_VERSION; from++) {
    const step = steps[from];
    if (step === undefined) return undefined;
    current = { ...step(current), schemaVersion: from + 1 };
  }
  return current;
}
