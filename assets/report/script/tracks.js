/** Tracks along the chain under one ruler. Dragging zooms, a double click shows the whole chain. */

import { el, find, svg, ticks } from "./elements.js";
import { hover, listen, readout, shown, zoom } from "./protein_state.js";
import { depthRow, disorderRow, domainEnds, domainRow, hitRows, plddtRow, sequenceRow, structureRow } from "./track_rows.js";

/** Of the last drawing: how residues lie on it. @type {{pen: import("./track_rows.js").Pen | null, height: number}} */
const drawn = { pen: null, height: 0 };

/** Draw all rows. @param {number} [wide] pixels; without, the width there is */
export function drawTracks(wide) {
  const box = find("#tracks");
  if (!box) return;
  const width = wide ?? Math.max(300, box.clientWidth || 1200), narrow = width < 640;
  const left = narrow ? 88 : 236, right = narrow ? 42 : 60, step = (width - left - right) / (shown.to - shown.from + 1);
  const page = svg("svg", { width, role: "img", "aria-label": "tracks along the chain; the tables on this page have the same in numbers" });
  const chain = svg("g", { "clip-path": "url(#tracks-clip)" });
  /** @type {import("./track_rows.js").Pen} */
  const pen = { left, right, width, step, x: (r) => left + (r - shown.from) * step, chain, page, narrow };
  for (const t of ticks(shown.from, shown.to, (width - left - right) / 70)) {
    const x = pen.x(t) + step / 2;
    page.append(svg("path", { d: `M${x} 14v5`, stroke: "#5a6675" }), svg("text", { x, y: 11, "text-anchor": "middle", class: "row-note" }, t));
  }
  let y = 22;
  y += sequenceRow(pen, y);
  y += domainRow(pen, y);
  y += structureRow(pen, y);
  y += plddtRow(pen, y);
  y += disorderRow(pen, y);
  y += depthRow(pen, y);
  y += hitRows(pen, "dali", y);
  y += hitRows(pen, "hh", y);
  domainEnds(pen, 20, y);
  const lines = svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 5, height: 5, fill: "#fff3cf" }), svg("path", { d: "M0 0V5", stroke: "#b58a00", "stroke-width": 2 }));
  const clip = svg("clipPath", { id: "tracks-clip" }, svg("rect", { x: left, y: 0, width: width - left - right, height: y + 4 }));
  page.prepend(svg("defs", {}, lines, clip));
  page.append(chain, svg("g", { id: "tracks-cross", "pointer-events": "none" }));
  page.setAttribute("viewBox", `0 0 ${width} ${y + 4}`);
  page.setAttribute("height", y + 4);
  listenTo(page, pen);
  Object.assign(drawn, { pen, height: y });
  box.replaceChildren(page);
  find("#whole-chain").hidden = shown.from === 1 && shown.to === shown.protein.length;
  drawTracksCross();
}

/** @param {any} page @param {import("./track_rows.js").Pen} pen */
function listenTo(page, pen) {
  const at = (/** @type {PointerEvent} */ e) => {
    const r = page.getBoundingClientRect(), x = ((e.clientX - r.left) / r.width) * pen.width;
    return Math.max(shown.from, Math.min(shown.to, Math.floor((x - pen.left) / pen.step) + shown.from));
  };
  /** @type {number | null} */
  let start = null;
  page.addEventListener("pointerdown", (/** @type {PointerEvent} */ e) => { start = at(e); });
  page.addEventListener("pointermove", (/** @type {PointerEvent} */ e) => {
    const r = at(e);
    hover({ i: start ?? r, j: r, from: "tracks" });
  });
  page.addEventListener("pointerup", (/** @type {PointerEvent} */ e) => {
    const r = at(e), from = start;
    start = null;
    if (from != null && Math.abs(r - from) > 4) zoom(from, r);
  });
  page.addEventListener("pointerleave", () => {
    start = null;
    hover(null);
  });
  page.addEventListener("dblclick", () => zoom());
}

function drawTracksCross() {
  const cross = find("#tracks-cross"), at = shown.hover ?? shown.pin, pen = drawn.pen;
  if (!cross || !pen) return;
  find("#tracks-read").textContent = at?.from === "tracks" ? readout() : "";
  const seen = at ? [...new Set([at.i, at.j])].filter((r) => r >= shown.from && r <= shown.to) : [];
  cross.replaceChildren(...seen.map((r) => svg("path", { d: `M${pen.x(r) + pen.step / 2} 18V${drawn.height}`, stroke: "#000", opacity: 0.7 })));
}

/** Faint domains that are not under the pointer; no row is drawn again. */
function dimDomains() {
  const focus = shown.selected ?? shown.hot;
  document.querySelectorAll(".track-domain").forEach((node) => {
    const own = Number(/** @type {SVGElement} */ (node).dataset.domain);
    node.setAttribute("opacity", focus == null || focus === own ? "1" : "0.4");
  });
}

/** The tracks with their listeners. */
export function tracksView() {
  listen(["zoom", "select"], () => drawTracks());
  listen(["hot"], dimDomains);
  listen(["hover", "pin"], drawTracksCross);
  return el("div", { id: "tracks" });
}
