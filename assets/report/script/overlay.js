/** The superposed template: the part aligned to the domain is dark, the rest pale, thin lines join equivalent CA. */

import { el } from "./elements.js";
import { Chain, shown } from "./protein_state.js";
import { addChain } from "./model.js";

/** One line for this many pairs. */
const EACH = 3;
const DARK = "#2b2b2b", PALE = "#7a7a7a";

/** What is drawn now. */
export const superposed = {
  /** @type {import("./types").Alternative | null} */ alternative: null,
  /** @type {any} */ model: null,
  /** @type {Chain | null} */ chain: null,
};

/** Aligned pairs: residue of the model, residue of the template. @param {import("./types").Alternative} alternative @returns {[number, number][]} */
export const alignedPairs = (alternative) =>
  (alternative.blocks ?? []).flatMap(([q, t, n]) => Array.from({ length: n }, (_, k) => /** @type {[number, number]} */ ([q + k, t + k])));

/** Load, change or remove the template, and draw its lines. @param {any} viewer @param {Chain} model */
export function drawTemplate(viewer, model) {
  const alternative = shown.template?.alternative ?? null;
  if (alternative !== superposed.alternative) {
    if (superposed.model) viewer.removeModel(superposed.model);
    Object.assign(superposed, { alternative, model: null, chain: null });
    if (alternative) load(alternative);
  }
  const chain = superposed.chain;
  if (!alternative || !chain) return;
  alignedPairs(alternative).forEach(([q, t], k) => {
    if (k % EACH === 0) viewer.addCylinder({ start: model.at(q), end: chain.at(t), radius: 0.07, color: "#888888" });
  });
}

/** @param {import("./types").Alternative} alternative */
function load(alternative) {
  const template = shown.protein.templates[alternative.template], chain = new Chain(template, alternative.transform);
  const model = addChain(chain, template.sequence, template.states, "T");
  const aligned = (alternative.blocks ?? []).map(([, t, n]) => `${t}-${t + n - 1}`);
  model.setStyle({}, { cartoon: { color: PALE, opacity: 0.35, arrows: true, thickness: 0.3 } });
  model.setStyle({ resi: aligned }, { cartoon: { color: DARK, arrows: true, thickness: 0.3 } });
  Object.assign(superposed, { model, chain });
}

/** Forget the template of a page that is left. */
export const forgetTemplate = () => Object.assign(superposed, { alternative: null, model: null, chain: null });

/** Lines of the legend. */
export function templateLegend() {
  const alternative = shown.template?.alternative;
  if (!alternative) return [];
  const patch = (/** @type {string} */ colour) => el("i", { class: "patch", style: `background:${colour}` });
  return [el("span", {}, patch(DARK), `${alternative.template_id}, aligned`), el("span", {}, patch("#cfcfcf"), "not aligned")];
}
