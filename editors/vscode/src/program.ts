import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { CancellationToken } from "vscode";

import type { Found } from "./lookup";

/** What a finished command line said. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs uvci with `args`, the way its server was found; a cancelled run is ended. */
export async function runProgram(
  found: Found,
  args: readonly string[],
  cwd: string,
  token?: CancellationToken,
): Promise<Outcome> {
  const child = spawn(found.command, [...found.prefix, ...args], { cwd, stdio: "pipe" });
  const cancelled = token?.onCancellationRequested(() => child.kill());
  child.stdin.end();
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [output, errors, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    return { status, output, errors };
  } finally {
    cancelled?.dispose();
  }
}
