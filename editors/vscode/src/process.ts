import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as setTimeoutAsync } from "node:timers/promises";

import type { Found } from "./lookup";

const PATIENCE = 2_000;

/** One running server: its streams for the client, its last words for the user. */
export class ServerProcess {
  private words = "";
  private readonly gone: Promise<unknown>;
  private readonly heardOut: Promise<unknown>;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    this.gone = new Promise((resolve) => child.once("exit", resolve));
    this.heardOut = new Promise((resolve) => child.once("close", resolve));
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

  /** Settles once the process is gone and heard out; kills it where it does not go by itself. */
  async end(): Promise<void> {
    const timer = this.isGone ? undefined : setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    this.child.stdin.end();
    await this.gone;
    clearTimeout(timer);
    // A program that it started may still hold its error stream open.
    await Promise.race([this.heardOut, setTimeoutAsync(PATIENCE, undefined, { ref: false })]);
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
