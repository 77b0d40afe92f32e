/**
 * Steps that bring an older results document up to date, by the version that each step starts from:
 * `steps[1]` turns a version 1 document into version 2, and so on until the current one. A step
 * works on plain JSON, since the types of an old version are gone by then. Version 1 is the first,
 * so there is none yet.
 */
import { SCHEMA_VERSION } from './results.js';

type Json = Record<string, unknown>;
type Step = (older: Json) => Json;

const steps: Readonly<Record<number, Step>> = {};

/** The document in the current version; undefined where no step starts from the document's. */
export function migrate(document: Json, version: number): Json | undefined {
  let current = document;
  for (let from = version; from < SCHEMA_VERSION; from++) {
    const step = steps[from];
    if (step === undefined) return undefined;
    current = { ...step(current), schemaVersion: from + 1 };
  }
  return current;
}
