/** The map of residue pairs: PAE, or the probability that two residues share a domain; the domains as boxes on it. */

import { el, find, svg, ticks } from "./elements.js";
import { domainColour, MOST_PAE, paeRgb, sameRgb } from "./colours.js";
import { domainAt, hover, listen, readout, select, shown, tell, zoom } from "./protein_state.js";

/** Units of the drawing's side. */
const SIDE = 1000;

/** The middle of a residue, or its end, on the drawing. @param {number} residue */
const placeOf = (residue) => ((residue - shown.from + 1) / (shown.to - shown.from + 1)) * SIDE;

function drawCells() {
  const name = shown.map, matrix = shown.protein[name], cells = shown.cells[name], canvas = find("#map canvas");
  if (!matrix || !cells || !canvas) return;
  const colours = matrix.levels.map(name === "pae" ? paeRgb : sameRgb);
  const first = Math.floor((shown.from - 1) / matrix.cell), n = Math.ceil(shown.to / matrix.cell) - first;
  canvas.width = canvas.height = n;
  const context = canvas.getContext("2d"), image = context.createImageData(n, n);
  for (let y = 0, o = 0; y < n; y++) {
    for (let x = 0; x < n; x++, o += 4) {
      const rgb = colours[cells[(y + first) * matrix.side + x + first]];
      image.data[o] = rgb[0];
      image.data[o + 1] = rgb[1];
      image.data[o + 2] = rgb[2];
      image.data[o + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  drawKey(name === "pae");
}

/** The scale of colours. @param {boolean} pae */
function drawKey(pae) {
  const stops = Array.from({ length: 11 }, (_, k) => `rgb(${pae ? paeRgb((MOST_PAE * k) / 10) : sameRgb(0.2 + 0.075 * k)}) ${10 * k}%`);
  find("#map-key").replaceChildren(pae ? "0" : "≤ 0.2", el("i", { style: `background:linear-gradient(90deg,${stops.join(",")})` }), pae ? `${MOST_PAE} Å` : "≥ 0.95");
}

/** A domain's box, and those between its segments. @param {any} group @param {number} number */
function drawBoxes(group, number) {
  const domain = shown.protein.domains[number], focus = shown.selected ?? shown.hot, strong = focus === number;
  const opacity = focus == null || strong ? 1 : 0.4;
  for (const [a, b] of domain.segments) {
    for (const [c, d] of domain.segments) {
      const box = { x: placeOf(c - 1), y: placeOf(a - 1), width: placeOf(d) - placeOf(c - 1), height: placeOf(b) - placeOf(a - 1), fill: "none", opacity };
      group.append(svg("rect", { ...box, stroke: "#fff", "stroke-width": strong ? 11 : 8 }),
        svg("rect", { ...box, stroke: domainColour(number), "stroke-width": strong ? 8 : 4.5, "stroke-dasharray": a === c ? null : "14 9" }));
    }
  }
}

/** Bars of the domains above and beside the map. @param {any} box */
function drawMargins(box) {
  shown.protein.domains.forEach((domain, number) => domain.segments.forEach(([a, b], k) => {
    const p = Math.max(0, placeOf(a - 1)), q = Math.min(SIDE, placeOf(b));
    if (q <= p) return;
    const fill = domainColour(number);
    box.append(svg("rect", { x: p, y: -24, width: q - p, height: 16, fill }), svg("rect", { x: -24, y: p, width: 16, height: q - p, fill }));
    if (k === 0 && q - p > 60) box.append(svg("text", { x: (p + q) / 2, y: -32, "text-anchor": "middle", class: "dark" }, domain.name));
  }));
  for (const t of ticks(shown.from, shown.to, 6)) {
    const at = placeOf(t);
    box.append(svg("path", { d: `M${at} ${SIDE}v9`, stroke: "#5a6675", "stroke-width": 2 }),
      svg("text", { x: at, y: SIDE + 36, "text-anchor": "middle" }, t), svg("text", { x: -32, y: at + 9, "text-anchor": "end" }, t));
  }
  const pae = shown.map === "pae";
  box.append(svg("text", { x: SIDE / 2, y: SIDE + 70, "text-anchor": "middle" }, pae ? "scored residue" : "residue"));
  box.append(svg("text", { transform: `translate(-112 ${SIDE / 2}) rotate(-90)`, "text-anchor": "middle" }, pae ? "aligned on" : "residue"));
}

function drawOverlay() {
  const old = find("#map svg");
  if (!old) return;
  const boxes = svg("g", { "clip-path": "url(#map-clip)" });
  shown.protein.domains.forEach((_, n) => n !== shown.selected && drawBoxes(boxes, n));
  if (shown.selected != null) drawBoxes(boxes, shown.selected);
  const clip = svg("clipPath", { id: "map-clip" }, svg("rect", { x: 0, y: 0, width: SIDE, height: SIDE }));
  old.replaceChildren(svg("defs", {}, clip), boxes);
  drawMargins(old);
  old.append(svg("g", { id: "map-cross" }));
  drawMapCross();
}

function drawMapCross() {
  const cross = find("#map-cross"), at = shown.hover ?? shown.pin;
  if (!cross) return;
  find("#map-read").textContent = at && (at.from === "map" || !shown.hover) ? readout() : "";
  if (!at || at.i < shown.from || at.i > shown.to || at.j < shown.from || at.j > shown.to) return cross.replaceChildren();
  const y = placeOf(at.i - 0.5), x = placeOf(at.j - 0.5);
  cross.replaceChildren(svg("path", { d: `M0 ${y}H${SIDE}M${x} 0V${SIDE}`, stroke: "#000", "stroke-width": 1.8, opacity: 0.75 }));
}

/** Residues under the pointer. @param {Element} box @param {PointerEvent} e @returns {[number, number]} */
function pairAt(box, e) {
  const r = box.getBoundingClientRect(), span = shown.to - shown.from + 1;
  const residue = (/** @type {number} */ part) => Math.max(shown.from, Math.min(shown.to, Math.floor(part * span) + shown.from));
  return [residue((e.clientY - r.top) / r.height), residue((e.clientX - r.left) / r.width)];
}

/** The map with its listeners. */
export function mapView() {
  const overlay = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" });
  /** @type {[number, number] | null} */
  let start = null;
  overlay.addEventListener("pointerdown", (/** @type {PointerEvent} */ e) => { start = pairAt(overlay, e); });
  overlay.addEventListener("pointermove", (/** @type {PointerEvent} */ e) => {
    const [i, j] = pairAt(overlay, e);
    hover({ i, j, from: "map" });
  });
  overlay.addEventListener("pointerleave", () => {
    start = null;
    hover(null);
  });
  overlay.addEventListener("pointerup", (/** @type {PointerEvent} */ e) => {
    const [i, j] = pairAt(overlay, e);
    if (start && Math.max(Math.abs(start[0] - i), Math.abs(start[1] - j)) > 8) zoom(Math.min(...start, i, j), Math.max(...start, i, j));
    else if (start) press(i, j);
    start = null;
  });
  overlay.addEventListener("dblclick", () => zoom());
  listen(["zoom", "map"], () => {
    drawCells();
    drawOverlay();
  });
  listen(["select", "hot"], drawOverlay);
  listen(["hover", "pin"], drawMapCross);
  return el("div", { class: "map", id: "map" }, el("canvas", { role: "img", "aria-label": "map of residue pairs; the table of medians has its numbers" }), overlay);
}

/** A press inside a domain selects it; elsewhere it keeps the pair. @param {number} i @param {number} j */
function press(i, j) {
  const a = domainAt(i);
  if (a >= 0 && a === domainAt(j)) return select(shown.selected === a ? null : a);
  shown.pin = { i, j, from: "map" };
  tell("pin");
}
