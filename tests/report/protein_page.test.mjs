/** The page of a protein, in Chromium and in Firefox: what is drawn, what is linked, what keys do. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CHROMIUM, chromium, drawn, FIREFOX, firefox, go, open, outside, XVFB } from "./browser.mjs";

const text = (page, selector) => page.$eval(selector, (n) => n.textContent);
const pressed = (page, selector) => page.$$eval(selector, (all) => all.filter((n) => n.getAttribute("aria-pressed") === "true").map((n) => n.textContent));

/** RMSD of the atoms in the viewer: CA of model and template, over the printed pairs. */
const rmsdOfAtoms = () => {
  const { scene, superposed } = window.domainflow, alternative = superposed.alternative;
  const atoms = (model) => new Map(model.selectedAtoms({ atom: "CA" }).map((a) => [a.resi, a]));
  const model = atoms(scene.viewer.getModel(0)), template = atoms(superposed.model);
  let sum = 0, n = 0;
  for (const [q, t, size] of alternative.blocks) {
    for (let k = 0; k < size; k++, n++) {
      const a = model.get(q + k), b = template.get(t + k);
      sum += (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2;
    }
  }
  return { drawn: Math.sqrt(sum / n), printed: alternative.rmsd, n, pairs: alternative.aligned };
};

for (const [name, there, launch] of [["Chromium", CHROMIUM, chromium], ["Firefox", FIREFOX && XVFB, firefox]]) {
  describe(name, { skip: there ? false : `${name} is not installed` }, () => {
    let browser;
    before(async () => { browser = await launch(); });
    after(() => browser?.close());

    test("weakest domain: one press on the first page, one key for its template", async () => {
      const { page, errors, requests } = await open(browser, "one/report.html");
      const links = await page.$$eval(".card li a", (all) => all.map((a) => a.getAttribute("href")));
      await go(page, links[0] ?? "#/p/P360/nD1");
      assert.equal(await text(page, "h1"), "P360");
      await drawn(page);
      await page.keyboard.press("1");
      if (!(await pressed(page, ".domain")).length) await page.keyboard.press("1");
      await page.keyboard.press("t");
      await page.waitForFunction(() => window.domainflow.superposed.model, { timeout: 60_000 });
      const rmsd = await page.evaluate(rmsdOfAtoms);
      assert.equal(rmsd.n, rmsd.pairs);
      assert.ok(Math.abs(rmsd.drawn - rmsd.printed) <= 0.05, `drawn ${rmsd.drawn} Å, printed ${rmsd.printed} Å`);
      assert.match(await text(page, ".alignment"), /^model {4}[A-Z]/);
      assert.match(await text(page, ".reason"), /^Assigned to 1\.1\.1 Fold number 1: probability 0\.970 \(0\.85 is needed\)/);
      assert.deepEqual(errors, []);
      assert.deepEqual(outside(requests), []);
      await page.close();
    });

    test("a domain without a relative says so, and what it rests on", async () => {
      const { page, errors } = await open(browser, "twenty/report.html", "#/p/NOPAE/nD1");
      assert.match(await text(page, ".domain .group"), /^without a relative in the reference$/);
      assert.match(await text(page, ".reason"), /^No T-group is assigned: this is a domain without a relative in the reference\. It was found/);
      assert.match(await text(page, "#detail .facts"), /rests oncoordinates aloneDPAM's ends1-145/);
      assert.match(await text(page, "#sub"), /no PAE$/);
      await go(page, "#/p/P360/nD1");
      assert.match(await text(page, "#detail .facts"), /rests ontemplates, PAEDPAM's ends/);
      assert.deepEqual(errors, []);
      await page.close();
    });

    test("keys select, colour, switch the map and turn pages", async () => {
      const { page, errors } = await open(browser, "twenty/report.html", "#/p/P360/nD2");
      await drawn(page);
      assert.equal((await pressed(page, ".domain")).length, 1);
      assert.match((await pressed(page, ".domain"))[0], /^nD2/);
      await page.keyboard.press("3");
      assert.equal(await page.evaluate(() => location.hash), "#/p/P360/nD3");
      await page.keyboard.press("Escape");
      assert.deepEqual(await pressed(page, ".domain"), []);
      await page.keyboard.press("c");
      assert.deepEqual(await pressed(page, "[data-choice=colour]"), ["pLDDT"]);
      await page.keyboard.press("m");
      assert.deepEqual(await pressed(page, "[data-choice=map]"), ["same domain?"]);
      const [key, id] = await page.$eval("#next, #previous", (a) => [a.id === "next" ? "]" : "[", decodeURIComponent(a.getAttribute("href").split("/")[2])]);
      await page.keyboard.press(key);
      await page.waitForFunction((name) => document.querySelector("h1").textContent === name, { timeout: 60_000 }, id);
      assert.deepEqual(errors, []);
      await page.close();
    });

    test("map and tracks show the same residues", async () => {
      const { page } = await open(browser, "one/report.html", "#/p/P360");
      const box = await (await page.$("#map canvas")).boundingBox();
      const at = (i, j) => [box.x + (box.width * (j - 0.5)) / 360, box.y + (box.height * (i - 0.5)) / 360];
      await page.mouse.move(...at(20, 200));
      await page.waitForFunction(() => document.querySelector("#map-read").textContent, { timeout: 60_000 });
      const read = await text(page, "#map-read"), here = await page.evaluate(() => window.domainflow.shown.hover);
      assert.match(read, new RegExp(`^[A-Z]${here.i} \\(B:${here.i + 100} in the file\\) nD1 and [A-Z]${here.j} `));
      assert.match(read, /PAE \d+ Å aligned on .* same domain 0\.20 · median of nD1 and nD2 22\.0 Å/);
      assert.ok(Math.abs(here.i - 20) <= 1 && Math.abs(here.j - 200) <= 1);
      assert.equal(await page.$$eval("#tracks-cross path", (n) => n.length), 2);
      await page.mouse.move(...at(20, 20));
      await page.mouse.down();
      await page.mouse.move(...at(80, 80), { steps: 4 });
      await page.mouse.up();
      const zoomed = await page.evaluate(() => [window.domainflow.shown.from, window.domainflow.shown.to]);
      assert.ok(Math.abs(zoomed[0] - 20) <= 2 && Math.abs(zoomed[1] - 80) <= 2, String(zoomed));
      assert.match(await text(page, "#tracks"), /sequence/);
      await page.click("#whole-chain");
      assert.deepEqual(await page.evaluate(() => [window.domainflow.shown.from, window.domainflow.shown.to]), [1, 360]);
      await page.close();
    });

    test("twenty pages one after the other", async () => {
      const { page, errors } = await open(browser, "twenty/report.html", "#/p/NOPAE");
      for (let k = 0; k < 20; k++) {
        await go(page, k % 2 ? "#/p/NOPAE/nD1" : "#/");
        if (k % 2) await drawn(page);
      }
      const ink = await page.evaluate(() => {
        window.domainflow.scene.viewer.render();
        const source = document.querySelector("#model canvas"), copy = document.createElement("canvas");
        [copy.width, copy.height] = [source.width, source.height];
        const context = copy.getContext("2d");
        context.drawImage(source, 0, 0);
        return context.getImageData(0, 0, copy.width, copy.height).data.some((v, at) => at % 4 === 2 && v < 100);
      });
      assert.ok(ink, "the last model is drawn");
      assert.deepEqual(errors, []);
      await page.close();
    });

    test("a long protein, one without PAE, and pages beside the report", async () => {
      const { page, errors } = await open(browser, "beside/report.html", "#/p/P2700");
      await drawn(page);
      assert.equal(await page.$$eval(".domain", (n) => n.length), 12);
      assert.equal(await page.$eval("#map canvas", (c) => c.width), 246);
      await go(page, "#/p/NOPAE");
      assert.deepEqual(await pressed(page, "[data-choice=map]"), ["same domain?"]);
      assert.equal(await text(page, "h1"), "NOPAE");
      await go(page, "#/p/nobody");
      assert.equal(await text(page, ".note"), "This run has no protein nobody.");
      assert.deepEqual(errors, []);
      await page.close();
    });
  });
}
