/**
 * The report of a real run: REPORT_REAL is the folder of its results. Every domain's page is opened, its template is
 * superposed, and what is drawn is compared with the tables beside the report.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { CHROMIUM, chromium, drawn, go, outside, PATIENCE, settled } from "./browser.mjs";

const REAL = process.env.REPORT_REAL;
const skip = !REAL ? "REPORT_REAL names no results" : !CHROMIUM ? "Chromium is not installed" : false;
const MOST = 12;

/** Rows of a table of the results. */
const table = (name) => {
  const [header, ...lines] = readFileSync(resolve(REAL, name), "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
  return lines.map((cells) => Object.fromEntries(header.map((column, k) => [column, cells[k]])));
};

/** RMSD of the drawn atoms over the printed pairs, and what is printed. */
const rmsdOfAtoms = () => {
  const { scene, superposed } = window.domainflow, alternative = superposed.alternative;
  const atoms = (model) => new Map(model.selectedAtoms({ atom: "CA" }).map((a) => [a.resi, a]));
  const model = atoms(scene.viewer.getModel(0)), template = atoms(superposed.model);
  const distances = alternative.blocks.flatMap(([q, t, size]) => Array.from({ length: size }, (_, k) => {
    const a = model.get(q + k), b = template.get(t + k);
    return (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2;
  }));
  return { drawn: Math.sqrt(distances.reduce((sum, d) => sum + d, 0) / distances.length), printed: alternative.rmsd, pairs: distances.length, aligned: alternative.aligned };
};

test("a real run: every domain of its table is drawn, its template where its number says", { skip }, async () => {
  const browser = await chromium(), page = await browser.newPage(), errors = [], requests = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(resolve(REAL, "report.html")).href);
  await settled(page);
  const ledger = table("ledger.tsv"), domains = table("domains.tsv");
  assert.match(await page.$eval("main", (n) => n.textContent), new RegExp(`${ledger.length} proteins?`));
  for (const row of domains.filter((row) => row.assignment !== "miss").slice(0, MOST)) {
    await go(page, `#/p/${row.protein}/${row.domain}`);
    await drawn(page);
    assert.match(await page.$eval(".reason", (n) => n.textContent), new RegExp(`^Assigned to ${row.t_group.replaceAll(".", "\\.")} `));
    // the key is a switch, and what is switched on stays so for the protein's next domain
    if ((await page.$eval("#template", (n) => n.getAttribute("aria-pressed"))) !== "true") await page.keyboard.press("t");
    const there = (uid) => window.domainflow.superposed.model && window.domainflow.superposed.alternative?.template === uid;
    await page.waitForFunction(there, { timeout: PATIENCE }, row.template);
    const rmsd = await page.evaluate(rmsdOfAtoms);
    assert.equal(rmsd.pairs, rmsd.aligned);
    assert.ok(Math.abs(rmsd.drawn - rmsd.printed) <= 0.05, `${row.protein} ${row.domain}: drawn ${rmsd.drawn} Å, printed ${rmsd.printed} Å`);
  }
  assert.deepEqual(errors, []);
  assert.deepEqual(outside(requests), []);
  await browser.close();
});
