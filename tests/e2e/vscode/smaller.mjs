// Writes pictures again with no more colours than they need.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const COLOURS = 96;
const [modules, ...pictures] = process.argv.slice(2);
const UPNG = createRequire(pathToFileURL(`${modules}/`))("upng-js");

for (const picture of pictures) {
  const { buffer } = new Uint8Array(readFileSync(picture));
  const { width, height, ...rest } = UPNG.decode(buffer);
  const [pixels] = UPNG.toRGBA8({ width, height, ...rest });
  writeFileSync(picture, Buffer.from(UPNG.encode([pixels], width, height, COLOURS)));
}
