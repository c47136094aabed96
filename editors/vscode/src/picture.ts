import { commands, type TextDocument, ViewColumn, type WebviewPanel, window } from "vscode";

/** What a picture shows, as the server names it, and the title of its tab. */
export const PICTURES = { pipeline: "Pipeline", caches: "Cache Map" } as const;

export type Subject = keyof typeof PICTURES;

/** The server draws; nothing in the page may run or be loaded from elsewhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** Opens a picture of the pipeline that the file in front is part of, beside it. */
export async function showPicture(subject: Subject): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  const drawing = await draw(document, subject);
  if (!drawing) {
    void window.showInformationMessage("uvci: this file is part of no pipeline.");
    return;
  }
  open(subject).webview.html = page(drawing);
}

function draw(document: TextDocument, subject: Subject): Thenable<string | undefined> {
  return commands.executeCommand("uvci.graph", document.uri.toString(), subject, "svg");
}

function open(subject: Subject): WebviewPanel {
  const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
  return window.createWebviewPanel("uvci.picture", PICTURES[subject], where, {
    enableScripts: false,
    enableFindWidget: true,
  });
}

function page(drawing: string): string {
  return `<!doctype html>
<html><head><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>body { margin: 0; padding: 0; } svg { display: block; }</style>
</head><body>${drawing}</body></html>`;
}
