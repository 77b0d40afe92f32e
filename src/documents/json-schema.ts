/** The results document's JSON Schema (draft 2020-12), made from the zod schema that checks it. */
import { z } from 'zod';
import { ResultsSchema, SCHEMA_VERSION } from './results.js';

export const resultsJsonSchema = {
  title: `loopdyno results, version ${SCHEMA_VERSION}`,
  description: 'What `loopdyno run` writes to results.json',
  // Readers ignore keys that they do not know, since version 1 may get new keys.
  ...z.toJSONSchema(ResultsSchema, { io: 'input' }),
};
