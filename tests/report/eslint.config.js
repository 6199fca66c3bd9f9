/** Rules that find mistakes; how the code looks is the writer's affair. */
const browser = [
  "addEventListener", "atob", "Blob", "clearTimeout", "console", "DecompressionStream", "document", "HTMLCanvasElement",
  "history", "innerHeight", "innerWidth", "location", "matchMedia", "performance", "print", "requestAnimationFrame",
  "Response", "scrollTo", "setTimeout", "TextDecoder", "URL", "window",
];

export default [{
  files: ["**/*.js"],
  languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: Object.fromEntries(browser.map((name) => [name, "readonly"])) },
  rules: {
    "no-undef": "error", "no-unused-vars": "error", "prefer-const": "error", eqeqeq: ["error", "always", { null: "ignore" }],
    "no-shadow": "off", "no-var": "error", "no-eval": "error", "no-implied-eval": "error", "no-redeclare": "error",
    "no-dupe-keys": "error", "no-fallthrough": "error", "no-unreachable": "error", "no-self-assign": "error",
    "no-restricted-properties": ["error",
      { property: "innerHTML", message: "Ids are the user's text: make text nodes." },
      { property: "outerHTML", message: "Ids are the user's text: make text nodes." },
      { property: "insertAdjacentHTML", message: "Ids are the user's text: make text nodes." }],
  },
}];
