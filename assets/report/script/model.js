/**
 * The model in 3D, drawn by 3Dmol from CA and O. Helices and strands are ours, not 3Dmol's guess. Each change sets
 * styles first and draws once: a frame takes seconds where a processor draws it.
 */

import { app } from "./state.js";
import { readViewer } from "./data.js";
import { el, find } from "./elements.js";
import { domainColour, hex, isLight, MOST_PAE, paeRgb, plddtClass, positionColour } from "./colours.js";
import { LABEL_ORDER, LABELS, labelColour, labelMark } from "./marks.js";
import { Chain, domainAt, hover, listen, readout, select, shown, valueAt } from "./protein_state.js";
import { drawTemplate, templateLegend } from "./overlay.js";

/** Milliseconds of a frame above which hovering redraws nothing. */
const SLOW = 120;
/** Opacity of the rest beside a selected domain, and beside one under the pointer. */
const REST = { selected: 0.14, hot: 0.35 };

/** The viewer of the page on show, null before it is made and without WebGL. */
export const scene = {
  /** @type {any} */ viewer: null,
  /** @type {Chain | null} */ chain: null,
  slow: false,
  frames: 0,
};

const THREE = Object.fromEntries("ALA A ARG R ASN N ASP D CYS C GLN Q GLU E GLY G HIS H ILE I LEU L LYS K MET M PHE F PRO P SER S THR T TRP W TYR Y VAL V".match(/\w{3} \w/g)?.map((pair) => [pair[4], pair.slice(0, 3)]) ?? []);

/** Add a chain to the viewer. @param {Chain} chain @param {string} sequence @param {string} states @param {string} letter */
export function addChain(chain, sequence, states, letter) {
  const model = scene.viewer.addModel(), atoms = [];
  for (let r = 1; r <= sequence.length; r++) {
    const state = states[r - 1], ss = { H: "h", E: "s" }[state] ?? "c";
    for (const [k, name] of ["CA", "O"].entries()) {
      atoms.push({
        ...chain.at(r, k), atom: name, elem: name[0], resn: THREE[sequence[r - 1]] ?? "UNK", resi: r, rescode: String(r), chain: letter, serial: atoms.length + 1,
        hetflag: false, bonds: [], bondOrder: [], properties: {}, b: 0, ss, ssbegin: ss !== "c" && states[r - 2] !== state, ssend: ss !== "c" && states[r] !== state,
      });
    }
  }
  model.addAtoms(atoms);
  return model;
}

/** @param {number} r @returns {string} */
function residueColour(r) {
  const d = domainAt(r), { plddt, length, domains } = shown.protein, linker = app.meta.colours.linker;
  if (shown.colour === "plddt" && plddt) return plddtClass(plddt[r - 1])[1];
  if (shown.colour === "position") return positionColour((r - 1) / Math.max(1, length - 1));
  if (shown.colour === "pae") {
    const at = shown.hover ?? shown.pin, value = at && valueAt("pae", at.i, r);
    return value == null ? linker : value > 29 ? "#eeeeee" : hex(paeRgb(value));
  }
  if (d < 0) return linker;
  return shown.colour === "label" ? labelColour(domains[d].label) : domainColour(d);
}

const ranges = (/** @type {[number, number][]} */ segments) => segments.map(([a, b]) => `${a}-${b}`);

let painted = "";

/** Set the styles of the model, if they changed. */
function paint() {
  drawLegend();
  const viewer = scene.viewer, focus = shown.selected ?? (scene.slow ? null : shown.hot);
  if (!viewer) return;
  const at = shown.colour === "pae" ? (shown.hover ?? shown.pin)?.i : null, key = JSON.stringify([shown.colour, focus, shown.selected, at]);
  if (key === painted) return;
  painted = key;
  const cartoon = { colorfunc: (/** @type {any} */ a) => residueColour(a.resi), arrows: true, thickness: 0.35 };
  if (focus == null) viewer.setStyle({ model: 0 }, { cartoon });
  else {
    const inside = ranges(shown.protein.domains[focus].segments), opacity = shown.selected != null ? REST.selected : REST.hot;
    viewer.setStyle({ model: 0, not: { resi: inside } }, { cartoon: { ...cartoon, opacity } });
    viewer.setStyle({ model: 0, resi: inside }, { cartoon });
  }
  drawNames();
  draw();
}

/** Names of the domains at their middles, while none is selected. */
function drawNames() {
  const { viewer, chain } = scene;
  viewer.removeAllLabels();
  if (shown.selected != null || !chain || !["domain", "label"].includes(shown.colour)) return;
  shown.protein.domains.forEach((d, n) => {
    const sum = { x: 0, y: 0, z: 0 }, colour = shown.colour === "domain" ? domainColour(n) : labelColour(d.label);
    let size = 0;
    for (const [a, b] of d.segments) {
      for (let r = a; r <= b; r++, size++) {
        const p = chain.at(r);
        sum.x += p.x;
        sum.y += p.y;
        sum.z += p.z;
      }
    }
    const position = { x: sum.x / size, y: sum.y / size, z: sum.z / size };
    viewer.addLabel(d.name, { position, fontSize: 13, fontColor: isLight(colour) ? "black" : "white", backgroundColor: colour, backgroundOpacity: 0.85, inFront: true, alignment: "center" }, undefined, true);
  });
}

