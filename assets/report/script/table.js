/**
 * The table of all rows of the run. Rows have one height, and only those in sight are drawn; so 10,000 rows open and
 * sort as fast as 100. Own code, since the known tables are ten times larger and draw no architecture.
 */

import { app, shownRows } from "./state.js";
import { amount, el, fixed, find, meter, svg, whole, words } from "./elements.js";
import { labelMark, LABELS, statusMark } from "./marks.js";
import { domainColour } from "./colours.js";
import { applyFilters, domainsOf, prepared, rowAddress, segmentsOf } from "./rows.js";

/** Height of a row in pixels. */
const ROW = 34;
/** Rows drawn above and below those in sight. */
const SPARE = 6;
/** Most rows that are printed. */
const PRINTED = 300;

/**
 * @typedef {{name: string, title: string, hint: string, width: string, narrow: boolean, number: boolean,
 *   descending: boolean, cell: (row: number) => any, text: (row: number) => string}} TableColumn
 */

/** @param {number} row @returns {any} domains on the chain: filled if assigned, hollow if not, dashed if simple; one opens by a press */
export function architecture(row) {
  const width = 300, height = 18, domains = app.run.domains, length = app.run.rows.length[row];
  const own = domains ? domainsOf(row) : [];
  const box = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", height, preserveAspectRatio: "none", "aria-hidden": "true" });
  if (!length || !domains) return box;
  const scale = width / length;
  box.append(svg("path", { d: `M0 ${height / 2}H${width}`, stroke: app.meta.colours.linker, "stroke-width": 3 }));
  own.forEach((d, number) => {
    const colour = domainColour(number), label = domains.label[d], assigned = label === "good_domain" || label === "partial_domain";
    const tall = label === "good_domain", dashes = label === "simple_topology" ? "3 2" : null;
    for (const [a, b] of segmentsOf(domains.range[d])) {
      box.append(svg("rect", {
        "data-domain": d,
        x: (a - 1) * scale, y: tall ? 1.5 : 3, width: Math.max(1.5, (b - a + 1) * scale), height: tall ? height - 3 : height - 6,
        fill: assigned ? colour : "#fff", stroke: colour, "stroke-width": 1.6, "stroke-dasharray": dashes, "vector-effect": "non-scaling-stroke",
      }, svg("title", {}, `${domains.name[d]} ${domains.range[d]}. ${domains.why[d]}`)));
    }
  });
  return box;
}

/** @param {number} row */
function weakest(row) {
  const d = prepared.worst[row], domains = app.run.domains;
  if (d < 0 || !domains) return "–";
  return [labelMark(domains.label[d]), " ", domains.name[d], " ", el("span", { class: "muted" }, domains.why[d])];
}

/** @param {number} row */
function weakestText(row) {
  const d = prepared.worst[row], domains = app.run.domains;
  return d < 0 || !domains ? "" : `${domains.name[d]}, ${LABELS[domains.label[d]]?.[0] ?? domains.label[d]}: ${domains.why[d]}`;
}

/** @returns {TableColumn[]} */
function tableColumns() {
  const { rows, domains, columns, noun } = app.run;
  /** @param {Partial<TableColumn> & {name: string, title: string}} column @returns {TableColumn} */
  const column = (column) => ({ hint: "sort by this", width: "80px", narrow: false, number: false, descending: false, cell: (i) => column.text?.(i), text: () => "", ...column });
  const out = [column({
    name: "id", title: noun[0], width: "minmax(120px, 1.2fr)", narrow: true, text: (i) => rows.id[i],
    cell: (i) => el("a", { class: "mono", href: rowAddress(i), tabindex: -1 }, rows.id[i]),
  })];
  if (rows.length.some((x) => x != null)) out.push(column({ name: "length", title: "length", number: true, descending: true, width: "64px", text: (i) => (rows.length[i] == null ? "–" : whole(rows.length[i] ?? 0)) }));
  if (domains) {
    out.push(column({ name: "", title: "domains on the chain", hint: "order of the input", width: "minmax(120px, 3fr)", narrow: true, cell: architecture }));
    out.push(column({ name: "domains", title: "domains", number: true, descending: true, width: "76px", text: (i) => String(domainsOf(i).length || "–") }));
    out.push(column({
      name: "doubt", title: "doubt", descending: true, width: "76px", narrow: true, cell: (i) => (prepared.doubt[i] < 0 ? "–" : meter(prepared.doubt[i])), text: (i) => (prepared.doubt[i] < 0 ? "" : fixed(prepared.doubt[i])),
      hint: "0: sure, 1: doubtful. Of the weakest domain: low confidence 0.7 + 0.3 (1 − p); simple topology 0.55; others 1 − p, + 0.3 if clarity is bad, 0.12 if ok, + 0.3 if partial, at most 0.69. It is no probability.",
    }));
    out.push(column({ name: "weakest", title: "weakest domain", descending: true, width: "minmax(170px, 2fr)", cell: weakest, text: weakestText }));
  }
  for (const c of columns ?? []) {
    const number = c.kind === "number";
    out.push(column({ name: c.name, title: c.title, number, descending: number, width: number ? "96px" : "minmax(90px, 1fr)", text: (i) => (typeof c.values[i] === "number" ? amount(/** @type {number} */ (c.values[i]), c.digits) : String(c.values[i] ?? "–")) }));
  }
  if (rows.plddt?.some((x) => x != null)) out.push(column({ name: "plddt", title: "pLDDT", hint: "mean over the chain", number: true, descending: true, width: "66px", text: (i) => fixed(rows.plddt?.[i], 0) }));
  out.push(column({ name: "status", title: "status", width: "112px", narrow: !domains, text: (i) => words(rows.status[i]), cell: (i) => [statusMark(rows.status[i]), " ", words(rows.status[i])] }));
  if (!domains) out.push(column({ name: "step", title: "last step", width: "minmax(100px, 1fr)", text: (i) => rows.step[i] ?? "" }));
  if (rows.reason.some((x) => x)) out.push(column({ name: "reason", title: "notes", width: "minmax(120px, 1.5fr)", text: (i) => rows.reason[i] ?? "" }));
  return out;
}

