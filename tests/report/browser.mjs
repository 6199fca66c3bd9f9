/** Browsers of this machine, and what the tests do with a page. */

import { execFileSync, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import puppeteer from "puppeteer-core";

export const PAGES = resolve(process.env.REPORT_PAGES ?? "");
/** Most milliseconds to wait for a mark in a page; a processor without a graphics card draws slowly. */
export const PATIENCE = 60_000;

const found = (...names) => names.flatMap((name) => {
  try {
    return [execFileSync("which", [name], { encoding: "utf8" }).trim()];
  } catch {
    return [];
  }
})[0];

export const CHROMIUM = found("chromium", "chromium-browser", "google-chrome");
export const FIREFOX = found("firefox-esr", "firefox");
export const XVFB = found("Xvfb");

export const chromium = (...args) =>
  puppeteer.launch({ executablePath: CHROMIUM, headless: true, protocolTimeout: PATIENCE, args: ["--no-sandbox", "--enable-unsafe-swiftshader", ...args] });

/** Firefox in a window on a screen in memory: without a window it has no WebGL. */
export async function firefox() {
  const screen = spawn(XVFB, ["-displayfd", "3", "-screen", "0", "1600x1200x24"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const number = await new Promise((done) => screen.stdio[3].once("data", (data) => done(String(data).trim())));
  const env = { ...process.env, DISPLAY: `:${number}`, LIBGL_ALWAYS_SOFTWARE: "1" }, prefs = { "webgl.force-enabled": true };
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: false, protocolTimeout: PATIENCE, env, extraPrefsFirefox: prefs });
  const close = browser.close.bind(browser);
  browser.close = async () => {
    await close();
    screen.kill();
  };
  return browser;
}

/** Address of a page that make_pages.py made. */
export const addressOf = (name, hash = "") => pathToFileURL(resolve(PAGES, name)).href + hash;

export const settled = (page) => page.waitForSelector("body[data-ready='1']", { timeout: PATIENCE });
export const drawn = (page) => page.waitForSelector("body[data-frames]", { timeout: PATIENCE });

/**
 * Open a page; `errors` and `requests` fill as it runs. Messages of the graphics driver are warnings, not errors.
 */
export async function open(browser, name, hash = "", size = { width: 1500, height: 1000 }) {
  const page = await browser.newPage(), errors = [], requests = [];
  await page.setViewport(size);
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", async (dialog) => {
    errors.push("dialog: " + dialog.message());
    await dialog.dismiss();
  });
  await page.goto(addressOf(name, hash));
  await settled(page);
  return { page, errors, requests };
}

/** Go to another part of the page. */
export async function go(page, hash) {
  await page.evaluate((to) => {
    delete document.body.dataset.ready;
    location.hash = to;
  }, hash);
  await settled(page);
}

/** Addresses that are neither the page, nor beside it, nor made in it. */
export const outside = (requests) => requests.filter((url) => !/^(file|data|blob|about):/.test(url));
