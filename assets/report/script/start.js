/** Read the data, show the page that the address names, follow the address. */

import { app, pageAddress, shownRows } from "./state.js";
import { packedText, unpacked } from "./data.js";
import { el, find } from "./elements.js";
import { prepareRows } from "./rows.js";
import { listen, select, shown } from "./protein_state.js";
import { drawTracks } from "./tracks.js";
import { scene } from "./model.js";
import { superposed } from "./overlay.js";
import { leaveProtein, showProtein } from "./protein_page.js";
import { runPage, showRunPage } from "./run_page.js";
import { pressKey } from "./keyboard.js";

/** Protein and domain of the address, null for the run page. @returns {[string, string | null] | null} */
function addressed() {
  const match = location.hash.match(/^#\/p\/([^/]+)(?:\/([^/]+))?$/);
  if (!match) return null;
  try {
    return [decodeURIComponent(match[1]), match[2] ? decodeURIComponent(match[2]) : null];
  } catch {
    return [match[1], null]; // not an address that this page wrote
  }
}

async function follow() {
  const at = addressed();
  delete document.body.dataset.ready;
  if (at && shown.protein?.id === at[0]) select(shown.protein.domains.findIndex((d) => d.name === at[1]));
  else if (at) {
    runPage.table = null;
    await showProtein(...at);
    if (shown.protein?.id === at[0]) listen(["select"], keepAddress);
    if (addressed()?.[0] !== at[0]) return;
  } else {
    leaveProtein();
    showRunPage();
    scrollTo(0, 0);
  }
  document.body.dataset.ready = "1";
}

/** The selected domain stands in the address, so that the address can be sent to somebody. */
function keepAddress() {
  const { protein, selected } = shown;
  history.replaceState(null, "", pageAddress(protein.id, selected == null ? undefined : protein.domains[selected].name));
}

/** Width of the tracks on paper, in pixels. */
const PAPER = 760;

/** Rows and tracks to the width of paper; a picture of the model, since a canvas of WebGL is not printed everywhere. */
function beforePrint() {
  runPage.table?.print();
  if (shown.protein) drawTracks(PAPER);
  const picture = find("#model-print"), source = document.querySelector("#model canvas");
  if (!picture || !(source instanceof HTMLCanvasElement) || !scene.viewer) return;
  scene.viewer.render();
  picture.width = source.width;
  picture.height = source.height;
  picture.getContext("2d").drawImage(source, 0, 0);
}

let resizing = 0;
function resized() {
  clearTimeout(resizing);
  resizing = window.setTimeout(() => {
    if (shown.protein) drawTracks();
    runPage.table?.drawHead();
    runPage.table?.draw(true);
    scene.viewer?.resize();
  }, 150);
}

async function start() {
  const data = await unpacked(packedText("data"));
  Object.assign(app, data);
  Object.assign(shownRows, app.run.domains ? { sort: "doubt", dir: -1 } : { sort: "", dir: 1 });
  prepareRows();
  addEventListener("hashchange", follow);
  addEventListener("keydown", pressKey);
  addEventListener("resize", resized);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", resized);
  find("#skip").addEventListener("click", () => {
    find("main").tabIndex = -1;
    find("main").focus();
  });
  Object.assign(globalThis, { domainflow: { app, shown, scene, superposed } });
  await follow();
  performance.mark("ready");
}

start().catch((error) => {
  console.error(error);
  find("main").replaceChildren(el("p", { class: "note" }, `This browser cannot show the report (${error}). Chrome 80, Firefox 113 and Safari 16.4 can, and all later ones.`));
});
