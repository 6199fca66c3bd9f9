/** The alignment of a domain and a template as text. */

import { el, fixed } from "./elements.js";
import { shown } from "./protein_state.js";

/** Longest stretch between aligned blocks that is spelled out. */
const LONGEST = 60;

/**
 * Three lines: model, marks of equal residues, template. What is not aligned stands in small letters.
 * @param {string} model @param {string} template sequences @param {[number, number, number][]} blocks
 * @returns {{lines: [string, string, string], equal: number}}
 */
export function alignedLines(model, template, blocks) {
  const lines = /** @type {[string, string, string]} */ (["", "", ""]);
  const add = (/** @type {string[]} */ parts) => parts.forEach((part, k) => { lines[k] += part; });
  let equal = 0;
  /** @type {[number, number] | null} */
  let end = null;
  for (const [q, t, n] of blocks) {
    if (end) {
      const a = model.slice(end[0] - 1, q - 1).toLowerCase(), b = template.slice(end[1] - 1, t - 1).toLowerCase(), width = Math.max(a.length, b.length);
      if (width <= LONGEST) add([a.padEnd(width, "-"), " ".repeat(width), b.padEnd(width, "-")]);
      else {
        const said = [` (${a.length}) `, ` (${b.length}) `], wide = Math.max(said[0].length, said[1].length);
        add([said[0].padEnd(wide), " ".repeat(wide), said[1].padEnd(wide)]);
      }
    }
    for (let k = 0; k < n; k++) {
      const x = model[q - 1 + k], y = template[t - 1 + k];
      if (x === y) equal++;
      add([x, x === y ? "|" : " ", y]);
    }
    end = [q + n, t + n];
  }
  return { lines, equal };
}

/** @param {import("./types").Alternative} a @param {number} width letters a line */
export function alignmentText(a, width) {
  const { protein } = shown, template = protein.templates[a.template], { lines, equal } = alignedLines(protein.sequence, template.sequence, a.blocks ?? []);
  const rows = [];
  for (let k = 0; k < lines[0].length; k += width) {
    const [q, m, t] = lines.map((line) => line.slice(k, k + width));
    rows.push(`model    ${q}`, `         ${m}`, `template ${t}`, "");
  }
  const [first, start] = (a.blocks ?? [[1, 1, 0]])[0], share = Math.round((100 * equal) / Math.max(1, a.aligned ?? 1));
  const loose = a.rmsd != null && a.rmsd > 8 ? " The two are not one rigid body." : "";
  return el("div", {}, el("p", { class: "hint" }, `${a.template_id}: ${a.aligned} pairs, RMSD ${fixed(a.rmsd, 1)} Å, ${share} % identical, from residue ${first} of the model and ${start} of the template. Small letters are not aligned.${loose}`),
    el("pre", { class: "alignment", tabindex: 0 }, rows.join("\n")));
}
