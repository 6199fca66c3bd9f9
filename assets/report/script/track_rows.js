/**
 * Rows of the tracks: each draws itself at a height and returns how much of it it took. A row has a name on the left,
 * and sometimes a number on the right.
 */

import { fixed, svg } from "./elements.js";
import { domainColour, isLight, plddtClass } from "./colours.js";
import { domainAt, shown } from "./protein_state.js";

/** @typedef {import("./types").Segments} Segments */
/** @typedef {import("./types").Evidence} Evidence */

/**
 * Where to draw: `x` is the left edge of a residue; `chain` is clipped to the chain, `page` is not.
 * @typedef {{left: number, right: number, width: number, step: number, x: (r: number) => number, chain: any, page: any, narrow: boolean}} Pen
 */

/** Name of a row; a long one is cut, and whole in its title. @param {Pen} pen @param {string} name @param {number} y @param {string} [kind] */
export function rowName(pen, name, y, kind = "") {
  const most = Math.floor((pen.left - 12) / 6.6), cut = name.length > most ? name.slice(0, most - 1) + "…" : name;
  pen.page.append(svg("text", { x: pen.left - 8, y, "text-anchor": "end", class: "row-name " + kind }, cut, svg("title", {}, name)));
}

/** @param {Pen} pen @param {string} text @param {number} y */
const rowValue = (pen, text, y) => pen.page.append(svg("text", { x: pen.width - pen.right + 6, y, class: "row-value" }, text));

/** A bar over residues a to b. @param {Pen} pen @param {number} a @param {number} b @param {number} y @param {number} height @param {any} look @param {string} title */
function bar(pen, a, b, y, height, look, title) {
  if (b < shown.from || a > shown.to) return;
  pen.chain.append(svg("rect", { x: pen.x(a), y, width: Math.max(1.2, (b - a + 1) * pen.step), height, ...look }, svg("title", {}, title)));
}

/** First and last residue of each run of a letter. @param {string} text @param {string} letter @returns {Segments} */
export function runsOf(text, letter) {
  return [...text.matchAll(new RegExp(`${letter}+`, "g"))].map((m) => [m.index + 1, m.index + m[0].length]);
}

/** @param {Pen} pen @param {number} y */
export function sequenceRow(pen, y) {
  if (pen.step < 7) return 0;
  for (let r = shown.from; r <= shown.to; r++) {
    pen.chain.append(svg("text", { x: pen.x(r) + pen.step / 2, y: y + 12, "text-anchor": "middle", class: "letter" }, shown.protein.sequence[r - 1]));
  }
  rowName(pen, "sequence", y + 12);
  return 18;
}

/** @param {Pen} pen @param {number} y */
export function domainRow(pen, y) {
  const focus = shown.selected ?? shown.hot;
  shown.protein.domains.forEach((d, n) => {
    const colour = domainColour(n), assigned = d.label === "good_domain" || d.label === "partial_domain";
    const group = svg("g", { class: "track-domain", "data-domain": n, opacity: focus == null || focus === n ? 1 : 0.4 });
    const first = d.segments[0][0], last = d.segments[d.segments.length - 1][1];
    if (d.segments.length > 1) group.append(svg("path", { d: `M${pen.x(first) + 1} ${y + 24}v4H${pen.x(last + 1) - 1}v-4`, fill: "none", stroke: colour, "stroke-width": 1.8, "stroke-dasharray": "4 3" }));
    for (const [a, b] of d.segments) {
      group.append(svg("rect", { x: pen.x(a), y: y + 2, width: (b - a + 1) * pen.step, height: 22, rx: 4, fill: assigned ? colour : "#fff", stroke: colour, "stroke-width": 2.4, "stroke-dasharray": d.label === "simple_topology" ? "4 2" : null }));
    }
    const [a, b] = d.segments.reduce((most, s) => (s[1] - s[0] > most[1] - most[0] ? s : most));
    const from = Math.max(a, shown.from), to = Math.min(b, shown.to), wide = (to - from + 1) * pen.step;
    if (wide > 30) {
      const text = wide > 130 ? `${d.name}  ${d.assignment === "miss" ? "no T-group" : d.t_group ?? ""}` : d.name;
      group.append(svg("text", { x: pen.x(from) + wide / 2, y: y + 17.5, "text-anchor": "middle", class: "domain-name", fill: !assigned || isLight(colour) ? "#111" : "#fff" }, text));
    }
    pen.chain.append(group);
  });
  rowName(pen, "domains", y + 17, "head");
  return 36;
}

/** @param {Pen} pen @param {number} y */
export function structureRow(pen, y) {
  const { states } = shown.protein;
  for (const [a, b] of runsOf(states, "H")) bar(pen, a, b, y, 12, { rx: 6, fill: "#b5477f" }, `helix ${a}-${b}`);
  for (const [a, b] of runsOf(states, "E")) {
    if (b < shown.from || a > shown.to) continue;
    const p = pen.x(a), q = pen.x(b + 1), tip = Math.min(7, (q - p) / 2);
    pen.chain.append(svg("path", { d: `M${p} ${y + 3}H${q - tip}V${y}L${q} ${y + 6}L${q - tip} ${y + 12}V${y + 9}H${p}Z`, fill: "#3d7fb0" }, svg("title", {}, `strand ${a}-${b}`)));
  }
  rowName(pen, pen.narrow ? "H, E" : "helices, strands", y + 10);
  return 20;
}

