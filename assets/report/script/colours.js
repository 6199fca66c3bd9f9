/** Colours of numbers: PAE, probability of a pair, place in the chain, pLDDT. */

import { app } from "./state.js";

/** @typedef {[number, number, number]} Rgb */

/** Largest PAE of the scale, in Å. */
export const MOST_PAE = 31;

/** Dark green to white, as the AlphaFold Database shows PAE. @type {[number, Rgb][]} */
const GREENS = [[0, [10, 72, 38]], [0.25, [56, 142, 84]], [0.5, [142, 196, 146]], [0.75, [209, 231, 205]], [1, [255, 255, 255]]];
/** White to dark blue. @type {[number, Rgb][]} */
const BLUES = [[0, [255, 255, 255]], [0.5, [140, 180, 222]], [1, [16, 52, 120]]];

/** @param {[number, Rgb][]} stops @param {number} at 0 to 1 @returns {Rgb} */
function between(stops, at) {
  const t = Math.max(0, Math.min(1, at)), k = Math.max(1, stops.findIndex(([place]) => place >= t));
  const [a, from] = stops[k - 1], [b, to] = stops[k], f = (t - a) / (b - a);
  return [0, 1, 2].map((i) => Math.round(from[i] + f * (to[i] - from[i]))).reduce(
    (/** @type {any} */ all, v) => [...all, v], []);
}

/** Colour of a PAE in Å. @param {number} value */
export const paeRgb = (value) => between(GREENS, value / MOST_PAE);

/** Colour of the probability that two residues share a domain; below 0.2 all are white. @param {number} value */
export const sameRgb = (value) => between(BLUES, (value - 0.2) / 0.75);

/** @param {Rgb} rgb */
export const hex = (rgb) => "#" + rgb.map((v) => v.toString(16).padStart(2, "0")).join("");

/** Colour of a protein's domain, counted from 0. @param {number} number */
export const domainColour = (number) => {
  const list = app.meta.colours.domains;
  return list[number % list.length];
};

/** Whether dark text reads better on a colour (relative luminance of WCAG above 0.3). @param {string} colour */
export function isLight(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3;
}

/** The class of a pLDDT: its least value, colour, name. @param {number} value */
export const plddtClass = (value) =>
  app.meta.colours.plddt.find(([least]) => value >= least) ?? app.meta.colours.plddt[3];

/** N end to C end: blue over grey to orange, told apart by all kinds of colour vision. @param {number} at 0 to 1 */
export const positionColour = (at) =>
  hex(between([[0, [20, 60, 160]], [0.5, [200, 200, 205]], [1, [200, 90, 0]]], at));
