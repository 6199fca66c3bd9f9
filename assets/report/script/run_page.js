/** The page of the run: counts that filter, what to look at first, what got no answer, all rows. */

import { app, shownRows } from "./state.js";
import { card, counted, el, find, whole, words } from "./elements.js";
import { LABEL_ORDER, LABELS, labelColour, labelMark, statusColour, statusMark } from "./marks.js";
import { groupName, prepared, rowAddress, tally } from "./rows.js";
import { saveText, tabSeparated } from "./save.js";
import { bars, sectionCards } from "./sections.js";
import { RowTable } from "./table.js";

/** Domains under "Look here first". */
const DOUBTFUL = 7;
/** Least doubt that is worth a look. */
const WORTH_A_LOOK = 0.25;
/** Groups of rows without an answer that are shown. */
const MOST_GROUPS = 8;
const MOST_T_GROUPS = 12;

/** @type {{table: RowTable | null}} */
export const runPage = { table: null };

/** Filter again after a change, and show which filters are on. */
function refresh() {
  shownRows.at = 0;
  runPage.table?.update();
  for (const button of document.querySelectorAll("[data-filter]")) {
    const { filter, value } = /** @type {HTMLElement} */ (button).dataset;
    button.setAttribute("aria-pressed", String(/** @type {any} */ (shownRows)[filter ?? ""] === value));
  }
  const { query, status, label, group } = shownRows;
  find("#all").hidden = !(query || status || label || group);
  find("#group").textContent = group ? `T-group ${group} ${groupName(group)}` : "";
}

/** A count that filters the table when pressed. @param {"status" | "label" | "group"} filter @param {string} value @param {any[]} kids */
function filterButton(filter, value, ...kids) {
  const press = () => {
    shownRows[filter] = shownRows[filter] === value ? null : value;
    refresh();
  };
  return el("button", { "data-filter": filter, "data-value": value, "aria-pressed": "false", onclick: press }, ...kids);
}

/** One bar of parts. @param {[string, number, string][]} parts name, number, colour */
const stack = (parts) =>
  el("div", { class: "stack", "aria-hidden": "true" }, parts.filter(([, n]) => n).map(([name, n, colour]) =>
    el("i", { style: `flex:${n};background:${colour}`, title: `${words(name)}: ${whole(n)}` })));

/** Rows of the ledger with each status; the page may hold only some of them. */
function byStatus() {
  const here = tally(app.run.rows.status);
  return new Map(app.run.statuses.map((s) => [s.name, s.number ?? here.get(s.name) ?? 0]));
}

/** How many rows the ledger has, with their noun. */
function allRows() {
  const { rows, statuses, noun } = app.run;
  return counted(statuses.reduce((sum, s) => sum + (s.number ?? 0), 0) || rows.id.length, noun);
}

function countsCard() {
  const { statuses, domains } = app.run, numbers = byStatus();
  const number = (/** @type {string} */ name) => numbers.get(name) ?? 0;
  const kids = [
    stack(statuses.map((s) => [s.name, number(s.name), statusColour(s.name)])),
    el("div", { class: "legend" }, statuses.map((s) => filterButton("status", s.name, statusMark(s.name), el("span", { title: s.words }, `${words(s.name)} ${whole(number(s.name))}`)))),
  ];
  if (domains) {
    const labels = tally(domains.label), of = (/** @type {string} */ l) => labels.get(l) ?? 0;
    kids.push(el("h3", {}, counted(domains.row.length, ["domain", "domains"])), stack(LABEL_ORDER.map((l) => [l, of(l), labelColour(l)])),
      el("div", { class: "legend" }, LABEL_ORDER.map((l) => filterButton("label", l, labelMark(l), el("span", { title: LABELS[l][1] }, `${LABELS[l][0]} ${whole(of(l))}`)))));
  }
  kids.push(el("p", { class: "hint" }, "Press a count to see only these rows."));
  return card(allRows(), null, ...kids);
}

/** The most doubtful domains, one sentence each. */
function doubtfulCard() {
  const { domains, rows } = app.run;
  if (!domains || !domains.row.length) return null;
  const order = domains.row.map((_, d) => d).filter((d) => domains.doubt[d] > WORTH_A_LOOK);
  order.sort((a, b) => domains.doubt[b] - domains.doubt[a] || a - b);
  const items = order.slice(0, DOUBTFUL).map((d) => {
    const row = domains.row[d], where = el("a", { href: rowAddress(row, d) }, `${rows.id[row]} ${domains.name[d]}`);
    return el("li", {}, labelMark(domains.label[d]), el("span", {}, where, " ", el("span", { class: "mono" }, domains.range[d]), " ", el("span", { class: "muted" }, domains.why[d])));
  });
  const none = el("p", { class: "muted" }, "No domain is doubtful.");
  return card("Look here first", "the most doubtful domains", items.length ? el("ul", { class: "plain" }, items) : none);
}

