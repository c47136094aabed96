// A browser that does what it is told: one JSON request per line in, one JSON answer per line out.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, chromiumProgram, profile] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { chromium } = require("playwright-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const context = await chromium.launchPersistentContext(profile, {
  executablePath: chromiumProgram,
  headless: true,
  args: FLAGS,
  viewport: { width: 1100, height: 760 },
  deviceScaleFactor: 2,
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(20_000);

const requests = {
  open: (address) => page.goto(address),
  press: (keys) => page.keyboard.press(keys),
  type: (text) => page.keyboard.type(text, { delay: 10 }),
  insert: (text) => page.keyboard.insertText(text),
  /** The texts of what is visible under a selector. */
  texts: (selector) =>
    page.locator(selector).evaluateAll((found) =>
      found.filter((each) => each.checkVisibility()).map((each) => each.innerText),
    ),
  click: (selector, text) =>
    page.locator(selector).filter(text ? { hasText: text } : {}).first().click(),
  move: (x, y) => page.mouse.move(x, y),
  picture: (path, clip) => page.screenshot({ path, clip, animations: "disabled" }),
  box: (selector) => page.locator(selector).first().boundingBox(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line);
  try {
    const answer = await requests[name](...rest);
    const plain = name === "open" || answer instanceof Buffer ? null : (answer ?? null);
    process.stdout.write(`${JSON.stringify({ answer: plain })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error.message) })}\n`);
  }
}
await context.close();
