import * as path from "node:path";

/** Where the user's machine and settings say a server may be. */
export interface Surroundings {
  readonly settings: { readonly path: string; readonly interpreter: string };
  readonly folders: readonly string[];
  readonly trusted: boolean;
  readonly version: string;
  readonly windows: boolean;
  readonly home: string;
  readonly searchPath: string;
  isExecutable(file: string): boolean;
}

export type Source = "setting" | "workspace" | "search path" | "uvx";

/** A command line that `server`, `check` or `doctor` can be appended to. */
export interface Found {
  readonly source: Source;
  readonly command: string;
  readonly prefix: readonly string[];
}

/** Nothing can be run; `reason` is a sentence for the user. */
export interface Missing {
  readonly source: undefined;
  readonly reason: string;
}

/**
 * The server to run: what the settings name, else the workspace's own, else the one on the search
 * path, else the extension's version through uvx. What the settings name is never passed over.
 */
export function findServer(here: Surroundings): Found | Missing {
  return (
    namedServer(here) ??
    namedInterpreter(here) ??
    workspaceServer(here) ??
    searchedServer(here) ??
    uvxServer(here) ?? {
      source: undefined,
      reason:
        "uvci was not found: it is in no workspace's .venv and not on the search path, " +
        "and there is no uvx to run it with.",
    }
  );
}

function namedServer(here: Surroundings): Found | Missing | undefined {
  const { path: named } = here.settings;
  if (!named) return undefined;
  const command = resolve(named, here);
  if (!command) return missing("uvci.path", named);
  return { source: "setting", command, prefix: [] };
}

function namedInterpreter(here: Surroundings): Found | Missing | undefined {
  const { interpreter } = here.settings;
  if (!interpreter) return undefined;
  const command = resolve(interpreter, here);
  if (!command) return missing("uvci.interpreter", interpreter);
  return { source: "setting", command, prefix: ["-P", "-m", "uvci"] };
}

function missing(setting: string, value: string): Missing {
  return { source: undefined, reason: `${setting} is ${value}, and no such program exists.` };
}

function workspaceServer(here: Surroundings): Found | undefined {
  if (!here.trusted) return undefined;
  const inside = here.windows ? ["Scripts", "uvci.exe"] : ["bin", "uvci"];
  const command = here.folders
    .map((folder) => path.join(folder, ".venv", ...inside))
    .find((file) => here.isExecutable(file));
  return command ? { source: "workspace", command, prefix: [] } : undefined;
}

function searchedServer(here: Surroundings): Found | undefined {
  const command = search("uvci", here);
  return command ? { source: "search path", command, prefix: [] } : undefined;
}

function uvxServer(here: Surroundings): Found | undefined {
  const command = search("uvx", here);
  if (!command) return undefined;
  // A uv.toml in a workspace may name a package index; only a trusted one may choose it.
  const guard = here.trusted ? [] : ["--no-config"];
  return { source: "uvx", command, prefix: [...guard, `uvci@${here.version}`] };
}

function resolve(named: string, here: Surroundings): string | undefined {
  const expanded = expand(named, here);
  if (!/[\\/]/.test(expanded)) return search(expanded, here);
  const bases = path.isAbsolute(expanded) ? [""] : here.folders;
  const files = bases.map((base) => path.join(base, expanded));
  return files.flatMap((file) => spellings(file, here)).find((file) => here.isExecutable(file));
}

function expand(named: string, here: Surroundings): string {
  return named
    .replace(/^~(?=$|[\\/])/, () => here.home)
    .replaceAll("${userHome}", here.home)
    .replaceAll("${workspaceFolder}", here.folders[0] ?? "");
}

function search(name: string, here: Surroundings): string | undefined {
  return searchedFolders(here)
    .flatMap((folder) => spellings(path.join(folder, name), here))
    .find((file) => here.isExecutable(file));
}

/** An editor started from a desktop often lacks the folders that uv installs tools into. */
function searchedFolders(here: Surroundings): string[] {
  const listed = here.searchPath.split(here.windows ? ";" : ":");
  const usual = [path.join(here.home, ".local", "bin"), path.join(here.home, ".cargo", "bin")];
  return [...listed, ...usual].filter(
    (folder) => path.isAbsolute(folder) && (here.trusted || !isInWorkspace(folder, here)),
  );
}

function isInWorkspace(folder: string, here: Surroundings): boolean {
  return here.folders.some((root) => {
    const relative = path.relative(root, folder);
    return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== "..";
  });
}

function spellings(file: string, here: Surroundings): string[] {
  return here.windows && !file.toLowerCase().endsWith(".exe") ? [`${file}.exe`, file] : [file];
}
