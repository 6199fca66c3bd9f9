/** Rows of the ledger: their domains, what they are searched and sorted by, which are shown. */

import { app, pageAddress, shownRows } from "./state.js";

/** @typedef {import("./types").Segments} Segments */

/**
 * Made once: the row of an id, and for each row the place of its first domain, its weakest domain and its doubt (-1
 * without a domain).
 */
export const prepared = {
  /** @type {Map<string, number>} */ index: new Map(),
  /** @type {Int32Array} */ first: new Int32Array(0),
  /** @type {Int32Array} */ worst: new Int32Array(0),
  /** @type {Float32Array} */ doubt: new Float32Array(0),
};

/** Text that each row is searched in; made when first needed. @type {string[] | null} */
let searched = null;

export function prepareRows() {
  const { rows, domains } = app.run, n = rows.id.length;
  prepared.index = new Map(rows.id.map((id, i) => [id, i]));
  prepared.first = new Int32Array(n + 1);
  prepared.worst = new Int32Array(n).fill(-1);
  prepared.doubt = new Float32Array(n).fill(-1);
  if (!domains) return;
  domains.row.forEach((row, d) => {
    prepared.first[row + 1]++;
    if (domains.doubt[d] > prepared.doubt[row]) {
      prepared.doubt[row] = domains.doubt[d];
      prepared.worst[row] = d;
    }
  });
  for (let i = 0; i < n; i++) prepared.first[i + 1] += prepared.first[i];
}

/** Numbers of a row's domains. @param {number} row @returns {number[]} */
export function domainsOf(row) {
  const start = prepared.first[row];
  return Array.from({ length: prepared.first[row + 1] - start }, (_, k) => start + k);
}

/** Address of a row's page, with its weakest domain selected or with the domain of a number. @param {number} row @param {number} [d] */
export function rowAddress(row, d = prepared.worst[row]) {
  return pageAddress(app.run.rows.id[row], d >= 0 ? app.run.domains?.name[d] : undefined);
}

/** Segments of a range such as 3-40,60-90. @param {string} range @returns {Segments} */
export const segmentsOf = (range) =>
  range.split(",").map((part) => {
    const [a, b] = part.split("-").map(Number);
    return [a, b ?? a];
  });

/** @param {string} group */
export const groupName = (group) => app.run.t_groups[group] ?? "";

function searchText() {
  const { rows, domains, columns } = app.run;
  return rows.id.map((id, i) => {
    const groups = domains ? domainsOf(i).map((d) => domains.t_group[d] ?? "") : [];
    const more = (columns ?? []).filter((c) => c.kind === "text").map((c) => c.values[i] ?? "");
    return [id, ...groups, ...groups.map(groupName), rows.reason[i] ?? "", rows.status[i], rows.step[i] ?? "", ...more].join(" ").toLowerCase();
  });
}

/** What a column is sorted by. @param {string} name @returns {(row: number) => string | number} */
function keyOf(name) {
  const { rows, columns } = app.run;
  const more = columns?.find((c) => c.name === name);
  if (more) return (i) => more.values[i] ?? (more.kind === "number" ? -Infinity : "");
  if (name === "domains") return (i) => prepared.first[i + 1] - prepared.first[i];
  if (name === "doubt" || name === "weakest") return (i) => prepared.doubt[i];
  if (name === "length" || name === "plddt") return (i) => rows[name]?.[i] ?? -Infinity;
  if (name === "id" || name === "status" || name === "step" || name === "reason") return (i) => rows[name][i] ?? "";
  return (i) => i;
}

/** Find the rows that pass the filters, and put them in order. */
export function applyFilters() {
  const { rows, domains } = app.run, { query, status, label, group, sort, dir } = shownRows;
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (terms.length) searched ??= searchText();
  const text = searched ?? [];
  const kept = [];
  for (let i = 0; i < rows.id.length; i++) {
    if (status && rows.status[i] !== status) continue;
    if (terms.length && !terms.every((term) => text[i].includes(term))) continue;
    if (domains && label && !domainsOf(i).some((d) => domains.label[d] === label)) continue;
    if (domains && group && !domainsOf(i).some((d) => domains.t_group[d] === group)) continue;
    kept.push(i);
  }
  const key = keyOf(sort);
  /** @type {any[]} */
  const keys = new Array(rows.id.length);
  for (const i of kept) keys[i] = key(i);
  kept.sort((a, b) => (keys[a] < keys[b] ? -dir : keys[a] > keys[b] ? dir : a - b));
  shownRows.shown = kept;
  shownRows.at = Math.max(0, Math.min(shownRows.at, kept.length - 1));
}

/** How often each value occurs. @param {string[]} values @returns {Map<string, number>} */
export function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
