/** A finding as `uvci check --output-format json` prints it; lines and columns count from 1. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning" | "info" | "hint";
  readonly message: string;
  readonly path: string;
  readonly start: Place;
  readonly end: Place;
  readonly url: string | null;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The findings in the checker's output; throws where it printed something else. */
export function readFindings(output: string): Finding[] {
  const read: unknown = JSON.parse(output);
  if (!Array.isArray(read)) throw new Error("The checker did not print a list.");
  return read as Finding[];
}

/** Findings by the file they are in. */
export function byPath(findings: readonly Finding[]): Map<string, Finding[]> {
  const grouped = new Map<string, Finding[]>();
  for (const finding of findings) {
    grouped.set(finding.path, [...(grouped.get(finding.path) ?? []), finding]);
  }
  return grouped;
}
