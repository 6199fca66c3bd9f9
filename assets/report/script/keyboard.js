/** Keys of all pages. */

import { find } from "./elements.js";
import { select, shown, toggleTemplate } from "./protein_state.js";

/** Press the button after the pressed one. @param {string} key */
function nextChoice(key) {
  const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-choice=${key}]`)]);
  const at = buttons.findIndex((b) => b.getAttribute("aria-pressed") === "true");
  buttons[(at + 1) % buttons.length]?.click();
}

/** @param {KeyboardEvent} e */
export function pressKey(e) {
  const target = /** @type {HTMLElement} */ (e.target);
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
    if (e.key === "Escape") target.blur();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "/" && find("#query")) {
    e.preventDefault();
    find("#query").focus();
  }
  if (!shown.protein) return;
  if (/^[1-9]$/.test(e.key)) select(Number(e.key) - 1 === shown.selected ? null : Number(e.key) - 1);
  else if (e.key === "Escape") select(null);
  else if (e.key === "t" && !find("#template")?.disabled) toggleTemplate();
  else if (e.key === "c") nextChoice("colour");
  else if (e.key === "m") nextChoice("map");
  else if (e.key === "[") find("#previous")?.click();
  else if (e.key === "]") find("#next")?.click();
}