/** The table; `update()` filters and draws again. */
export class RowTable {
  constructor() {
    this.columns = tableColumns();
    /** @type {Map<number, HTMLElement>} */
    this.live = new Map();
    this.pad = el("div", { class: "rows-pad", role: "presentation" });
    this.body = el("div", { class: "rows", tabindex: 0, role: "rowgroup", "aria-label": "Rows. Arrow keys move, Enter opens." }, this.pad);
    this.head = el("div", { class: "rows-head", role: "row" });
    this.box = el("div", { class: "table", role: "grid", "aria-label": app.run.noun[1], "aria-rowcount": app.run.rows.id.length + 1 }, this.head, this.body);
    this.body.addEventListener("scroll", () => requestAnimationFrame(() => this.draw(false)), { passive: true });
    this.body.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => this.key(e));
  }

  /** Filter and sort, then draw from the top. */
  update() {
    applyFilters();
    this.body.scrollTop = 0;
    this.drawHead();
    this.draw(true);
  }

  visible() {
    return matchMedia("(max-width: 760px)").matches ? this.columns.filter((c) => c.narrow) : this.columns;
  }

  drawHead() {
    const columns = this.visible();
    this.box.style.setProperty("--columns", columns.map((c) => c.width).join(" "));
    this.head.replaceChildren(...columns.map((c) => {
      const on = shownRows.sort === c.name, order = shownRows.dir > 0 ? "ascending" : "descending";
      const arrow = on ? el("span", { "aria-hidden": "true" }, shownRows.dir > 0 ? " ▲" : " ▼") : null;
      return el("span", { role: "columnheader", "aria-sort": on ? order : null, class: c.number ? "num" : null },
        el("button", { title: c.hint, onclick: () => this.sort(c) }, c.title, arrow));
    }));
  }

  /** @param {TableColumn} column */
  sort(column) {
    const first = column.descending ? -1 : 1;
    shownRows.dir = shownRows.sort === column.name ? -shownRows.dir : first;
    shownRows.sort = column.name;
    this.update();
  }

  /** @param {number} place @returns {HTMLElement} */
  row(place) {
    const i = shownRows.shown[place];
    const open = (/** @type {MouseEvent} */ e) => {
      const pressed = /** @type {Element} */ (e.target).closest("[data-domain]")?.getAttribute("data-domain");
      location.hash = rowAddress(i, pressed == null ? undefined : Number(pressed));
    };
    return el("div", { class: "row opens", role: "row", "aria-rowindex": place + 2, style: `top:${place * ROW}px`, onclick: open },
      this.visible().map((c) => el("span", { role: "gridcell", class: c.number ? "num" : null, title: c.text(i) || null }, c.cell(i))));
  }

  /** Draw the rows in sight; `again` draws those already there anew. @param {boolean} again */
  draw(again) {
    const n = shownRows.shown.length;
    this.pad.style.height = Math.max(1, n) * ROW + "px";
    this.body.style.height = Math.min(Math.max(1, n) * ROW + 2, Math.max(340, innerHeight * 0.64)) + "px";
    if (again) {
      this.pad.replaceChildren();
      this.live.clear();
    }
    const from = Math.max(0, Math.floor(this.body.scrollTop / ROW) - SPARE);
    const to = Math.min(n, Math.ceil((this.body.scrollTop + (this.body.clientHeight || 800)) / ROW) + SPARE);
    this.live.forEach((node, place) => {
      if (place >= from && place < to) return;
      node.remove();
      this.live.delete(place);
    });
    for (let place = from; place < to; place++) {
      if (!this.live.has(place)) {
        const node = this.row(place);
        this.live.set(place, node);
        this.pad.append(node);
      }
    }
    this.live.forEach((node, place) => node.setAttribute("aria-selected", String(place === shownRows.at)));
    if (!n) this.pad.replaceChildren(el("p", { class: "muted none" }, "No row passes the filters."));
    const all = app.run.rows.id.length;
    find("#count").textContent = n === all ? "" : `${whole(n)} of ${whole(all)} shown`;
  }

  /** Put the cursor on a row and bring it in sight. @param {number} place */
  move(place) {
    shownRows.at = Math.max(0, Math.min(shownRows.shown.length - 1, place));
    const top = shownRows.at * ROW;
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    if (top + ROW > this.body.scrollTop + this.body.clientHeight) this.body.scrollTop = top + ROW - this.body.clientHeight;
    this.draw(false);
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 }[e.key];
    if (step) {
      e.preventDefault();
      this.move(shownRows.at + step);
    }
    const row = shownRows.shown[shownRows.at];
    if (e.key === "Enter" && row != null) location.hash = rowAddress(row);
  }

  /** Draw rows for paper, one below the other. */
  print() {
    const n = Math.min(PRINTED, shownRows.shown.length);
    this.pad.replaceChildren(...Array.from({ length: n }, (_, place) => this.row(place)));
    this.live.clear();
    if (n < shownRows.shown.length) this.pad.append(el("p", { class: "muted" }, `The first ${n} of ${whole(shownRows.shown.length)} rows.`));
  }
}
