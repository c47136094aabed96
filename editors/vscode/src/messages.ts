import { commands, window } from "vscode";

import type { Found } from "./lookup";
import { setServerPath } from "./settings";
import type { Supervisor } from "./supervisor";

const INSTALL = "How to Install";
const CHOOSE = "Choose Program…";
const SETTINGS = "Open Settings";
const LOG = "Show Log";
const RETRY = "Try Again";

/** No server can be found; ways out are offered. */
export function tellMissing(reason: string): void {
  void window.showErrorMessage(reason, INSTALL, CHOOSE).then(async (answer) => {
    if (answer === INSTALL) await openWalkthrough();
    if (answer === CHOOSE) await chooseProgram();
  });
}

/** The server was found, and ended before it answered. */
export function tellNotStarted(found: Found, why: string, supervisor: Supervisor): void {
  const text = `uvci could not start (${found.command}): ${why}`;
  void window.showErrorMessage(text, LOG, SETTINGS, RETRY).then(async (answer) => {
    if (answer === LOG) supervisor.showLog();
    if (answer === SETTINGS) await openSettings();
    if (answer === RETRY) await supervisor.retry();
  });
}

/** The server died too often to be started again without the user's word. */
export function tellCrashed(why: string, supervisor: Supervisor): void {
  const reason = why ? ` Its last words: ${why}` : "";
  const text = `uvci ended five times within three minutes and is left alone now.${reason}`;
  void window.showErrorMessage(text, LOG, RETRY).then(async (answer) => {
    if (answer === LOG) supervisor.showLog();
    if (answer === RETRY) await supervisor.retry();
  });
}

/** Settings of the extension's own have the wrong type. */
export function tellWrongSettings(problems: readonly string[]): void {
  void window.showErrorMessage(problems.join(" "), SETTINGS).then(async (answer) => {
    if (answer === SETTINGS) await openSettings();
  });
}

async function openWalkthrough(): Promise<void> {
  await commands.executeCommand("workbench.action.openWalkthrough", "uvci.uvci#uvci.start");
}

async function openSettings(): Promise<void> {
  await commands.executeCommand("workbench.action.openSettings", "@ext:uvci.uvci");
}

async function chooseProgram(): Promise<void> {
  const chosen = await window.showOpenDialog({ title: "The uvci program", openLabel: "Use" });
  const file = chosen?.[0];
  if (file) await setServerPath(file.fsPath);
}
