import assert from "node:assert/strict";
import { test } from "node:test";

import { findServer, type Surroundings } from "../src/lookup";

/** A machine that has `programs`, each executable. */
function machine(programs: string[], changes: Partial<Surroundings> = {}): Surroundings {
  return {
    settings: { path: "", interpreter: "" },
    folders: ["/project"],
    trusted: true,
    version: "1.2.3",
    windows: false,
    home: "/home/ada",
    searchPath: "/usr/local/bin:/usr/bin",
    isExecutable: (file) => programs.includes(file),
    ...changes,
  };
}

const EVERYTHING = ["/opt/uvci", "/project/.venv/bin/uvci", "/usr/bin/uvci", "/usr/bin/uvx"];

function withPath(path: string): Partial<Surroundings> {
  return { settings: { path, interpreter: "" } };
}

test("what the settings name comes first", () => {
  const found = findServer(machine(EVERYTHING, withPath("/opt/uvci")));
  assert.deepEqual(found, { source: "setting", command: "/opt/uvci", prefix: [] });
});

test("then the workspace's own server", () => {
  const found = findServer(machine(EVERYTHING));
  assert.deepEqual(found, { source: "workspace", command: "/project/.venv/bin/uvci", prefix: [] });
});

test("then the search path", () => {
  const found = findServer(machine(["/usr/bin/uvci", "/usr/bin/uvx"]));
  assert.deepEqual(found, { source: "search path", command: "/usr/bin/uvci", prefix: [] });
});

test("then uvx, with the extension's version", () => {
  const found = findServer(machine(["/usr/bin/uvx"]));
  assert.deepEqual(found, { source: "uvx", command: "/usr/bin/uvx", prefix: ["uvci@1.2.3"] });
});

test("nothing found is said in one sentence", () => {
  const found = findServer(machine([]));
  assert.equal(found.source, undefined);
  assert.match("reason" in found ? found.reason : "", /^uvci was not found: .*\.$/);
});

test("a named program that does not exist is not passed over", () => {
  const found = findServer(machine(EVERYTHING, withPath("/nowhere/uvci")));
  assert.deepEqual(found, {
    source: undefined,
    reason: "uvci.path is /nowhere/uvci, and no such program exists.",
  });
});

test("a named interpreter runs the module, without the folder it stands in", () => {
  const settings = { path: "", interpreter: "python3" };
  const found = findServer(machine(["/usr/bin/python3"], { settings }));
  assert.deepEqual(found, {
    source: "setting",
    command: "/usr/bin/python3",
    prefix: ["-P", "-m", "uvci"],
  });
});

for (const [written, meant] of [
  ["~/bin/uvci", "/home/ada/bin/uvci"],
  ["${userHome}/bin/uvci", "/home/ada/bin/uvci"],
  ["${workspaceFolder}/env/bin/uvci", "/project/env/bin/uvci"],
  ["env/bin/uvci", "/project/env/bin/uvci"],
  ["uvci", "/usr/bin/uvci"],
] as const) {
  test(`uvci.path may be written ${written}`, () => {
    const found = findServer(machine([meant], withPath(written)));
    assert.deepEqual(found, { source: "setting", command: meant, prefix: [] });
  });
}

test("the folder that uv installs tools into is searched too", () => {
  const found = findServer(machine(["/home/ada/.local/bin/uvci"]));
  assert.equal("command" in found && found.command, "/home/ada/.local/bin/uvci");
});

test("a second workspace folder's server serves as well", () => {
  const folders = ["/project", "/other"];
  const found = findServer(machine(["/other/.venv/bin/uvci"], { folders }));
  assert.equal("command" in found && found.command, "/other/.venv/bin/uvci");
});

test("an untrusted workspace's own server is not run", () => {
  const found = findServer(machine(EVERYTHING, { trusted: false }));
  assert.equal("command" in found && found.command, "/usr/bin/uvci");
});

test("an untrusted workspace on the search path is not searched", () => {
  const searchPath = "/project/.venv/bin:.:/usr/bin";
  const found = findServer(machine(EVERYTHING, { trusted: false, searchPath }));
  assert.equal("command" in found && found.command, "/usr/bin/uvci");
});

test("an untrusted workspace's uv.toml does not choose where uvx installs from", () => {
  const found = findServer(machine(["/usr/bin/uvx"], { trusted: false }));
  assert.deepEqual("prefix" in found && found.prefix, ["--no-config", "uvci@1.2.3"]);
});
