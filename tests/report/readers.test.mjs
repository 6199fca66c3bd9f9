/** The report for all its readers: assistive programs, phones, paper, browsers without WebGL, eyes that see no green. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { chromium, drawn, go, open, PAGES } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = resolve(PAGES, "pictures");
mkdirSync(PICTURES, { recursive: true });

let browser;
before(async () => { browser = await chromium(); });
after(() => browser.close());

const picture = (page, name) => page.screenshot({ path: resolve(PICTURES, `${name}.png`), fullPage: true });

/** What axe-core finds: rule and the first place. The page's policy is set aside, since axe has to be put into it. */
async function violations(name, hash, ready) {
  const page = await browser.newPage();
  await page.setBypassCSP(true);
  await page.setViewport({ width: 1500, height: 1000 });
  await page.goto("file://" + resolve(PAGES, name) + hash);
  await page.waitForSelector(ready, { timeout: 60_000 });
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`));
  await page.close();
  return found;
}

for (const [name, hash, ready] of [
  ["twenty/report.html", "", "body[data-ready='1']"], ["other/report.html", "", "body[data-ready='1']"],
  ["codons/report.html", "", "body[data-ready='1']"],
  ["one/report.html", "#/p/P360/nD1", "body[data-frames]"], ["one/report.html", "#/p/P360", "body[data-frames]"],
  ["one/report.html", "#/p/nobody", "body[data-ready='1']"],
]) {
  test(`axe finds nothing in ${name}${hash}`, async () => assert.deepEqual(await violations(name, hash, ready), []));
}

test("on a phone nothing is wider than the screen", async () => {
  for (const [name, hash] of [["twenty", ""], ["other", ""], ["codons", ""], ["one", "#/p/P360/nD1"]]) {
    const { page, errors } = await open(browser, `${name}/report.html`, hash, { width: 400, height: 800, isMobile: true, hasTouch: true });
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= 400 && screen <= 400, `${name}${hash}: ${wide} of ${screen} pixels`);
    assert.deepEqual(errors, []);
    await picture(page, `phone-${name}`);
    await page.close();
  }
});

test("without WebGL a sentence says so, and all else works", async () => {
  const without = await chromium("--disable-3d-apis");
  try {
    const { page, errors } = await open(without, "one/report.html", "#/p/P360/nD1");
    assert.match(await page.$eval("#model", (n) => n.textContent), /shows no WebGL/);
    for (const button of ["#template", "#picture"]) assert.equal(await page.$eval(button, (b) => b.disabled), true);
    assert.ok((await page.$$eval("#tracks rect", (n) => n.length)) > 20);
    await page.click("[data-template]");
    assert.match(await page.$eval(".alignment", (n) => n.textContent), /^model/);
    assert.deepEqual(errors, []);
    await picture(page, "no-webgl");
  } finally {
    await without.close();
  }
});

test("paper has all rows and the model as a picture", async () => {
  const { page } = await open(browser, "twenty/report.html");
  writeFileSync(resolve(PICTURES, "run.pdf"), await page.pdf({ format: "A4", printBackground: true }));
  await go(page, "#/p/P360/nD1");
  await drawn(page);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const inked = await page.$eval("#model-print", (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let k = 0; k < data.length; k += 4) if (data[k + 3] && data[k] + data[k + 1] + data[k + 2] < 600) dark++;
    return dark / (data.length / 4);
  });
  assert.ok(inked > 0.005, `${inked} of the picture is drawn`);
  await page.emulateMediaType("print");
  assert.equal(await page.$eval("#model", (n) => getComputedStyle(n).display), "none");
  assert.equal(await page.$eval(".top nav", (n) => getComputedStyle(n).display), "none");
  await page.emulateMediaType();
  writeFileSync(resolve(PICTURES, "protein.pdf"), await page.pdf({ format: "A4", printBackground: true }));
  await page.close();
});

test("labels and statuses differ in shape, so that colours are not needed", async () => {
  const { page } = await open(browser, "twenty/report.html");
  const shapes = await page.$$eval(".legend button .mark", (marks) => marks.map((m) => m.innerHTML.replace(/(fill|stroke)="#\w+"/g, "")));
  assert.equal(shapes.length, 8);
  assert.equal(new Set(shapes).size, 8);
  await page.emulateVisionDeficiency("deuteranopia");
  await picture(page, "deuteranopia-run");
  await go(page, "#/p/P360");
  await drawn(page);
  await picture(page, "deuteranopia-protein");
  await page.close();
});
