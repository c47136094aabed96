import {
  commands,
  type Disposable,
  type ExtensionContext,
  extensions,
  type TextDocument,
  window,
  workspace,
} from "vscode";

import { WorkspaceCheck } from "./check";
import type { Found } from "./lookup";
import { showPicture } from "./picture";
import { ANY_PIPELINE, isPipelineName } from "./pipelines";
import { runProgram } from "./program";
import { StatusItem } from "./status";
import { Supervisor } from "./supervisor";

const NEEDS_ANOTHER_SERVER = ["uvci.path", "uvci.interpreter"];

let running: Supervisor | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const { version } = context.extension.packageJSON as { version: string };
  const log = window.createOutputChannel("uvci", { log: true });
  await workspace.fs.createDirectory(context.globalStorageUri);
  const supervisor = new Supervisor(version, context.globalStorageUri.fsPath, log);
  running = supervisor;
  context.subscriptions.push(
    log,
    new StatusItem(supervisor),
    ...registerCommands(supervisor),
    ...watchWorkspace(supervisor),
  );
  if (await hasPipeline()) await supervisor.start();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

/** A window without a pipeline needs no server, however much other YAML is open in it. */
async function hasPipeline(): Promise<boolean> {
  if (workspace.textDocuments.some(isPipeline)) return true;
  return (await workspace.findFiles(ANY_PIPELINE, "**/node_modules/**", 1)).length > 0;
}

function isPipeline(document: TextDocument): boolean {
  return document.uri.scheme === "file" && isPipelineName(document.uri.fsPath);
}

function watchWorkspace(supervisor: Supervisor): Disposable[] {
  return [
    workspace.onDidOpenTextDocument((document) => {
      if (isPipeline(document)) void supervisor.start();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void supervisor.restart()),
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("uvci")) return;
      if (NEEDS_ANOTHER_SERVER.some((name) => change.affectsConfiguration(name))) {
        await supervisor.retry();
      } else if (supervisor.state === "running") {
        await supervisor.client?.sendSettings();
      }
    }),
  ];
}

function registerCommands(supervisor: Supervisor): Disposable[] {
  const check = new WorkspaceCheck();
  const withProgram = (task: (found: Found) => Promise<void>) => async () => {
    if (!supervisor.found) await supervisor.retry();
    if (!supervisor.found) return;
    await task(supervisor.found).catch((error: unknown) =>
      window.showErrorMessage(`uvci: ${error instanceof Error ? error.message : `${error}`}`),
    );
  };
  return [
    check,
    commands.registerCommand("uvci.restart", () => supervisor.retry()),
    commands.registerCommand("uvci.showLog", () => supervisor.showLog()),
    commands.registerCommand("uvci.fixFile", fixFile),
    commands.registerCommand("uvci.showEffectivePipeline", showEffectivePipeline),
    commands.registerCommand("uvci.showPipeline", () => showPicture("pipeline")),
    commands.registerCommand("uvci.showCacheMap", () => showPicture("caches")),
    commands.registerCommand("uvci.doctor", withProgram(showDoctor)),
    commands.registerCommand("uvci.checkWorkspace", withProgram((found) => check.run(found))),
  ];
}

async function fixFile(): Promise<void> {
  await commands.executeCommand("editor.action.codeAction", {
    kind: "source.fixAll.uvci",
    apply: "first",
  });
}

/** The pipeline of the file in front as GitLab would build it, each value with its origin. */
async function showEffectivePipeline(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  const content = await commands.executeCommand<string>("uvci.resolve", document.uri.toString());
  if (!content) {
    void window.showInformationMessage("uvci: this file is part of no pipeline.");
    return;
  }
  const shown = await workspace.openTextDocument({ content, language: "yaml" });
  await window.showTextDocument(shown, { preview: true });
}

/** Why the server is, or is not, attached to the file in front. */
async function showDoctor(found: Found): Promise<void> {
  const document = window.activeTextEditor?.document;
  const file = document?.uri.scheme === "file" ? document.uri.fsPath : undefined;
  const folder = document && workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  const outcome = await runProgram(found, ["doctor", ...(file ? [file] : [])], folder ?? ".");
  const content = [outcome.output, outcome.errors].filter(Boolean).join("\n");
  const editors = extensions.all
    .filter((each) => /yaml|gitlab/i.test(each.id) && each.isActive)
    .map((each) => `  ${each.id} ${(each.packageJSON as { version: string }).version}`);
  const report = [content.trimEnd(), "", "Other extensions at work on YAML:", ...editors];
  const shown = await workspace.openTextDocument({ content: report.join("\n") });
  await window.showTextDocument(shown, { preview: true });
}
