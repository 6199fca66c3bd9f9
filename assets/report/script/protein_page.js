/** The page of one protein: model, map, domains, tracks, the selected domain. */

import { app, hasPage, pageAddress, shownRows } from "./state.js";
import { readProtein } from "./data.js";
import { card, counted, el, find } from "./elements.js";
import { applyFilters } from "./rows.js";
import { fileName, saveAddress, saveText } from "./save.js";
import { listen, select, setProtein, shown, tell, toggleTemplate, zoom } from "./protein_state.js";
import { mapView } from "./map.js";
import { tracksView } from "./tracks.js";
import { modelView, scene, startModel, stopModel } from "./model.js";
import { forgetTemplate } from "./overlay.js";
import { domainList, mediansTable } from "./domain_list.js";
import { whyView } from "./why.js";
import { detailView } from "./detail.js";
import { showMissing } from "./missing_page.js";

/** Buttons of which one is pressed. @param {"colour" | "map"} key @param {[string, string, string][]} choices value, name, hint */
function choice(key, choices) {
  const press = (/** @type {string} */ value) => {
    /** @type {any} */ (shown)[key] = value;
    document.querySelectorAll(`[data-choice=${key}]`).forEach((b) => b.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (b).dataset.value === value)));
    tell(key);
  };
  return el("span", { class: "choice", role: "group", "aria-label": key }, choices.map(([value, name, hint]) =>
    el("button", { "data-choice": key, "data-value": value, title: hint, "aria-pressed": String(shown[key] === value), onclick: () => press(value) }, name)));
}

function modelCard() {
  const { protein } = shown;
  /** @type {[string, string, string][]} */
  const colours = [["domain", "domain", ""], ["position", "N to C", "blue at the N end, orange at the C end"], ["label", "label", "how far each domain is to be believed"]];
  if (protein.plddt) colours.splice(1, 0, ["plddt", "pLDDT", "the four colours of the AlphaFold Database"]);
  if (protein.pae) colours.push(["pae", "PAE", "of each residue, aligned on the one under the pointer"]);
  const able = protein.domains.some((d) => d.alternatives.some((a) => a.transform));
  const node = card("Model", null, el("div", { class: "tools" }, choice("colour", colours),
    el("button", { class: "btn", id: "template", "aria-pressed": "false", disabled: !able, title: "superpose the selected domain's template (t)", onclick: toggleTemplate }, "Template"),
    el("button", { class: "btn", title: "Esc", onclick: () => select(null) }, "Whole")),
  modelView(), el("canvas", { id: "model-print", "aria-hidden": "true" }), el("div", { class: "legend", id: "model-legend" }), el("p", { class: "read", id: "model-read" }));
  node.classList.add("model-card");
  listen(["template"], () => find("#template").setAttribute("aria-pressed", String(shown.template != null)));
  return node;
}

function mapCard() {
  const { protein } = shown;
  /** @type {[string, string, string][]} */
  const maps = [["same_domain", "same domain?", "probability that two residues share a domain: what the domains were cut from"]];
  if (protein.pae) maps.unshift(["pae", "PAE", "predicted aligned error"]);
  return card("Map", protein.pae ? null : "No PAE was given.", el("div", { class: "tools" }, choice("map", maps), el("span", { class: "key", id: "map-key" })), mapView(), el("p", { class: "read", id: "map-read" }), mediansTable());
}

/** Names of previous and next protein in the order of the table. @param {string} id @returns {[string | null, string | null]} */
function neighbours(id) {
  if (!shownRows.shown.length) applyFilters();
  const ids = shownRows.shown.map((i) => app.run.rows.id[i]).filter(hasPage), at = ids.indexOf(id);
  return [at > 0 ? ids[at - 1] : null, at >= 0 ? ids[at + 1] ?? null : ids[0] ?? null];
}

/** @param {string} id */
function drawHead(id) {
  const { protein } = shown, [before, after] = neighbours(id), mean = protein.plddt && protein.plddt.reduce((s, v) => s + v, 0) / protein.length;
  const link = (/** @type {string | null} */ to, /** @type {string} */ text, /** @type {string} */ name, /** @type {string} */ key) =>
    to == null ? null : el("a", { href: pageAddress(to), id: name, title: `${to}  (key ${key})` }, text);
  find("#nav").replaceChildren(...[el("a", { href: "#/" }, "← run"), link(before, "‹ previous", "previous", "["), link(after, "next ›", "next", "]")].filter(Boolean));
  document.title = `${id} · ${app.run.title}`;
  find("#title").textContent = id;
  find("#sub").textContent = [`${protein.length} residues`, counted(protein.domains.length, ["domain", "domains"]), mean ? `mean pLDDT ${mean.toFixed(0)}` : "", protein.notes].filter(Boolean).join(" · ");
}

function downloadsCard() {
  const { protein } = shown, name = fileName(protein.id);
  const node = card("Take it elsewhere", null, el("div", { class: "tools" },
    protein.downloads.map((d) => el("button", { class: "btn", onclick: () => saveText(d.name, d.text) }, d.title)),
    el("button", { class: "btn", id: "picture", onclick: () => scene.viewer && saveAddress(name + ".png", scene.viewer.pngURI()) }, "3D picture (PNG)"),
    el("button", { class: "btn", onclick: () => print() }, "Print or PDF")),
  el("p", { class: "hint" }, "Keys: 1 to 9 select a domain, Esc none, t its template, c the next colour, m the other map, [ and ] the previous and next protein, / the search."));
  node.classList.add("files-card");
  return node;
}

/** Leave the protein's page. */
export function leaveProtein() {
  stopModel();
  forgetTemplate();
  /** @type {any} */ (shown).protein = null;
}

/** Show a protein's page. @param {string} id @param {string | null} domain a domain to select */
export async function showProtein(id, domain) {
  leaveProtein();
  find("main").replaceChildren(el("p", { class: "muted" }, "Reading …"));
  const protein = hasPage(id) ? await readProtein(id).catch(() => null) : null;
  if (!protein) return showMissing(id, domain);
  await setProtein(protein);
  drawHead(id);
  const list = card("Domains", "press one, or a key 1 to 9", el("div", { class: "domains" }, domainList()));
  list.classList.add("list-card");
  const whole = el("button", { class: "link", id: "whole-chain", hidden: true, onclick: () => zoom() }, "show the whole chain");
  const tracks = card("Along the chain", ["drag to zoom in ", whole], tracksView(), el("p", { class: "read", id: "tracks-read" }));
  tracks.classList.add("tracks-card");
  find("main").replaceChildren(whyView(), el("div", { class: "three" }, modelCard(), mapCard(), list), tracks, detailView(), downloadsCard());
  scrollTo(0, 0);
  tell("map");
  select(protein.domains.findIndex((d) => d.name === domain));
  await startModel();
}