/** Spheres at the residues under the pointer, and the lines of a superposition. */
function drawShapes() {
  const { viewer, chain } = scene;
  if (!viewer || !chain) return;
  viewer.removeAllShapes();
  const at = shown.hover ?? shown.pin;
  if (at && shown.protein.length) {
    viewer.addSphere({ center: chain.at(at.i), radius: 1.8, color: "#111111", opacity: 0.85 });
    if (at.i !== at.j) {
      viewer.addSphere({ center: chain.at(at.j), radius: 1.8, color: "#d6006e", opacity: 0.85 });
      viewer.addCylinder({ start: chain.at(at.i), end: chain.at(at.j), radius: 0.25, dashed: true, color: "#111111" });
    }
  }
  drawTemplate(viewer, chain);
  draw();
}

let timer = 0;

/** Draw once, after the changes of this moment. */
function draw() {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (!scene.viewer) return;
    const begin = performance.now();
    scene.viewer.render();
    scene.slow = performance.now() - begin > SLOW;
    document.body.dataset.frames = String(++scene.frames);
  }, scene.slow ? 200 : 0);
}

/** Turn to the selected domain, or to the whole chain. */
function focus() {
  if (!scene.viewer) return;
  const d = shown.selected == null ? null : shown.protein.domains[shown.selected];
  scene.viewer.zoomTo(d ? { model: 0, resi: ranges(d.segments) } : { model: 0 }, 0);
  scene.viewer.zoom(d ? 0.95 : 1.15);
  draw();
}

function drawLegend() {
  const box = find("#model-legend");
  if (!box) return;
  const patch = (/** @type {string} */ colour, /** @type {string} */ text) => el("span", {}, el("i", { class: "patch", style: `background:${colour}` }), text);
  const { domains } = shown.protein, legends = {
    domain: () => [...domains.map((d, n) => patch(domainColour(n), d.name)), patch(app.meta.colours.linker, "in no domain")],
    plddt: () => app.meta.colours.plddt.map(([, colour, name]) => patch(colour, name)),
    position: () => [patch(positionColour(0), "N end"), patch(positionColour(1), "C end")],
    label: () => LABEL_ORDER.map((label) => el("span", {}, labelMark(label), LABELS[label][0])),
    pae: () => [patch(hex(paeRgb(0)), "0 Å"), patch(hex(paeRgb(15)), "15 Å"), patch("#eeeeee", `${MOST_PAE} Å`), el("span", { class: "muted" }, "PAE of each residue, aligned on the one under the pointer")],
  };
  box.replaceChildren(...legends[shown.colour](), ...templateLegend());
}

/** Turn and move by keys. @param {KeyboardEvent} e */
function turn(e) {
  const by = /** @type {{[key: string]: [string, number]}} */ ({ ArrowLeft: ["y", -10], ArrowRight: ["y", 10], ArrowUp: ["x", -10], ArrowDown: ["x", 10] })[e.key];
  if (!scene.viewer) return;
  if (by) {
    e.preventDefault();
    scene.viewer.rotate(by[1], by[0]);
  }
  if (e.key === "+" || e.key === "=") scene.viewer.zoom(1.15);
  if (e.key === "-") scene.viewer.zoom(0.87);
  draw();
}

/** The box of the model; `startModel` fills it. */
export function modelView() {
  listen(["select", "hot", "colour"], paint);
  listen(["select"], focus);
  listen(["template"], () => {
    painted = "";
    paint();
  });
  listen(["hover", "pin", "select", "template"], () => {
    if (shown.colour === "pae" && !(scene.slow && shown.hover)) paint();
    if (!(scene.slow && shown.hover)) drawShapes();
    find("#model-read").textContent = shown.hover?.from === "model" ? readout() : "";
  });
  return el("div", { id: "model", tabindex: 0, role: "application", "aria-label": "model in 3D; arrow keys turn it, + and - zoom", onkeydown: turn }, el("p", { class: "model-note" }, "Drawing …"));
}

/** Make the viewer and draw; says so where the browser cannot. The page's other parts are complete before. */
export async function startModel() {
  painted = "";
  Object.assign(scene, { viewer: null, chain: null, slow: false, frames: 0 });
  const protein = shown.protein, library = await readViewer().catch(() => null), box = find("#model");
  if (protein !== shown.protein || !box) return;
  let viewer = null;
  try {
    viewer = library?.createViewer(box, { backgroundColor: "white", antialias: true });
  } catch {
    viewer = null; // a driver can refuse what the test for WebGL promised
  }
  if (!viewer) {
    box.replaceChildren(el("p", { class: "model-note" }, "This browser shows no WebGL, so the model cannot be drawn here. Map, tracks and tables are complete. Open the model in PyMOL or ChimeraX with the scripts below."));
    for (const button of ["#template", "#picture"]) find(button).disabled = true;
    return;
  }
  box.querySelector(".model-note")?.remove();
  Object.assign(scene, { viewer, chain: new Chain(protein.model) });
  addChain(/** @type {Chain} */ (scene.chain), protein.sequence, protein.states, "A");
  viewer.setHoverDuration(20);
  const over = (/** @type {any} */ a) => { if (a?.resi && !scene.slow) hover({ i: a.resi, j: a.resi, from: "model" }); };
  viewer.setHoverable({ model: 0 }, true, over, () => hover(null));
  viewer.setClickable({ model: 0 }, true, (/** @type {any} */ a) => {
    const d = domainAt(a.resi);
    select(d >= 0 && shown.selected !== d ? d : null);
  });
  paint();
  focus();
  drawShapes();
}

/** Give up the viewer of a page that is left. A browser has few contexts of WebGL, so this one is returned at once. */
export function stopModel() {
  clearTimeout(timer);
  scene.viewer = null;
  delete document.body.dataset.frames;
  const canvas = document.querySelector("#model canvas");
  if (canvas instanceof HTMLCanvasElement) (canvas.getContext("webgl2") ?? canvas.getContext("webgl"))?.getExtension("WEBGL_lose_context")?.loseContext();
}
