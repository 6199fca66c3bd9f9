/** The page of the run in Chromium: 1, 20 and 10,000 proteins, other workflows, hostile ids. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { addressOf, chromium, go, open, outside, PAGES, settled } from "./browser.mjs";

let browser;
before(async () => { browser = await chromium(); });
after(() => browser.close());

const texts = (page, selector) => page.$$eval(selector, (nodes) => nodes.map((n) => n.textContent));

for (const [name, number] of [["one", 1], ["twenty", 20], ["many", 10_000]]) {
  test(`${number} proteins open without an error and without a request`, async () => {
    const { page, errors, requests } = await open(browser, `${name}/report.html`);
    const drawnRows = await page.$$eval(".row", (rows) => rows.length);
    assert.equal((await texts(page, "h2"))[0], `${number.toLocaleString("en")} protein${number > 1 ? "s" : ""}`);
    assert.ok(drawnRows >= Math.min(number, 10) && drawnRows < 80, `${drawnRows} rows are drawn`);
    assert.deepEqual(errors, []);
    assert.deepEqual(outside(requests), []);
    await page.close();
  });
}

test("10,000 rows take at most 2 MB; how long they take to open is printed", async (t) => {
  const bytes = statSync(resolve(PAGES, "many/report.html")).size;
  assert.ok(bytes <= 2e6, `${bytes} bytes`);
  const times = { blank: [], many: [] };
  for (let k = 0; k < 5; k++) {
    for (const [key, name] of [["blank", "blank.html"], ["many", "many/report.html"]]) {
      const page = await browser.newPage(), begin = performance.now();
      await page.goto(addressOf(name));
      await settled(page);
      times[key].push(performance.now() - begin);
      await page.close();
    }
  }
  const median = (list) => list.sort((a, b) => a - b)[2], ratio = median(times.many) / median(times.blank);
  t.diagnostic(`${bytes} bytes; opens in ${ratio.toFixed(1)} times a blank page`);
});

test("filters, search and order find what is in the data", async () => {
  const { page, errors } = await open(browser, "many/report.html");
  const expected = await page.evaluate(() => {
    const { rows, domains } = window.domainflow.app.run, failed = rows.status.filter((s) => s === "failed").length;
    return { failed, simple: new Set(domains.row.filter((_, d) => domains.label[d] === "simple_topology")).size };
  });
  const count = () => page.$eval("#count", (n) => n.textContent);
  await page.click("[data-filter=status][data-value=failed]");
  assert.equal(await count(), `${expected.failed} of 10,000 shown`);
  await page.click("#all");
  await page.click("[data-filter=label][data-value=simple_topology]");
  assert.equal(await count(), `${expected.simple} of 10,000 shown`);
  await page.click("#all");
  await page.keyboard.press("/");
  await page.keyboard.type("q00042");
  assert.equal(await count(), "1 of 10,000 shown");
  await page.click("#all");
  const doubts = await page.$$eval(".row .meter i", (bars) => bars.map((b) => parseFloat(b.style.width)));
  assert.deepEqual(doubts, [...doubts].sort((a, b) => b - a), "the most doubtful come first");
  await page.click(".rows-head [role=columnheader]:nth-child(2) button");
  const lengths = (await texts(page, ".row > :nth-child(2)")).map((x) => Number(x.replace(",", "")));
  assert.deepEqual(lengths, [...lengths].sort((a, b) => b - a), "the longest come first");
  await page.focus(".rows");
  await page.keyboard.press("End");
  assert.equal(await page.$eval(".row[aria-selected=true]", (n) => n.getAttribute("aria-rowindex")), "10001");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a failed protein and its cause stand on the first page", async () => {
  const { page } = await open(browser, "many/report.html");
  const causes = (await texts(page, ".card li")).filter((text) => text.includes("failed at ALIGN_TEMPLATES"));
  assert.equal(causes.length, 1);
  assert.match(causes[0], /^\d+ failed at ALIGN_TEMPLATES: the process was killed \(137\); give it more memory such as Q\d+/);
  await page.close();
});

for (const [width, mobile] of [[1200, false], [400, true]]) {
  const size = { width, height: 800, isMobile: mobile, hasTouch: mobile };

  /** The selected domain, and whether its reason is on the screen. */
  const opened = async (page) => {
    await page.waitForFunction(() => document.body.dataset.ready && document.querySelector("#why .reason"), { timeout: 60_000 });
    const [top, bottom] = await page.$eval("#why .reason", (n) => [n.getBoundingClientRect().top, n.getBoundingClientRect().bottom]);
    assert.ok(top > 0 && bottom < size.height, `the reason is at ${top} to ${bottom} of ${size.height}`);
    return page.evaluate(() => [location.hash, document.querySelector("#why .reason").textContent]);
  };

  test(`one press opens the weakest domain with its reason on a screen of ${width} pixels`, async () => {
    const { page, errors } = await open(browser, "twenty/report.html", "", size);
    for (const press of [
      () => page.$$eval(".row", (rows) => rows.find((r) => r.textContent.startsWith("P360")).click()),
      () => page.$$eval(".card li a", (links) => links.find((a) => a.textContent === "P360 nD3").click()),
    ]) {
      await press();
      const [hash, reason] = await opened(page);
      assert.equal(hash, "#/p/P360/nD3");
      assert.match(reason, /^No T-group is assigned\. The most probable template is d0abc_/);
      await go(page, "#/");
    }
    await page.$$eval(".row", (rows) => rows.find((r) => r.textContent.startsWith("P360")).querySelectorAll("[data-domain]")[1].dispatchEvent(new MouseEvent("click", { bubbles: true })));
    const [hash, reason] = await opened(page);
    assert.equal(hash, "#/p/P360/nD2");
    assert.match(reason, /probability 0\.900 \(0\.85 is needed\), DALI z 12\.0 \(above 6 .* must reach 0\.66, the other 0\.33\./);
    assert.deepEqual(errors, []);
    await page.close();
  });
}

