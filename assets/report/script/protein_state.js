/** The protein on show and what is shown of it. Parts of the page listen for changes and draw themselves again. */

import { inflated, int16Of } from "./data.js";
import { fixed } from "./elements.js";

/** @typedef {import("./types").Protein} Protein */
/** @typedef {import("./types").Matrix} Matrix */
/** @typedef {import("./types").Domain} Domain */
/** @typedef {import("./types").Alternative} Alternative */

/**
 * @typedef {{i: number, j: number, from: "map" | "tracks" | "model"}} Pair
 * Residue i (row of the map, aligned on) and j (column, scored); equal for one residue.
 */

/** Names of the changes that parts listen for. @typedef {"select" | "hot" | "hover" | "zoom" | "colour" | "map" | "template" | "pin"} Change */

/**
 * The protein, its matrices unpacked, the domain of each residue (-1: none), and what is shown: the selected domain
 * (null: all), the one under the pointer, first and last residue in sight, the superposed alternative.
 */
export const shown = {
  /** @type {Protein} */ protein: /** @type {any} */ (null),
  /** @type {Int16Array} */ owner: new Int16Array(0),
  /** @type {{pae: Uint8Array | null, same_domain: Uint8Array | null}} */ cells: { pae: null, same_domain: null },
  /** @type {number | null} */ selected: null,
  /** @type {number | null} */ hot: null,
  /** @type {Pair | null} */ hover: null,
  /** @type {Pair | null} */ pin: null,
  /** @type {import("./types").ColourName} */ colour: "domain",
  /** @type {import("./types").MapName} */ map: "pae",
  from: 1,
  to: 1,
  /** @type {{domain: number, alternative: Alternative} | null} */ template: null,
};

/** @type {Map<Change, (() => void)[]>} */
const listeners = new Map();

/** Call a function after each change of a kind. @param {Change[]} changes @param {() => void} draw */
export function listen(changes, draw) {
  for (const change of changes) listeners.set(change, [...(listeners.get(change) ?? []), draw]);
}

/** @param {Change} change */
export const tell = (change) => listeners.get(change)?.forEach((draw) => draw());

/** Undo the difference to the row above. @param {Matrix} matrix */
async function cellsOf(matrix) {
  const bytes = await inflated(matrix.data), side = matrix.side;
  if (matrix.filter !== "none") for (let k = side; k < bytes.length; k++) bytes[k] = bytes[k] + bytes[k - side];
  return bytes;
}

/** Take a protein. @param {Protein} protein */
export async function setProtein(protein) {
  listeners.clear();
  const owner = new Int16Array(protein.length).fill(-1);
  protein.domains.forEach((d, n) => d.segments.forEach(([a, b]) => owner.fill(n, a - 1, b)));
  const cells = { pae: protein.pae && (await cellsOf(protein.pae)), same_domain: await cellsOf(protein.same_domain) };
  const colour = protein.domains.length ? "domain" : protein.plddt ? "plddt" : "position";
  Object.assign(shown, { protein, owner, cells, colour, selected: null, hot: null, hover: null, pin: null, template: null });
  Object.assign(shown, { map: protein.pae ? "pae" : "same_domain", from: 1, to: protein.length });
}

/** Number of the domain of a residue, -1 for none. @param {number} residue */
export const domainAt = (residue) => shown.owner[residue - 1] ?? -1;

/** Value of a matrix at a pair of residues. @param {import("./types").MapName} name @param {number} i @param {number} j */
export function valueAt(name, i, j) {
  const matrix = shown.protein[name], cells = shown.cells[name];
  if (!matrix || !cells) return null;
  const at = (/** @type {number} */ r) => Math.floor((r - 1) / matrix.cell);
  return matrix.levels[cells[at(i) * matrix.side + at(j)]];
}

/** @param {number | null} domain */
export function select(domain) {
  shown.selected = domain != null && domain >= 0 && domain < shown.protein.domains.length ? domain : null;
  shown.pin = null;
  if (shown.template) {
    shown.template = shown.selected == null ? null : firstTemplate(shown.selected);
    tell("template");
  }
  tell("select");
}

/** @param {number | null} domain */
export function heat(domain) {
  if (shown.hot === domain) return;
  shown.hot = domain;
  tell("hot");
}

let awaitingFrame = false;

