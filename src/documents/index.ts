/**
 * `loopdyno/schema`: the results document for other programs: its types, a parser with checks, and its JSON Schema
 * (also as a file, `loopdyno/schema.json`).
 */
export { ResultsFileError, parseResults } from './parse-results.js';
export { resultsJsonSchema } from './json-schema.js';
export {
  SCHEMA_VERSION,
  type Ceiling,
  type Cell,
  type Estimate,
  type Fingerprint,
  type Harness,
  type Hosts,
  type Measures,
  type Merged,
  type Results,
  type Round,
  type Shard,
  type Slice,
} from './results.js';
