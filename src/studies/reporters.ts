/** The formats in which a run can be printed. */
export const REPORTERS = ['console', 'markdown', 'json', 'llm'] as const;
export type Reporter = (typeof REPORTERS)[number];

export interface ReporterFlags {
  reporter?: string[];
  json?: boolean;
}

/** What to print: `--json` is short for `--reporter json`. */
export function reportersOf({ reporter, json }: ReporterFlags): Reporter[] {
  if (json === true) return ['json'];
  return (reporter as Reporter[] | undefined) ?? ['console'];
}
