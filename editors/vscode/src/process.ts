import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

import type { Found } from "./lookup";

const PATIENCE = 2_000;

/** One running server: its streams for the client, its last words for the user. */
export class ServerProcess {
  private words = "";

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      this.words = (this.words + chunk).slice(-4_096);
    });
  }

  /** Starts `found` with the command `server`; rejects where the system cannot run it. */
  static async start(found: Found, cwd: string): Promise<ServerProcess> {
    const child = spawn(found.command, [...found.prefix, "server"], { cwd, stdio: "pipe" });
    const started = new ServerProcess(child);
    await once(child, "spawn");
    // A pipe that breaks when the server dies is told by the connection's end.
    child.stdin.on("error", () => undefined);
    return started;
  }

  /** The last line that the server wrote to its error stream. */
  get lastWords(): string {
    return this.words.trim().split("\n").at(-1)?.trim() ?? "";
  }

  /** Settles once the process is gone; kills it where it does not go by itself. */
  async end(): Promise<void> {
    if (this.isGone) return;
    const gone = once(this.child, "exit");
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    await gone;
    clearTimeout(timer);
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
