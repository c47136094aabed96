/**
 * The files that are pipelines by their name, whatever language an editor gives them. A file that a
 * pipeline includes may have any name: the server is silent on every other YAML.
 */
export const PATTERNS = [
  "**/.gitlab-ci.{yml,yaml}",
  "**/*.gitlab-ci.{yml,yaml}",
  "**/.gitlab/**/*.{yml,yaml}",
] as const;

/** The first of these is enough to know that a folder has pipelines. */
export const ANY_PIPELINE = `{${PATTERNS.slice(0, 2).join(",")}}`;

export const SELECTOR = [
  ...PATTERNS.map((pattern) => ({ scheme: "file", pattern })),
  { scheme: "file", language: "yaml" },
  { scheme: "file", language: "gitlab-ci" },
];

/** Whether a file is a pipeline by its name alone. */
export function isPipelineName(file: string): boolean {
  const parts = file.split(/[\\/]/);
  const name = parts.at(-1) ?? "";
  if (!/\.ya?ml$/.test(name)) return false;
  return /\.gitlab-ci\.ya?ml$/.test(name) || parts.slice(0, -1).includes(".gitlab");
}
