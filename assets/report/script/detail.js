/** The selected domain: its numbers beside DPAM's thresholds, the alternatives. */

import { card, el, find, fixed, meter } from "./elements.js";
import { domainColour } from "./colours.js";
import { alignmentText } from "./alignment.js";
import { thresholdLines } from "./domain_list.js";
import { listen, showTemplate, shown } from "./protein_state.js";

/** @typedef {import("./types").Domain} Domain */
/** @typedef {import("./types").Alternative} Alternative */

/** A number with its bar. @param {string} name @param {number | null} value @param {number} digits @param {number} most @param {string} threshold @param {string} hint */
const criterion = (name, value, digits, most, threshold, hint) => [
  el("span", { title: hint }, name), el("span", { class: "num" }, fixed(value, digits)), meter((value ?? 0) / most, thresholdLines(threshold, most))];

/** What a domain rests on, in words. @type {{[name: string]: string}} */
const EVIDENCE = { templates: "templates", pae: "PAE", coordinates: "coordinates" };

/** The column `evidence` in words. @param {string} text */
const restsOn = (text) => text.split(",").map((name) => EVIDENCE[name] ?? name).join(", ") + (text === "coordinates" ? " alone" : "");

/** A link to a T-group's page; numbers with dots only, since the reader's own classification may have other names. @param {string} group */
const groupLink = (group) =>
  /^\d+(\.\d+)+$/.test(group) ? el("a", { href: "http://prodata.swmed.edu/ecod/complete/tree?id=" + encodeURIComponent(group), target: "_blank", rel: "noreferrer noopener", title: "opens ECOD's page in the network" }, group) : group;

/** @param {Domain} d @param {number} n */
function numbersCard(d, n) {
  const scored = d.probability != null || d.alternatives.length > 0;
  const numbers = el("div", { class: "criteria" }, scored ? [
    criterion("probability", d.probability, 3, 1, "probability", "of the network DOMASS: domain and template are of one T-group"),
    criterion("DALI z", d.dali_z, 1, 30, "dali_z", "below 3 hardly above chance, above 6 usually the same fold"),
    criterion("HH probability", d.hh_probability, 2, 1, "hh_probability", "of HH-suite: the sequences are related"),
    criterion("template covered", d.template_coverage, 2, 1, "template_coverage", "share of the template's residues, by position weights"),
    criterion("length / usual", d.length_ratio, 2, 2, "length_ratio", "length by the usual length in the T-group")].flat() : [],
    d.plddt == null ? [] : criterion("mean pLDDT", d.plddt, 0, 100, "plddt", "of the domain's residues"));
  const facts = [["residues", `${d.length}`], d.evidence ? ["rests on", restsOn(d.evidence)] : null,
    d.dpam_range && d.dpam_range !== d.range ? ["DPAM's ends", d.dpam_range.replaceAll(",", ", ")] : null, d.author_range !== d.range ? ["in the file", d.author_range.replaceAll(",", ", ")] : null, d.parts !== d.name && d.parts.includes(",") ? ["joined from", d.parts.replaceAll(",", ", ")] : null,
    d.runner_up ? ["next T-group", `${d.runner_up.t_group} ${d.runner_up.t_group_name}, p ${fixed(d.runner_up.probability, 3)}`] : null, d.t_group ? ["ECOD", groupLink(d.t_group)] : null];
  const node = card([el("span", { class: "domain-title", style: `--colour:${domainColour(n)}` }, d.name), " "], "in numbers", numbers,
    scored ? el("p", { class: "hint" }, "Black lines are DPAM's thresholds.") : null, el("dl", { class: "facts" }, facts.flatMap((f) => (f ? [el("dt", {}, f[0]), el("dd", {}, f[1])] : []))));
  return node;
}

/** @param {Domain} d @param {number} n @param {Alternative} a */
function alternativeRow(d, n, a) {
  const on = shown.template?.alternative === a, rmsd = a.rmsd == null ? "–" : fixed(a.rmsd, 1), loose = a.rmsd != null && a.rmsd > 8;
  const whole = a.rmsd_dali != null && a.rmsd != null && a.rmsd_dali > a.rmsd + 1 ? `; ${fixed(a.rmsd_dali, 1)} Å with DALI's own rotation, which fits the whole alignment` : "";
  const template = a.transform ? el("button", { class: "btn small mono", "aria-pressed": String(on), "data-template": a.template, onclick: () => showTemplate(n, a) }, a.template_id) : el("span", { class: "mono" }, a.template_id);
  const more = a.templates > 1 ? el("span", { class: "muted", title: "templates of this T-group that were scored" }, ` (${a.templates})`) : "";
  return el("tr", { class: on ? "on" : null },
    el("td", {}, el("span", { class: "mono" }, a.template === d.template ? el("b", {}, a.t_group) : a.t_group), " ", a.t_group_name, more),
    el("td", {}, template), el("td", { class: "num" }, fixed(a.probability, 3)), el("td", { class: "bar" }, meter(a.probability, thresholdLines("probability", 1))),
    el("td", { class: "num" }, fixed(a.dali_z, 1)), el("td", { class: "num" }, fixed(a.hh_probability, 2)),
    el("td", { class: "num" }, a.aligned == null ? "–" : `${a.aligned} of ${a.template_length ?? "?"}`),
    el("td", { class: "num", title: loose ? "not one rigid body" + whole : `after a refit on the pairs inside the domain${whole}` }, rmsd + (loose ? " !" : "")));
}

/** @param {Domain} d @param {number} n */
function alternativesCard(d, n) {
  const heads = [["T-group", 1], ["template", 1], ["p", 2], ["DALI z", 1], ["HH p", 1], ["aligned", 1], ["RMSD, Å", 1]];
  const table = el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "alternatives" }, el("table", { class: "t" },
    el("thead", {}, el("tr", {}, heads.map(([name, span], k) => el("th", { scope: "col", colspan: span, class: k > 2 ? "num" : null }, name)))),
    el("tbody", {}, d.alternatives.map((a) => alternativeRow(d, n, a)))));
  const a = shown.template?.domain === n ? shown.template.alternative : null;
  const passed = d.passed_over.map((p) => el("li", {}, el("span", {}, el("span", { class: "mono" }, `${p.template_id} ${p.t_group}`), ` ${p.t_group_name}, p ${fixed(p.probability, 3)}: ${p.why}`)));
  return card("Alternatives", d.alternatives.length ? "the most probable template of each T-group; press one to superpose it" : null,
    d.alternatives.length ? table : el("p", { class: "muted" }, "No template was scored for this domain."),
    a?.transform ? alignmentText(a, innerWidth < 760 ? 36 : 84) : null,
    passed.length ? el("div", {}, el("h3", {}, "Passed over"), el("ul", { class: "plain" }, passed)) : null);
}

/** Show what is known of the selected domain. */
function drawDetail() {
  const n = shown.selected, box = find("#detail");
  if (!box) return;
  if (n == null) return box.replaceChildren();
  const d = shown.protein.domains[n], held = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.template;
  box.replaceChildren(numbersCard(d, n), alternativesCard(d, n));
  if (held) /** @type {HTMLElement | undefined} */ ([...box.querySelectorAll("[data-template]")].find((b) => b.dataset.template === held))?.focus();
}

export function detailView() {
  listen(["select", "template"], drawDetail);
  return el("div", { id: "detail" });
}
