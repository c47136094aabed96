import { type LogOutputChannel, Uri, workspace } from "vscode";
import {
  CloseAction,
  type ConfigurationParams,
  DidChangeConfigurationNotification,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";

import { Abilities } from "./abilities";
import { SELECTOR } from "./pipelines";
import type { ServerProcess } from "./process";
import { serverSettings } from "./settings";

/** A client that writes its troubles to the log; what the user is told is the supervisor's. */
export class Client extends LanguageClient {
  constructor(
    start: () => Promise<ServerProcess>,
    log: LogOutputChannel,
    private readonly onClosed: () => void,
  ) {
    super("uvci", "uvci", async () => (await start()).child, options(log, () => this.onClosed()));
    this.registerFeature(new Abilities());
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Tells the server what the user has set now. */
  async sendSettings(): Promise<void> {
    const settings = { uvci: serverSettings() };
    await this.sendNotification(DidChangeConfigurationNotification.type, { settings });
  }
}

function options(log: LogOutputChannel, onClosed: () => void): LanguageClientOptions {
  return {
    documentSelector: SELECTOR,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionName: "uvci",
    initializationOptions: () => serverSettings(),
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        onClosed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      workspace: {
        configuration: (params: ConfigurationParams) =>
          params.items.map((item) => {
            const scope = item.scopeUri ? Uri.parse(item.scopeUri) : undefined;
            if (item.section === "uvci") return serverSettings(scope);
            return workspace.getConfiguration(undefined, scope).get(item.section ?? "") ?? null;
          }),
      },
    },
  };
}
