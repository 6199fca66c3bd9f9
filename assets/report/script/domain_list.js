/** The list of domains, and the table of medians of PAE between them. */

import { app } from "./state.js";
import { el, fixed, meter } from "./elements.js";
import { domainColour, hex, isLight, paeRgb } from "./colours.js";
import { labelTag } from "./marks.js";
import { heat, listen, select, shown } from "./protein_state.js";

/** Lines at a threshold's values, as parts of the largest value. @param {string} name @param {number} most @returns {[number, string][]} */
export const thresholdLines = (name, most) =>
  (app.run.thresholds[name] ?? []).map((value) => [value / most, `threshold ${value}`]);

/** @param {import("./types").Domain} d @param {number} n */
function domainButton(d, n) {
  const best = d.alternatives[0], group = d.t_group ? [el("b", { class: "mono" }, d.t_group), " ", d.t_group_name] : null;
  const likely = best ? el("span", { class: "muted" }, `likeliest: ${best.t_group} ${best.t_group_name}`) : el("span", { class: "muted" }, "without a relative in the reference");
  return el("button", {
    class: "domain", style: `--colour:${domainColour(n)}`, "data-domain": n, "aria-pressed": "false", onclick: () => select(shown.selected === n ? null : n),
    onpointerenter: () => heat(n), onpointerleave: () => heat(null), onfocus: () => heat(n), onblur: () => heat(null),
  },
  el("span", { class: "line" }, el("b", {}, d.name), el("span", { class: "mono range" }, d.range.replaceAll(",", ", ")), labelTag(d.label)),
  el("span", { class: "group" }, d.assignment === "miss" ? likely : group),
  d.probability == null && !best ? null : el("span", { class: "line" }, el("span", { class: "small" }, `p ${fixed(d.probability, 3)}`), meter(d.probability, thresholdLines("probability", 1))));
}

/** Medians of PAE between domains, in Å; it stands below the map. */
export function mediansTable() {
  const { domains, between } = shown.protein, medians = between.pae;
  if (!medians || domains.length < 2) return null;
  const cell = (/** @type {number} */ value) => {
    const background = hex(paeRgb(value));
    return el("td", { class: "num", style: `background:${background};color:${isLight(background) ? "#111" : "#fff"}` }, fixed(value, 1));
  };
  return el("div", {}, el("h3", {}, "Median PAE between domains, Å"),
    el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "medians" }, el("table", { class: "t" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "aligned on"), domains.map((d) => el("th", { class: "num", scope: "col" }, d.name)))),
      el("tbody", {}, medians.map((row, i) => el("tr", {}, el("th", { scope: "row" }, domains[i].name), row.map(cell)))))),
    el("p", { class: "hint" }, "Below 5 Å the arrangement of two domains is predicted with confidence. Above 15 Å it means nothing."));
}

/** The card's content. */
export function domainList() {
  const { domains } = shown.protein;
  listen(["select"], () => document.querySelectorAll(".domain").forEach((b) => {
    b.setAttribute("aria-pressed", String(Number(/** @type {HTMLElement} */ (b).dataset.domain) === shown.selected));
  }));
  listen(["hot"], () => document.querySelectorAll(".domain").forEach((b) => {
    b.classList.toggle("hot", Number(/** @type {HTMLElement} */ (b).dataset.domain) === shown.hot);
  }));
  if (!domains.length) return [el("p", { class: "muted" }, "No domain was found.")];
  return domains.map(domainButton);
}