/** Rejected and failed rows by step and sentence; digits are masked, so that equal causes stand together. */
function unansweredCard() {
  const { rows, statuses } = app.run, bad = new Set(statuses.filter((s) => s.kind === "rejected" || s.kind === "failed").map((s) => s.name));
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  rows.id.forEach((id, i) => {
    if (!bad.has(rows.status[i])) return;
    const key = JSON.stringify([rows.status[i], rows.step[i], (rows.reason[i] ?? "").replaceAll(id, "#").replace(/\d+/g, "#")]);
    const members = groups.get(key);
    if (members) members.push(i);
    else groups.set(key, [i]);
  });
  if (!groups.size) return null;
  const sorted = [...groups.values()].sort((a, b) => b.length - a.length);
  const items = sorted.slice(0, MOST_GROUPS).map((members) => {
    const first = members[0], examples = members.slice(0, 3).flatMap((i, k) => [k ? ", " : "", el("a", { href: rowAddress(i) }, rows.id[i])]);
    return el("li", {}, statusMark(rows.status[first]), el("span", {},
      el("b", {}, `${whole(members.length)} ${words(rows.status[first])}`), rows.step[first] ? ` at ${rows.step[first]}` : "", `: ${rows.reason[first] ?? "no reason was written"} `,
      el("span", { class: "muted" }, members.length > 1 ? "such as " : ""), examples));
  });
  if (sorted.length > MOST_GROUPS) items.push(el("li", { class: "muted" }, `${sorted.length - MOST_GROUPS} more causes are in the table.`));
  return card("Without an answer", `by step and cause${app.run.rows_note ? ", of the rows in the table below" : ""}`, el("ul", { class: "plain" }, items));
}

function groupsCard() {
  const domains = app.run.domains;
  if (!domains) return null;
  const assigned = domains.t_group.filter((t, d) => t != null && ["good_domain", "partial_domain"].includes(domains.label[d]));
  const counts = [...tally(/** @type {string[]} */ (assigned))].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (!counts.length) return null;
  const rows = counts.slice(0, MOST_T_GROUPS).map(([group, n]) => ({ name: filterButton("group", group, el("span", { class: "mono" }, group), " ", groupName(group)), value: n, shown: whole(n), note: groupName(group) }));
  return card("T-groups", `${counted(counts.length, ["T-group", "T-groups"])} of assigned domains`, bars(rows));
}

/** The rows shown, one line a domain, as a file. */
function saveRows() {
  const { rows, domains, columns } = app.run, more = columns ?? [];
  const head = [app.run.noun[0], "length", "status", "step", "notes", ...more.map((c) => c.name), ...(domains ? ["domain", "range", "label", "t_group", "probability", "doubt"] : [])];
  const lines = shownRows.shown.flatMap((i) => {
    const own = [rows.id[i], rows.length[i], rows.status[i], rows.step[i], rows.reason[i], ...more.map((c) => c.values[i])];
    if (!domains) return [own];
    const first = prepared.first[i], n = prepared.first[i + 1] - first;
    if (!n) return [[...own, null, null, null, null, null, null]];
    return Array.from({ length: n }, (_, k) => {
      const d = first + k;
      return [...own, domains.name[d], domains.range[d], domains.label[d], domains.t_group[d], domains.probability[d], domains.doubt[d]];
    });
  });
  saveText("domainflow-rows.tsv", tabSeparated([head, ...lines]));
}

function tableCard() {
  const search = el("input", {
    type: "search", id: "query", value: shownRows.query, "aria-label": "filter the rows",
    placeholder: app.run.domains ? "id, T-group, fold or note  ( / )" : "id, step or note  ( / )",
    oninput: (/** @type {any} */ e) => {
      shownRows.query = e.target.value;
      refresh();
    },
  });
  const showAll = () => {
    Object.assign(shownRows, { query: "", status: null, label: null, group: null });
    search.value = "";
    refresh();
  };
  const table = new RowTable();
  runPage.table = table;
  const title = app.run.noun[1].replace(/^./, (c) => c.toUpperCase());
  const node = card(title, el("span", { id: "count", "aria-live": "polite" }), el("div", { class: "tools" }, search, el("span", { id: "group", class: "muted" }),
    el("button", { class: "btn", id: "all", onclick: showAll }, "Show all"), el("button", { class: "btn", onclick: saveRows }, "Save these rows (TSV)")),
    app.run.rows_note ? el("p", { class: "muted", id: "rows-note" }, app.run.rows_note) : null, table.box);
  node.classList.add("wide");
  return node;
}

function factsCard() {
  const { facts, version, workflow, cost } = app.run, all = [["domainflow", `${version}, workflow ${workflow}`], ...facts];
  return card("This run", null, el("dl", { class: "facts" }, all.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    cost ? [el("dt", {}, "cost"), el("dd", {}, el("a", { href: cost }, "CPU and memory by step"), " (written when the run has ended)")] : []));
}

function filesCard() {
  const files = app.run.files;
  if (!files.length) return null;
  const address = (/** @type {string} */ path) => path.split("/").map(encodeURIComponent).join("/");
  return card("Files beside this page", null, el("dl", { class: "facts" }, files.flatMap((f) => [el("dt", {}, el("a", { href: address(f.path) }, f.path)), el("dd", {}, f.what)])));
}

/** Show the run page. */
export function showRunPage() {
  const { run } = app;
  document.title = run.title;
  find("#title").textContent = run.title;
  find("#sub").textContent = [allRows(), `domainflow ${run.version}`, run.headline].filter(Boolean).join(" · ");
  find("#nav").replaceChildren();
  const top = [countsCard(), doubtfulCard(), unansweredCard(), groupsCard(), ...sectionCards(run.sections, "top")];
  const bottom = [...sectionCards(run.sections, "bottom"), factsCard(), filesCard()];
  find("main").replaceChildren(el("div", { class: "cards" }, top.filter(Boolean)), tableCard(), el("div", { class: "cards" }, bottom.filter(Boolean)));
  refresh();
}
