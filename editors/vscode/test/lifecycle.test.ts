import assert from "node:assert/strict";
import { test } from "node:test";

import { CrashCount } from "../src/crashes";
import type { Found } from "../src/lookup";
import { ServerProcess } from "../src/process";
import { Queue } from "../src/queue";

const MINUTE = 60_000;

test("the fifth crash within three minutes is the last", () => {
  const crashes = new CrashCount();
  const answers = [0, 1, 2, 3, 4].map((second) => crashes.mayRestartAfter(second * 1000));
  assert.deepEqual(answers, [true, true, true, true, false]);
});

test("crashes that lie further apart do not add up", () => {
  const crashes = new CrashCount();
  const answers = [0, 1, 2, 3, 4, 5].map((minute) => crashes.mayRestartAfter(minute * MINUTE));
  assert.ok(answers.every(Boolean));
});

test("asking for another try forgets the crashes", () => {
  const crashes = new CrashCount(2);
  crashes.mayRestartAfter(0);
  crashes.clear();
  assert.ok(crashes.mayRestartAfter(1));
});

test("tasks never overlap, and a waiting one runs once", async () => {
  const queue = new Queue();
  const seen: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const first = queue.add("restart", async () => {
    seen.push("first begins");
    await gate;
    seen.push("first ends");
  });
  await Promise.resolve();
  const again = async () => void seen.push("again");
  const second = queue.add("restart", again);
  const third = queue.add("restart", again);
  open();
  await Promise.all([first, second, third]);
  assert.deepEqual(seen, ["first begins", "first ends", "again"]);
});

test("a task that fails does not hold up the next", async () => {
  const queue = new Queue();
  const failing = queue.add("start", () => Promise.reject(new Error("no")));
  const next = queue.add("stop", () => Promise.resolve());
  await assert.rejects(failing, /no/);
  await next;
});

const node = (script: string): Found => ({
  source: "setting",
  command: process.execPath,
  prefix: ["-e", script],
});

test("a server goes when its input ends, and its last words are kept", async () => {
  const script = 'process.stdin.resume().on("end", () => console.error("one\\ngood bye"))';
  const server = await ServerProcess.start(node(script), ".");
  await server.end();
  assert.equal(server.child.exitCode, 0);
  assert.equal(server.lastWords, "good bye");
});

test("a server that does not go is ended", async () => {
  const script = "setInterval(() => 0, 1000)";
  const server = await ServerProcess.start(node(script), ".");
  await server.end();
  assert.ok(server.isGone);
  assert.equal(server.child.signalCode, "SIGKILL");
});

test("a program that cannot be run rejects", async () => {
  const nowhere: Found = { source: "setting", command: "/nowhere/uvci", prefix: [] };
  await assert.rejects(ServerProcess.start(nowhere, "."), /ENOENT/);
});
