/** Elements of the page. Text goes in as text nodes only: ids and names are the user's and can never become markup. */

/** @typedef {Node | string | number | null | undefined | false} Kid */
/** @typedef {{[name: string]: any}} Attributes */

/** @param {Element} node @param {Attributes} attributes @param {(Kid | Kid[])[]} kids */
function filled(node, attributes, kids) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const kid of kids.flat()) if (kid != null && kid !== false) node.append(typeof kid === "number" ? String(kid) : kid);
  return node;
}

/**
 * An HTML element; attributes that begin with "on" are listeners, null and false are left out.
 * @param {string} tag @param {Attributes} [attributes] @param {...(Kid | Kid[])} kids
 * @returns {any}
 */
export const el = (tag, attributes = {}, ...kids) => filled(document.createElement(tag), attributes, kids);

/**
 * An SVG element.
 * @param {string} tag @param {Attributes} [attributes] @param {...(Kid | Kid[])} kids
 * @returns {any}
 */
export const svg = (tag, attributes = {}, ...kids) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, kids);

/** The first element that a selector finds. @param {string} selector @returns {any} */
export const find = (selector) => document.querySelector(selector);

/** A number with fixed digits, or a dash where it is unknown. @param {number | null | undefined} value */
export const fixed = (value, digits = 2) => (value == null ? "–" : value.toFixed(digits));

/** A whole number with its thousands apart. @param {number} value */
export const whole = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** A number with fixed digits; one without digits has its thousands apart. @param {number} value @param {number} [digits] */
export const amount = (value, digits = 0) => (digits ? fixed(value, digits) : whole(Math.round(value)));

/** A number with its noun. @param {number} value @param {[string, string]} noun */
export const counted = (value, noun) => `${whole(value)} ${noun[value === 1 ? 0 : 1]}`;

/** A word of a table in words: no underscores. @param {string} name */
export const words = (name) => name.replaceAll("_", " ");

/** A card with a heading. @param {Kid | Kid[]} title @param {Kid | Kid[]} note @param {...(Kid | Kid[])} kids */
export const card = (title, note, ...kids) =>
  el("section", { class: "card" }, el("h2", {}, title, note ? el("small", {}, note) : null), ...kids);

/**
 * A bar from 0 to 1 with lines at thresholds.
 * @param {number | null} value @param {[number, string][]} [lines] places (0 to 1), each with its meaning
 */
export function meter(value, lines = []) {
  const part = Math.max(0, Math.min(1, value ?? 0));
  return el("span", { class: "meter" },
    el("i", { style: `width:${(100 * part).toFixed(1)}%` }),
    lines.map(([at, meaning]) => el("u", { style: `left:${(100 * at).toFixed(1)}%`, title: meaning })));
}

/** Round places for ticks, at most about `most` of them. @param {number} from @param {number} to @param {number} most */
export function ticks(from, to, most) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const step = steps.find((s) => (to - from) / s <= most) ?? 10000;
  const places = [];
  for (let t = Math.max(step, Math.ceil(from / step) * step); t <= to; t += step) places.push(t);
  return places;
}
