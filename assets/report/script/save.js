/** Save text or a picture as a file. */

import { el } from "./elements.js";

/** @param {string} name @param {string} address */
export function saveAddress(name, address) {
  el("a", { href: address, download: name }).click();
}

/** @param {string} name @param {string} text */
export function saveText(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  saveAddress(name, address);
  setTimeout(() => URL.revokeObjectURL(address), 2000);
}

/** Rows as tab-separated text; what would break a row becomes a blank. @param {(string | number | null)[][]} rows */
export const tabSeparated = (rows) =>
  rows.map((row) => row.map((cell) => String(cell ?? "-").replace(/[\t\r\n]/g, " ")).join("\t") + "\n").join("");

/** A name that every file system takes. @param {string} text */
export const fileName = (text) => text.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, 100) || "protein";
