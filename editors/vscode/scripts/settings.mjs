// Writes the settings of the server's schema, and the extension's own, into package.json.
// With --check it only says whether they stand there already.
import { readFileSync, writeFileSync } from "node:fs";

const MANIFEST = new URL("../package.json", import.meta.url);
const SCHEMA = new URL("../../../server/uvci/workspace/settings.schema.json", import.meta.url);

const HINTS = {
  image: "The tag that the variables of a composed image make.",
  cacheKey: "The key that a cache has once its variables are replaced.",
  notCached: "Jobs whose downloads no cache keeps.",
  value: "What GitLab makes of a value without quotes.",
  uvVersion: "The uv that a job runs.",
};

const OWN = {
  "uvci.path": {
    type: "string",
    default: "",
    scope: "machine-overridable",
    markdownDescription:
      "The `uvci` program to run: a path, or a name on the search path. `~`, `${userHome}` and `${workspaceFolder}` are expanded. Empty: the workspace's `.venv`, else the search path, else `uvx`.",
  },
  "uvci.interpreter": {
    type: "string",
    default: "",
    scope: "machine-overridable",
    markdownDescription:
      "The Python that runs the server as `python -m uvci`, where `#uvci.path#` is empty.",
  },
  "uvci.diagnosticsDelay": {
    type: "integer",
    minimum: 0,
    default: 150,
    scope: "window",
    markdownDescription: "How many milliseconds of rest after a keystroke before findings are shown.",
  },
  "uvci.gitlabKeywords": {
    type: "boolean",
    default: true,
    scope: "window",
    markdownDescription:
      "Complete GitLab's own keywords too. Where it is not set, the YAML extension is left to do that if it is there.",
  },
  ...Object.fromEntries(
    Object.entries(HINTS).map(([name, text]) => [
      `uvci.inlayHints.${name}`,
      { type: "boolean", default: true, scope: "window", markdownDescription: `Inlay hints: ${text}` },
    ]),
  ),
  "uvci.trace.server": {
    type: "string",
    enum: ["messages", "verbose"],
    default: "messages",
    scope: "window",
    markdownDescription:
      "How much of the conversation with the server is logged while the log level of the output channel is *Trace*.",
  },
};

const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** Sentences name settings as the project's files do; here they have the editor's names. */
const described = (text, names) =>
  text.replace(/`([a-z-]+)`/g, (whole, name) => (names.has(name) ? `\`#uvci.${camel(name)}#\`` : whole));

function configuration() {
  const { properties } = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const names = new Set(Object.keys(properties));
  const shared = Object.entries(properties).map(([name, { description, ...schema }]) => [
    `uvci.${camel(name)}`,
    { ...schema, scope: "resource", markdownDescription: described(description, names) },
  ]);
  return { title: "uvci", properties: { ...OWN, ...Object.fromEntries(shared) } };
}

const before = readFileSync(MANIFEST, "utf8");
const manifest = JSON.parse(before);
manifest.contributes.configuration = configuration();
const after = `${JSON.stringify(manifest, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (after !== before) {
    console.error("package.json does not hold the server's settings: run `npm run generate`.");
    process.exit(1);
  }
} else {
  writeFileSync(MANIFEST, after);
}
