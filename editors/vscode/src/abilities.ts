import {
  commands,
  type Disposable,
  extensions,
  Location as Place,
  Position,
  Range,
  Uri,
} from "vscode";
import type { ClientCapabilities, Location, StaticFeature } from "vscode-languageclient/node";

/** An extension that offers the keywords of a pipeline by itself, from GitLab's schema. */
const KNOWS_KEYWORDS = "redhat.vscode-yaml";
const SHOW = "uvci.showReferences";

/** What this editor can do, or has already, beyond the protocol: the server is told. */
export class Abilities implements StaticFeature {
  private command: Disposable | undefined;

  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const gitlabKeywords = extensions.getExtension(KNOWS_KEYWORDS) !== undefined;
    const known = capabilities.experimental as Record<string, unknown> | undefined;
    capabilities.experimental = { ...known, showReferences: true, gitlabKeywords };
  }

  initialize(): void {
    this.command = commands.registerCommand(SHOW, showReferences);
  }

  getState(): { kind: "static" } {
    return { kind: "static" };
  }

  clear(): void {
    this.command?.dispose();
    this.command = undefined;
  }
}

/** A lens was pressed: the server speaks in the protocol's plain values, the editor in its own. */
async function showReferences(
  uri: string,
  at: { line: number; character: number },
  places: Location[],
): Promise<void> {
  const found = places.map(({ uri: file, range: { start, end } }) => {
    const range = new Range(start.line, start.character, end.line, end.character);
    return new Place(Uri.parse(file), range);
  });
  const position = new Position(at.line, at.character);
  await commands.executeCommand("editor.action.showReferences", Uri.parse(uri), position, found);
}
