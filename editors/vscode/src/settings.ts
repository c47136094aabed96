import {
  type ConfigurationScope,
  ConfigurationTarget,
  workspace,
  type WorkspaceConfiguration,
} from "vscode";

/** What only the extension reads; everything else under `uvci` is the server's. */
export interface OwnSettings {
  readonly path: string;
  readonly interpreter: string;
}

const OWN = ["path", "interpreter"] as const;
const NOT_THE_SERVERS = new Set<string>([...OWN, "trace"]);

/** The extension's own settings, and a sentence for each that is not a text. */
export function readOwnSettings(): { settings: OwnSettings; problems: string[] } {
  const section = workspace.getConfiguration("uvci");
  const problems: string[] = [];
  const text = (name: (typeof OWN)[number]): string => {
    const value: unknown = section.get(name) ?? "";
    if (typeof value === "string") return value.trim();
    problems.push(`uvci.${name} must be a text, not ${JSON.stringify(value)}.`);
    return "";
  };
  return { settings: { path: text("path"), interpreter: text("interpreter") }, problems };
}

/**
 * What the user set for the server. Defaults are left out: a default of the editor must not win
 * over what the project's own uvci.toml or pyproject.toml says.
 */
export function serverSettings(scope?: ConfigurationScope): Record<string, unknown> {
  const section = workspace.getConfiguration("uvci", scope);
  const set: Record<string, unknown> = {};
  for (const name of Object.keys(section)) {
    if (!NOT_THE_SERVERS.has(name) && isSet(section, name)) set[name] = section.get(name);
  }
  return set;
}

function isSet(section: WorkspaceConfiguration, name: string): boolean {
  const found = section.inspect(name);
  return [
    found?.globalValue,
    found?.workspaceValue,
    found?.workspaceFolderValue,
    found?.globalLanguageValue,
    found?.workspaceLanguageValue,
    found?.workspaceFolderLanguageValue,
  ].some((value) => value !== undefined);
}

/** Sets `uvci.path` for the user, where every workspace finds it. */
export async function setServerPath(file: string): Promise<void> {
  await workspace.getConfiguration("uvci").update("path", file, ConfigurationTarget.Global);
}
