/** Cards that every workflow can fill: tables, bars, pictures, text. */

import { amount, card, el, whole } from "./elements.js";

/** @typedef {import("./types").Section} Section */

/** A time or number with its unit. @param {number} value @param {string} unit */
export function withUnit(value, unit) {
  if (unit !== "s") return `${Number.isInteger(value) ? whole(value) : value.toFixed(1)} ${unit}`.trim();
  if (value >= 5400) return `${(value / 3600).toFixed(1)} h`;
  return value >= 90 ? `${(value / 60).toFixed(1)} min` : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} s`;
}

/**
 * Bars with names on the left and numbers on the right.
 * @param {{name: any, value: number, shown: string, note?: string | null}[]} rows
 */
export function bars(rows) {
  const most = Math.max(1e-9, ...rows.map((row) => row.value));
  return el("div", { class: "bars" }, rows.flatMap((row) => [
    el("span", { class: "name", title: row.note }, row.name),
    el("span", { class: "track" }, el("i", { style: `width:${((100 * row.value) / most).toFixed(1)}%` })),
    el("span", { class: "value" }, row.shown),
  ]));
}

/** @param {import("./types").TableData} data */
function table(data) {
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "table" }, el("table", { class: "t" },
    el("thead", {}, el("tr", {}, data.columns.map((c) => el("th", { scope: "col", class: c.kind === "number" ? "num" : null }, c.title)))),
    el("tbody", {}, data.rows.map((row) => el("tr", {}, row.map((cell, k) => {
      const column = data.columns[k];
      return el("td", { class: column.kind === "number" ? "num" : null }, typeof cell === "number" ? amount(cell, column.digits) : cell ?? "–");
    }))))));
}

/** @param {Section} section @returns {any} */
function content(section) {
  if (section.kind === "table") return table(section.data);
  if (section.kind === "text") return section.data.map((text) => el("p", {}, text));
  if (section.kind === "bars") {
    const unit = section.data.unit;
    return bars(section.data.rows.map(([name, value, note]) => ({ name, value, shown: withUnit(value, unit), note })));
  }
  const source = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(section.data.svg);
  return el("img", { class: "picture", src: source, alt: section.data.alt });
}

/** The cards of a place; wide ones have a row of their own. @param {Section[]} sections @param {"top" | "bottom"} place */
export const sectionCards = (sections, place) =>
  sections.filter((s) => s.place === place).map((s) => {
    const node = card(s.title, s.note, content(s));
    if (s.wide) node.classList.add("row-of-its-own");
    return node;
  });
