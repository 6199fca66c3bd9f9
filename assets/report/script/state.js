/** What the page knows of the run, and what is shown of it. Everything else is computed from these two. */

/** @typedef {import("./types").Run} Run */
/** @typedef {import("./types").Meta} Meta */

/** The run's data; set once, by start.js. @type {{run: Run, meta: Meta}} */
export const app = /** @type {any} */ ({ run: null, meta: null });

/**
 * Filters and order of the table. `dir` is 1 for ascending, -1 for descending; `shown` are the rows that pass, in
 * order; `at` is the place of the row under the cursor among them.
 */
export const shownRows = {
  query: "",
  /** @type {string | null} */ status: null,
  /** @type {string | null} */ label: null,
  /** @type {string | null} */ group: null,
  sort: "",
  dir: 1,
  /** @type {number[]} */ shown: [],
  at: 0,
};

/** Address of a protein's page, or of one of its domains there. @param {string} id @param {string} [domain] */
export const pageAddress = (id, domain) =>
  "#/p/" + encodeURIComponent(id) + (domain ? "/" + encodeURIComponent(domain) : "");

/** Whether a protein has a page. @param {string} id */
export const hasPage = (id) => Object.hasOwn(app.meta.pages, id);
