import * as fs from "node:fs";
import * as os from "node:os";
import { workspace } from "vscode";

import type { Surroundings } from "./lookup";
import type { OwnSettings } from "./settings";

/** This machine and this window, as the lookup asks for them. */
export function surroundings(settings: OwnSettings, version: string): Surroundings {
  return {
    settings,
    folders: localFolders(),
    trusted: workspace.isTrusted,
    version,
    windows: process.platform === "win32",
    home: os.homedir(),
    searchPath: process.env.PATH ?? process.env.Path ?? "",
    isExecutable,
  };
}

/** The workspace's folders that are on this machine's disk. */
export function localFolders(): string[] {
  return (workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
