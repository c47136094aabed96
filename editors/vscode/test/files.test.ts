import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { byPath, readFindings } from "../src/findings";
import { isPipelineName } from "../src/pipelines";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));

for (const [file, expected] of [
  ["/p/.gitlab-ci.yml", true],
  ["/p/.gitlab-ci.yaml", true],
  ["/p/ci/build.gitlab-ci.yml", true],
  ["/p/.gitlab/ci/test.yml", true],
  ["C:\\p\\.gitlab\\ci\\test.yaml", true],
  ["/p/.gitlab/CODEOWNERS", false],
  ["/p/docker-compose.yml", false],
  ["/p/.gitlab-ci.yml.orig", false],
  ["/p/gitlab-ci.yml", false],
] as const) {
  test(`${file} is ${expected ? "" : "not "}a pipeline by its name`, () => {
    assert.equal(isPipelineName(file), expected);
  });
}

test("the settings are the server's, and the extension's own", () => {
  const ran = spawnSync(process.execPath, ["scripts/settings.mjs", "--check"], { encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
});

test("the extension asks uvx for the server of its own version", () => {
  const source = readFileSync("../../server/uvci/__init__.py", "utf8");
  assert.equal(manifest.version, /__version__ = "(.+)"/.exec(source)?.[1]);
});

test("every command of the manifest is registered, and no other", () => {
  const source = readFileSync("src/extension.ts", "utf8");
  const registered = [...source.matchAll(/registerCommand\("([^"]+)"/g)].map((match) => match[1]);
  const declared = manifest.contributes.commands.map((each: { command: string }) => each.command);
  assert.deepEqual(registered.sort(), declared.sort());
});

test("the lock file names no place to download from", () => {
  assert.doesNotMatch(readFileSync("package-lock.json", "utf8"), /"resolved"/);
});

test("findings are read and grouped by file", () => {
  const place = { line: 1, column: 1 };
  const finding = { code: "UVC101", severity: "warning", message: "m", start: place, end: place };
  const printed = JSON.stringify(["a", "b", "a"].map((path) => ({ ...finding, path, url: null })));
  const sizes = [...byPath(readFindings(printed))].map(([path, here]) => [path, here.length]);
  assert.deepEqual(sizes, [["a", 2], ["b", 1]]);
});

test("what is not a list of findings is refused", () => {
  assert.throws(() => readFindings("{}"), /did not print a list/);
});
