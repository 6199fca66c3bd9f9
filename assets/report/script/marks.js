/** Shapes of labels and statuses. Each differs in form, not only in colour: they can be told apart without colours. */

import { app } from "./state.js";
import { el, svg, words } from "./elements.js";

/** Labels in the order shown: short name, meaning. @type {{[label: string]: [string, string]}} */
export const LABELS = {
  good_domain: ["good", "assigned, covers its template"],
  partial_domain: ["partial", "assigned, but covers part of its template or has an unusual length"],
  low_confidence: ["low confidence", "has secondary structure, but no confident T-group"],
  simple_topology: ["simple topology", "fewer than three helices and strands"],
};
export const LABEL_ORDER = Object.keys(LABELS);

/** Colours of the kinds of status. */
const KINDS = { good: "#1f6f4a", nothing: "#a06a00", rejected: "#6a51a3", failed: "#b3362b" };

/** @param {string} label */
export const labelColour = (label) => app.meta.colours.labels[label] ?? "#5f6b78";

/** Kind of a status of this run. @param {string} status */
export const statusKind = (status) => app.run.statuses.find((s) => s.name === status)?.kind ?? "failed";

/** @param {string} status */
export const statusColour = (status) => KINDS[statusKind(status)];

/** @param {any[]} kids */
const markBox = (...kids) => svg("svg", { class: "mark", viewBox: "0 0 14 14", "aria-hidden": "true" }, ...kids);

/** The shape of a label: disc, half disc, triangle, dashed square. @param {string} label */
export function labelMark(label) {
  const colour = labelColour(label);
  if (label === "good_domain") return markBox(svg("circle", { cx: 7, cy: 7, r: 6, fill: colour }));
  if (label === "partial_domain") {
    return markBox(svg("circle", { cx: 7, cy: 7, r: 5.4, fill: "#fff", stroke: colour, "stroke-width": 1.6 }),
      svg("path", { d: "M7 1.6a5.4 5.4 0 0 1 0 10.8z", fill: colour }));
  }
  if (label === "low_confidence") {
    return markBox(svg("path", { d: "M7 1 13.5 13H.5z", fill: colour }),
      svg("path", { d: "M7 5v4M7 10.3v1.5", stroke: "#fff", "stroke-width": 1.6 }));
  }
  const dashed = { fill: "#fff", stroke: colour, "stroke-width": 1.6, "stroke-dasharray": "2.5 1.5" };
  return markBox(svg("rect", { x: 1.5, y: 1.5, width: 11, height: 11, ...dashed }));
}

/** The shape of a status: tick, ring, crossed box, cross. @param {string} status */
export function statusMark(status) {
  const kind = statusKind(status), stroke = KINDS[kind], line = { fill: "none", stroke, "stroke-width": 2.2 };
  if (kind === "good") return markBox(svg("path", { d: "M2 7.5 5.6 11 12 3", ...line }));
  if (kind === "nothing") return markBox(svg("circle", { cx: 7, cy: 7, r: 4.8, ...line }));
  if (kind === "rejected") return markBox(svg("path", { d: "M2 2h10v10H2zM4.5 7h5", ...line, "stroke-width": 1.8 }));
  return markBox(svg("path", { d: "M2.5 2.5l9 9M11.5 2.5l-9 9", ...line }));
}

/** A label with its shape, in a pill. @param {string} label */
export const labelTag = (label) =>
  el("span", { class: "tag", title: LABELS[label]?.[1] }, labelMark(label), LABELS[label]?.[0] ?? words(label));