/** The pointer is at a pair of residues; told once a frame. @param {Pair | null} pair */
export function hover(pair) {
  shown.hover = pair;
  if (awaitingFrame) return;
  awaitingFrame = true;
  requestAnimationFrame(() => {
    awaitingFrame = false;
    const at = shown.hover, a = at ? domainAt(at.i) : -1;
    tell("hover");
    heat(at && a >= 0 && a === domainAt(at.j) ? a : null);
  });
}

/** Show residues from a to b, all without. @param {number} [a] @param {number} [b] */
export function zoom(a = 1, b = shown.protein.length) {
  shown.from = Math.max(1, Math.min(a, b));
  shown.to = Math.min(shown.protein.length, Math.max(a, b));
  tell("zoom");
}

/** The template to superpose first: the assigned one, or the most probable. @param {number} domain */
export function firstTemplate(domain) {
  const d = shown.protein.domains[domain], able = d.alternatives.filter((a) => a.transform);
  const alternative = able.find((a) => a.template === d.template) ?? able[0];
  return alternative ? { domain, alternative } : null;
}

/** Superpose the selected domain's template, or take it away. */
export function toggleTemplate() {
  if (shown.template) shown.template = null;
  else {
    if (shown.selected == null) select(shown.protein.domains.findIndex((_, n) => firstTemplate(n)));
    shown.template = shown.selected == null ? null : firstTemplate(shown.selected);
  }
  tell("template");
}

/** Superpose one alternative, or take it away. @param {number} domain @param {Alternative} alternative */
export function showTemplate(domain, alternative) {
  shown.template = shown.template?.alternative === alternative ? null : { domain, alternative };
  tell("template");
}

/** Name of a residue, with its number in the user's file where that differs. @param {number} r */
function residueName(r) {
  const { sequence, author, domains } = shown.protein, d = domainAt(r);
  const own = author && author.labels[r - 1] !== String(r) ? ` (${author.chain ? author.chain + ":" : ""}${author.labels[r - 1]} in the file)` : "";
  return `${sequence[r - 1]}${r}${own}${d >= 0 ? " " + domains[d].name : ""}`;
}

/** What is known of the residue or pair under the pointer, in one line. */
export function readout() {
  const at = shown.hover ?? shown.pin;
  if (!at) return "";
  const { i, j } = at, { sequence, plddt, states, depth, between, domains } = shown.protein;
  if (i === j) {
    const parts = [residueName(i), plddt ? `pLDDT ${plddt[i - 1]}` : "", { H: "helix", E: "strand" }[states[i - 1]] ?? "", `${depth[i - 1]} hits`];
    return parts.filter(Boolean).join(" · ");
  }
  const parts = [`${residueName(i)} and ${residueName(j)}`], pae = valueAt("pae", i, j);
  if (pae != null) parts.push(`PAE ${pae} Å aligned on ${sequence[i - 1]}${i}, ${valueAt("pae", j, i)} Å on ${sequence[j - 1]}${j}`);
  parts.push(`same domain ${fixed(valueAt("same_domain", i, j))}`);
  const a = domainAt(i), b = domainAt(j);
  if (between.pae && a >= 0 && b >= 0 && a !== b) parts.push(`median of ${domains[a].name} and ${domains[b].name} ${fixed(between.pae[a][b], 1)} Å`);
  return parts.join(" · ");
}

/** Coordinates of a chain as numbers, CA and O of each residue, in the model's frame about its middle. */
export class Chain {
  /** @param {import("./types").Coordinates} data @param {number[] | null} transform template to model: R row by row, then t */
  constructor(data, transform = null) {
    const stored = int16Of(data.xyz), middle = shown.protein.model.middle;
    this.xyz = new Float64Array(stored.length);
    for (let k = 0; k < stored.length; k += 3) {
      const v = [0, 1, 2].map((c) => stored[k + c] * data.unit + data.middle[c]), T = transform;
      const moved = T ? [0, 1, 2].map((c) => T[3 * c] * v[0] + T[3 * c + 1] * v[1] + T[3 * c + 2] * v[2] + T[9 + c]) : v;
      for (let c = 0; c < 3; c++) this.xyz[k + c] = moved[c] - middle[c];
    }
  }

  /** Atom 0 (CA) or 1 (O) of a residue. @param {number} residue @param {number} [atom] */
  at(residue, atom = 0) {
    const k = 3 * (2 * (residue - 1) + atom);
    return { x: this.xyz[k], y: this.xyz[k + 1], z: this.xyz[k + 2] };
  }
}

