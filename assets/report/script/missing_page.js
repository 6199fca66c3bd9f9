/** What the run knows of a protein that has no page of its own: its outcome and cause, or its domains with reasons. */

import { app, hasPage } from "./state.js";
import { card, el, find } from "./elements.js";
import { labelTag, statusMark } from "./marks.js";
import { domainsOf, groupName, prepared } from "./rows.js";

/** The domains of a row, each with its reason. @param {number} row @param {string | null} named the domain to mark */
function domainsCard(row, named) {
  const domains = app.run.domains;
  if (!domains || !domainsOf(row).length) return null;
  return card("Domains", null, el("ul", { class: "plain" }, domainsOf(row).map((d) => {
    const group = domains.t_group[d], on = domains.name[d] === named;
    return el("li", { class: on ? "on" : null, "aria-current": on ? "true" : null }, labelTag(domains.label[d]), el("span", {}, el("b", {}, domains.name[d]), " ",
      el("span", { class: "mono" }, domains.range[d].replaceAll(",", ", ")), group ? ` ${group} ${groupName(group)}. ` : " ", el("span", { class: "reason" }, domains.why[d])));
  })));
}

/** Show the outcome of a row, and its domains. @param {string} id @param {string | null} domain */
export function showMissing(id, domain) {
  const row = prepared.index.get(id), { rows, noun, statuses } = app.run, page = [];
  find("#title").textContent = id;
  find("#sub").textContent = "";
  find("#nav").replaceChildren(el("a", { href: "#/" }, "← run"));
  document.title = `${id} · ${app.run.title}`;
  if (row == null) page.push(el("p", { class: "note" }, `This run has no ${noun[0]} ${id}.`));
  else if (hasPage(id)) page.push(el("p", { class: "note" }, `The data of ${id} are not in this file. They lie in the folder ${app.meta.folder} beside it: keep both together.`));
  else {
    const status = rows.status[row], meaning = statuses.find((s) => s.name === status)?.words;
    page.push(card([statusMark(status), ` ${status.replaceAll("_", " ")}`], rows.step[row] ? `at ${rows.step[row]}` : null,
      rows.reason[row] ? el("p", { class: "reason" }, rows.reason[row]) : null, meaning ? el("p", { class: "muted" }, `${status.replaceAll("_", " ")}: ${meaning}`) : null));
    if (status === "ok" && app.run.domains) page.push(el("p", { class: "hint" }, `${id} has no page of its own, so its structure is not drawn. --report_proteins says how many have one.`));
  }
  find("main").replaceChildren(el("div", { class: "stacked" }, page, row == null ? null : domainsCard(row, domain)));
}
