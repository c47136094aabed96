import {
  type Disposable,
  type LanguageStatusItem,
  languages,
  LanguageStatusSeverity,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import { SELECTOR } from "./pipelines";
import type { Supervisor } from "./supervisor";

/** What the server says of one file; a file that belongs to no pipeline has no roots. */
export interface FileStatus {
  readonly version: string;
  readonly catalog: string;
  readonly uv?: readonly string[];
  readonly roots?: readonly string[];
}

/** The line in the language status of a pipeline: server, catalog, and the file's uv. */
export class StatusItem implements Disposable {
  private readonly item: LanguageStatusItem;
  private readonly subscriptions: Disposable[];

  constructor(private readonly supervisor: Supervisor) {
    this.item = languages.createLanguageStatusItem("uvci.status", SELECTOR);
    this.item.name = "uvci";
    this.subscriptions = [
      supervisor.onChange(() => void this.update()),
      window.onDidChangeActiveTextEditor(() => void this.update()),
      workspace.onDidSaveTextDocument(() => void this.update()),
      languages.onDidChangeDiagnostics(() => void this.update()),
    ];
    void this.update();
  }

  dispose(): void {
    this.item.dispose();
    for (const each of this.subscriptions) each.dispose();
  }

  private async update(): Promise<void> {
    const { state } = this.supervisor;
    this.item.busy = state === "starting";
    this.item.severity =
      state === "failed" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    if (state !== "running") {
      this.show(`uvci: ${TITLES[state]}`, "", { title: "Restart", command: "uvci.restart" });
      return;
    }
    const status = await this.ask(window.activeTextEditor?.document);
    const version = status?.version ?? this.supervisor.client?.initializeResult?.serverInfo?.version;
    const doctor = { title: "Doctor", command: "uvci.doctor" };
    this.show(`uvci ${version ?? ""}`.trim(), status ? describe(status) : "", doctor);
  }

  private async ask(document: TextDocument | undefined): Promise<FileStatus | undefined> {
    const { client } = this.supervisor;
    const known = client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    if (!client || !document || !known.includes("uvci.status")) return undefined;
    if (languages.match(SELECTOR, document) === 0) return undefined;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const params = { command: "uvci.status", arguments: [uri] };
    return client.sendRequest(ExecuteCommandRequest.type, params).catch(() => undefined);
  }

  private show(text: string, detail: string, command: LanguageStatusItem["command"]): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.command = command;
  }
}

const TITLES = { idle: "not running", starting: "starting", failed: "not running" } as const;

/** What the status line says of a file. */
function describe({ catalog, uv = [], roots = [] }: FileStatus): string {
  const known = `catalog of ${catalog}`;
  if (roots.length === 0) return `${known}, not part of a pipeline`;
  return `${known}, ${uv.length > 0 ? `uv ${uv.join(" and ")}` : "uv's version unknown"}`;
}
