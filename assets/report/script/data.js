/** Read what Python packed: deflated, base64, in elements that a browser does not run. */

import { app } from "./state.js";
import { el, find } from "./elements.js";

/** @typedef {import("./types").Protein} Protein */

/** Bytes of base64 text. @param {string} text */
export function bytesOf(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) bytes[k] = letters.charCodeAt(k);
  return bytes;
}

/** Numbers of 16 bits of base64 text. @param {string} text */
export const int16Of = (text) => new Int16Array(bytesOf(text).buffer);

/** Inflate zlib data. @param {string} base64 */
export async function inflated(base64) {
  const stream = new Blob([/** @type {any} */ (bytesOf(base64))]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The value that Python packed. @param {string} base64 @returns {Promise<any>} */
export async function unpacked(base64) {
  return JSON.parse(new TextDecoder().decode(await inflated(base64)));
}

/** Text inside an element of packed data. @param {string} id */
export const packedText = (id) => (document.getElementById(id)?.textContent ?? "").trim();

/** Resolvers of pages that are being read from beside the report. @type {Map<number, (data: string | null) => void>} */
const awaited = new Map();

/** Called by the files in report_data/; a file:// page may not fetch, but it may run a script beside it. */
/** @type {any} */ (globalThis).domainflowPayload = (/** @type {number} */ number, /** @type {string} */ data) =>
  awaited.get(number)?.(data);

/**
 * The data of a protein's page, or null if its file beside the report is missing.
 * @param {string} id @returns {Promise<Protein | null>}
 */
export async function readProtein(id) {
  const number = app.meta.pages[id];
  if (number < app.meta.inside) return unpacked(packedText("page-" + number));
  const data = await new Promise((/** @type {(data: string | null) => void} */ done) => {
    awaited.set(number, done);
    const src = `${app.meta.folder}/${String(number).padStart(6, "0")}.js`;
    document.head.append(el("script", { src, onerror: () => done(null) }));
  });
  awaited.delete(number);
  return data == null ? null : unpacked(data);
}

/** Whether this browser draws in 3D. */
function hasWebGL() {
  try {
    const canvas = document.createElement("canvas");
    return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
  } catch {
    return false;
  }
}

/** @type {Promise<any> | null} */
let viewerLibrary = null;

/** 3Dmol, unpacked when the first protein is opened; null without WebGL. @returns {Promise<any>} */
export function readViewer() {
  viewerLibrary ??= (async () => {
    if (!hasWebGL() || !find("#viewer").textContent) return null;
    const text = await unpacked(packedText("viewer"));
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const loaded = await new Promise((done) => {
      document.head.append(el("script", { src: address, onload: () => done(true), onerror: () => done(false) }));
    });
    URL.revokeObjectURL(address);
    return loaded ? /** @type {any} */ (globalThis).$3Dmol : null;
  })();
  return viewerLibrary;
}