/** Bars of pLDDT, one for each stretch of a class where residues are thinner than a pixel. @param {Pen} pen @param {number} y */
export function plddtRow(pen, y) {
  const values = shown.protein.plddt, height = 34;
  if (!values) return 0;
  const chunk = Math.max(1, Math.round(1 / pen.step));
  for (let r = shown.from; r <= shown.to; r += chunk) {
    const part = values.slice(r - 1, Math.min(shown.to, r + chunk - 1)), v = part.reduce((s, x) => s + x, 0) / part.length;
    pen.chain.append(svg("rect", { x: pen.x(r), y: y + height * (1 - v / 100), width: part.length * pen.step + 0.3, height: (height * v) / 100, fill: plddtClass(v)[1] }));
  }
  for (const v of [50, 70, 90]) pen.chain.append(svg("path", { d: `M${pen.x(shown.from)} ${y + height * (1 - v / 100)}H${pen.x(shown.to + 1)}`, stroke: "#1b2430", "stroke-width": 0.5, opacity: 0.4, "stroke-dasharray": "3 3" }));
  rowName(pen, "pLDDT", y + 22);
  rowValue(pen, "100", y + 9);
  rowValue(pen, "0", y + height);
  return height + 8;
}

/** @param {Pen} pen @param {number} y */
export function disorderRow(pen, y) {
  for (const [a, b] of shown.protein.disorder) bar(pen, a, b, y, 10, { fill: "url(#hatch)", stroke: "#7a5a00", "stroke-width": 0.8 }, `disordered ${a}-${b}`);
  rowName(pen, pen.narrow || shown.protein.disorder_from === "none" ? "disorder" : `disorder (by ${shown.protein.disorder_from})`, y + 9);
  if (!shown.protein.disorder.length) pen.chain.append(svg("text", { x: pen.left, y: y + 9, class: "row-note" }, "none"));
  return 18;
}

/** @param {Pen} pen @param {number} y */
export function depthRow(pen, y) {
  const { depth } = shown.protein, height = 30, most = Math.max(1, ...depth);
  let path = `M${pen.x(shown.from)} ${y + height}`;
  for (let r = shown.from; r <= shown.to; r++) {
    const top = y + height * (1 - depth[r - 1] / most);
    path += `L${pen.x(r).toFixed(1)} ${top.toFixed(1)}L${pen.x(r + 1).toFixed(1)} ${top.toFixed(1)}`;
  }
  pen.chain.append(svg("path", { d: `${path}L${pen.x(shown.to + 1)} ${y + height}Z`, fill: "#cfd8e2", stroke: "#7b8896", "stroke-width": 0.8 }));
  rowName(pen, pen.narrow ? "hits" : "accepted hits", y + 19);
  rowValue(pen, `${most}`, y + 9);
  return height + 10;
}

/** Whether segments share a residue. @param {Segments} a @param {Segments} b */
const touch = (a, b) => a.some(([p, q]) => b.some(([r, s]) => p <= s && q >= r));

/** One hit. @param {Pen} pen @param {Evidence} hit @param {string} value @param {number} y */
function hitRow(pen, hit, value, y) {
  const owner = shown.protein.domains.findIndex((d) => d.assignment !== "miss" && d.t_group === hit.t_group && touch(d.segments, hit.segments));
  const colour = owner < 0 ? "#8d99a6" : domainColour(owner), first = hit.segments[0][0], last = hit.segments[hit.segments.length - 1][1];
  pen.chain.append(svg("path", { d: `M${pen.x(first)} ${y + 5}H${pen.x(last + 1)}`, stroke: colour, "stroke-width": 1 }));
  for (const [a, b] of hit.segments) bar(pen, a, b, y, 10, { fill: colour }, `${hit.template_id} ${hit.t_group} ${hit.t_group_name}: ${value}, ${a}-${b}`);
  rowName(pen, pen.narrow ? hit.t_group : `${hit.t_group} ${hit.t_group_name}`, y + 9, "small");
  rowValue(pen, value, y + 9);
  return 14;
}

/** A group of hits under a heading. @param {Pen} pen @param {"dali" | "hh"} source @param {number} y */
export function hitRows(pen, source, y) {
  const { evidence, domains, hh_suite: ran } = shown.protein, d = shown.selected == null ? null : domains[shown.selected];
  const hits = evidence.filter((hit) => hit.source === source && (!d || touch(d.segments, hit.segments)));
  const dali = source === "dali", whose = d ? `hits that touch ${d.name}` : "best hits, one a T-group; coloured where this T-group is assigned";
  const none = dali ? "no hit" : ran ? "no hit was good enough" : "was not run: sequence evidence counts as absent";
  rowName(pen, dali ? "DALI" : "HH-suite", y + 11, "head");
  pen.chain.append(svg("text", { x: pen.left, y: y + 11, class: "row-note" }, hits.length ? whose : none));
  let height = 18;
  for (const hit of hits) height += hitRow(pen, hit, dali ? `z ${fixed(hit.value, 1)}` : `p ${fixed(hit.value, hit.value > 1 ? 0 : 2)}`, y + height);
  return height + 4;
}

/** Lines down from the ends of the domains. @param {Pen} pen @param {number} top @param {number} bottom */
export function domainEnds(pen, top, bottom) {
  shown.protein.domains.forEach((d, n) => d.segments.forEach(([a, b]) => {
    for (const r of [a, b + 1]) {
      if (r <= shown.from || r > shown.to || (r === b + 1 && domainAt(r) >= 0)) continue;
      pen.chain.append(svg("path", { d: `M${pen.x(r)} ${top}V${bottom}`, stroke: domainColour(n), opacity: 0.35 }));
    }
  }));
}
