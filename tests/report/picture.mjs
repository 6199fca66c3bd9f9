/**
 * A picture of a report for the documentation: node tests/report/picture.mjs REPORT.html [#/p/ID/nD1] [KEYS] OUT.png
 * KEYS are pressed one after the other once the model is drawn, e.g. "t" for the template.
 */

import { pathToFileURL } from "node:url";
import { chromium, drawn, settled } from "./browser.mjs";

const [report, ...rest] = process.argv.slice(2), out = rest.pop(), [hash = "", keys = ""] = rest;
const browser = await chromium(), page = await browser.newPage();
await page.setViewport({ width: 1400, height: 900 });
await page.goto(pathToFileURL(report).href + hash);
await settled(page);
if (hash) {
  await drawn(page);
  for (const key of keys) {
    const frame = await page.evaluate(() => document.body.dataset.frames);
    await page.keyboard.press(key);
    await page.waitForFunction((before) => document.body.dataset.frames !== before, {}, frame);
  }
}
await page.screenshot({ path: out, fullPage: true });
await browser.close();
