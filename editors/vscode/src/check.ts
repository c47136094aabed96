import * as path from "node:path";
import {
  type CancellationToken,
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  languages,
  ProgressLocation,
  Range,
  Uri,
  window,
  workspace,
} from "vscode";

import { byPath, type Finding, readFindings } from "./findings";
import type { Found } from "./lookup";
import { runProgram } from "./program";
import { localFolders } from "./surroundings";

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** Findings in files that are not open; an open file's are the server's own. */
export class WorkspaceCheck implements Disposable {
  private readonly shown: DiagnosticCollection;
  private readonly subscription: Disposable;

  constructor() {
    this.shown = languages.createDiagnosticCollection("uvci workspace");
    this.subscription = workspace.onDidOpenTextDocument(({ uri }) => this.shown.delete(uri));
  }

  dispose(): void {
    this.shown.dispose();
    this.subscription.dispose();
  }

  /** Checks every pipeline of the workspace, with progress that can be cancelled. */
  async run(found: Found): Promise<void> {
    const place = { location: ProgressLocation.Notification, cancellable: true };
    const title = "uvci: checking the workspace";
    const count = await window.withProgress({ ...place, title }, (_, token) =>
      this.check(found, token),
    );
    if (count !== undefined) void window.showInformationMessage(summary(count));
  }

  /** How many findings there are now; undefined where the user had enough. */
  private async check(found: Found, token: CancellationToken): Promise<number | undefined> {
    this.shown.clear();
    let count = 0;
    for (const folder of localFolders()) {
      const args = ["check", "--output-format", "json", "--exit-zero", folder];
      const outcome = await runProgram(found, args, folder, token);
      if (token.isCancellationRequested) return undefined;
      if (outcome.status !== 0) throw new Error(outcome.errors.trim());
      const findings = readFindings(outcome.output);
      count += findings.length;
      this.show(folder, findings);
    }
    return count;
  }

  private show(folder: string, findings: readonly Finding[]): void {
    const open = new Set(workspace.textDocuments.map((document) => document.uri.toString()));
    for (const [name, here] of byPath(findings)) {
      const uri = Uri.file(path.resolve(folder, name));
      if (!open.has(uri.toString())) this.shown.set(uri, here.map(diagnostic));
    }
  }
}

function diagnostic(finding: Finding): Diagnostic {
  const { start, end } = finding;
  const range = new Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
  const made = new Diagnostic(range, finding.message, SEVERITIES[finding.severity]);
  made.source = "uvci";
  made.code = finding.url ? { value: finding.code, target: Uri.parse(finding.url) } : finding.code;
  return made;
}

function summary(count: number): string {
  if (count === 0) return "uvci: nothing to report in this workspace.";
  return `uvci: ${count === 1 ? "one finding" : `${count} findings`}, listed under Problems.`;
}
