import { EventEmitter, type LogOutputChannel } from "vscode";

import { Client } from "./client";
import { CrashCount } from "./crashes";
import { findServer, type Found } from "./lookup";
import { tellCrashed, tellMissing, tellNotStarted, tellWrongSettings } from "./messages";
import { ServerProcess } from "./process";
import { Queue } from "./queue";
import { readOwnSettings } from "./settings";
import { surroundings } from "./surroundings";

export type State = "idle" | "starting" | "running" | "failed";

/**
 * Keeps at most one server running: it is started, stopped and restarted in order, restarted where
 * it dies, and left alone where it dies again and again.
 */
export class Supervisor {
  state: State = "idle";
  found: Found | undefined;
  client: Client | undefined;
  private process: ServerProcess | undefined;
  private readonly queue = new Queue();
  private readonly crashes = new CrashCount();
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;

  constructor(
    private readonly version: string,
    private readonly neutralFolder: string,
    private readonly log: LogOutputChannel,
  ) {}

  /** Starts the server unless it runs or has been given up. */
  async start(): Promise<void> {
    if (this.state === "idle") await this.restart();
  }

  /** Stops the server where one runs, and starts what the settings now say. */
  restart(): Promise<void> {
    return this.queue.add("restart", async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  /** The user asks for another try: earlier crashes no longer count. */
  retry(): Promise<void> {
    this.crashes.clear();
    return this.restart();
  }

  stop(): Promise<void> {
    return this.queue.add("stop", () => this.stopNow());
  }

  private async startNow(): Promise<void> {
    const { settings, problems } = readOwnSettings();
    if (problems.length > 0) tellWrongSettings(problems);
    const here = surroundings(settings, this.version);
    const found = findServer(here);
    this.found = undefined;
    if (found.source === undefined) {
      this.log.error(found.reason);
      this.enter("failed");
      if (problems.length === 0) tellMissing(found.reason);
      return;
    }
    this.found = found;
    this.log.info(`Starting ${[found.command, ...found.prefix, "server"].join(" ")}`);
    this.log.info(`Found by: ${found.source}`);
    this.enter("starting");
    const folder = here.trusted ? (here.folders[0] ?? this.neutralFolder) : this.neutralFolder;
    await this.connect(found, folder);
  }

  private async connect(found: Found, folder: string): Promise<void> {
    const start = async (): Promise<ServerProcess> => {
      this.process = await ServerProcess.start(found, folder);
      return this.process;
    };
    this.client = new Client(start, this.log, () => this.closed());
    try {
      await this.client.start();
      this.enter("running");
    } catch (error) {
      const { process } = this;
      await this.stopNow();
      this.enter("failed");
      const why = process?.lastWords || (error instanceof Error ? error.message : `${error}`);
      tellNotStarted(found, why, this);
    }
  }

  /** The connection ended by itself. */
  private closed(): void {
    if (this.state !== "running") return;
    const { process } = this;
    const again = this.crashes.mayRestartAfter(Date.now());
    if (again) void this.restart();
    else this.enter("failed");
    void process?.end().then(() => {
      this.log.warn(`The server ended unexpectedly. ${process.lastWords}`);
      if (!again) tellCrashed(process.lastWords, this);
    });
  }

  private async stopNow(): Promise<void> {
    const { client, process } = this;
    this.client = undefined;
    this.process = undefined;
    if (client?.isRunning()) await client.stop().catch(() => undefined);
    await process?.end();
    if (this.state !== "failed") this.enter("idle");
  }

  private enter(state: State): void {
    this.state = state;
    this.changed.fire();
  }

  /** Brings the server's log to the front. */
  showLog(): void {
    this.log.show(true);
  }
}