test("a protein without a page has its outcome and its reasons there", async () => {
  const { page, errors } = await open(browser, "many/report.html");
  await page.$$eval(".card li", (items) => items.find((item) => item.textContent.includes("failed at ALIGN")).querySelector("a").click());
  await page.waitForSelector("main .reason");
  assert.match(await page.$eval("main .card", (n) => n.textContent), /^ failedat ALIGN_TEMPLATESthe process was killed \(137\); give it more memory/);
  await go(page, "#/");
  await page.click(".row");
  await page.waitForSelector("main li .reason");
  const [hash, marked] = await page.evaluate(() => [location.hash, document.querySelector("main li[aria-current] b").textContent]);
  assert.ok(hash.endsWith("/" + marked), `${hash} and ${marked}`);
  assert.match(await page.$eval("main li[aria-current] .reason", (n) => n.textContent), /^Not assigned: /);
  assert.match(await page.$eval(".hint", (n) => n.textContent), /--report_proteins/);
  assert.deepEqual(errors, []);
  await page.close();
});

test("another workflow's run has its rows and sections", async () => {
  const { page, errors } = await open(browser, "other/report.html");
  const titles = await texts(page, "h2");
  for (const title of ["3 templates", "Lengths", "A picture", "Without an answer", "Statistics", "Remarks"]) {
    assert.ok(titles.some((text) => text.startsWith(title)), `${title} is missing in ${titles}`);
  }
  assert.deepEqual(await texts(page, ".rows-head button"), ["template", "length", "T-group", "status", "last step", "notes"]);
  assert.ok((await texts(page, "p")).includes("<b>no markup</b>"));
  assert.ok(await page.$eval("img.picture", (img) => img.complete && img.naturalWidth > 0));
  assert.deepEqual(errors, []);
  await page.close();
});

test("a codons run has its tables, its pictures, and a part of its genes", async () => {
  const { page, errors, requests } = await open(browser, "codons/report.html");
  const titles = await texts(page, "h2");
  assert.equal(titles[0], "10,504 genes and files");
  for (const title of ["Codes", "Indices", "ENC against GC3s", "RSCU, genetic code 11", "Frequent codons of left", "How the groups differ", "Samples"]) {
    assert.ok(titles.some((text) => text.startsWith(title)), `${title} is missing in ${titles}`);
  }
  assert.match(await page.$eval("#rows-note", (n) => n.textContent), /^This table holds 10,000 of 10,504 rows/);
  assert.match(await page.$eval("[data-value=rejected]", (n) => n.textContent), /rejected 3$/);
  await page.click("[data-value=rejected]");
  assert.equal(await page.$eval("#count", (n) => n.textContent), "3 of 10,000 shown");
  await page.click("#all");
  await page.type("#query", "c023");
  assert.deepEqual(await texts(page, ".row .mono"), ["edited"]);
  const loaded = await page.$$eval("img.picture", (images) => images.map((img) => img.complete && img.naturalWidth > 0 && img.alt.length > 20));
  assert.deepEqual(loaded, [true, true, true]);
  const [card, all] = await page.evaluate(() => [".row-of-its-own", "main"].map((s) => document.querySelector(s).getBoundingClientRect().width));
  assert.ok(card > 0.9 * all, `a wide card has ${card} of ${all} pixels`);
  assert.deepEqual(errors, []);
  assert.deepEqual(outside(requests), []);
  await page.close();
});

test("hostile ids are text", async () => {
  const { page, errors } = await open(browser, "hostile/report.html");
  const ids = await page.evaluate(() => window.domainflow.app.run.rows.id);
  assert.deepEqual((await texts(page, ".row .mono")).sort(), [...ids].sort());
  assert.equal(await page.$$eval("img, body script:not([type])", (nodes) => nodes.length), 1, "only the page's own script");
  for (const id of ids) {
    await go(page, "#/p/" + encodeURIComponent(id));
    assert.equal(await page.$eval("h1", (n) => n.textContent), id);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test("the page's policy refuses scripts and requests that are not its own", async () => {
  const { page } = await open(browser, "one/report.html");
  const refused = await page.evaluate(async () => {
    const seen = new Set();
    document.addEventListener("securitypolicyviolation", (e) => seen.add(e.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.broken = true";
    document.body.append(script);
    const image = document.createElement("img");
    image.src = "http://127.0.0.1:9/x.png";
    document.body.append(image);
    await fetch("http://127.0.0.1:9/x").catch(() => {});
    await new Promise((done) => setTimeout(done, 300));
    return { broken: window.broken, seen: [...seen].sort() };
  });
  assert.equal(refused.broken, undefined);
  assert.deepEqual(refused.seen, ["connect-src", "img-src", "script-src-elem"]);
  await page.close();
});
