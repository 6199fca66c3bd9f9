/** Why the selected domain has its T-group and its label. It stands above all else, so that it is seen at once. */

import { el, find } from "./elements.js";
import { domainColour } from "./colours.js";
import { labelTag } from "./marks.js";
import { listen, shown } from "./protein_state.js";

function drawWhy() {
  const box = find("#why"), { protein, selected } = shown;
  if (!box) return;
  if (selected == null) {
    const hint = protein.domains.length ? "Select a domain to see why it has its T-group." : "No domain was found in this protein.";
    return box.replaceChildren(el("p", { class: "muted" }, hint));
  }
  const d = protein.domains[selected];
  box.replaceChildren(
    el("h2", {}, el("span", { class: "domain-title", style: `--colour:${domainColour(selected)}` }, d.name), el("span", { class: "mono" }, d.range.replaceAll(",", ", ")), labelTag(d.label)),
    el("p", { class: "reason" }, d.reason));
}

export function whyView() {
  listen(["select"], drawWhy);
  return el("section", { id: "why", class: "card", "aria-label": "reason", "aria-live": "polite" });
}
