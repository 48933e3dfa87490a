// What the pages gain with JavaScript; without it they work all the same.
"use strict";

// Links and forms swap the page's content and keep the frame, the focus and the scroll.
document.addEventListener("DOMContentLoaded", () => {
  document.body.setAttribute("data-js", "");
  for (const here of document.querySelectorAll("nav [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
});

// The fields in which keys are text, or move about.
const typing = "input:not([type=checkbox], [type=radio]), textarea, select";

// A key goes to the field that names it, unless one is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

// Escape closes what was opened, and goes back to where it was opened from. So does a click beside
// a menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const inside = event.target.closest("details[open]");
  const open = inside ?? document.querySelector("details.menu[open]");
  if (!open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// A row opens where its main link leads; a click on anything of its own does that instead.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, summary") && !getSelection().toString()) {
    row.querySelector("a.main").click();
  }
});

// A bar with actions rises while rows are selected, and says how many. Enter on a row's box goes to
// the bar, and Escape from there back to the box. It goes to the bar itself and not to its first
// button: a key that is held would press that.
const showSelection = (form) => {
  const boxes = [...form.querySelectorAll("[data-select]")];
  const chosen = boxes.filter((one) => one.checked).length;
  for (const one of boxes) one.closest("tr").classList.toggle("selected", one.checked);
  const all = form.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = form.querySelector("[data-selection]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-selection-count]").textContent = chosen;
  const said = form.querySelector("[data-selection-said]");
  said.textContent = chosen === 0 ? "" : (chosen === 1 ? said.dataset.single : said.dataset.many).replace("{n}", chosen);
};
const showSelections = () => document.querySelectorAll("form.selectable").forEach(showSelection);
document.addEventListener("DOMContentLoaded", showSelections); // a form that came back has its ticks
document.addEventListener("htmx:afterSettle", showSelections);
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("[data-select], [data-select-all]")) return;
  if (box.matches("[data-select-all]")) {
    for (const one of box.form.querySelectorAll("[data-select]")) one.checked = box.checked;
  }
  showSelection(box.form);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest("[data-select], [data-select-all]");
  if (box && event.key === "Enter") {
    event.preventDefault();
    const bar = box.form.querySelector("[data-selection]:not([hidden])");
    if (!bar) return;
    bar.from = box;
    bar.focus();
  }
  const bar = event.target.closest("[data-selection]");
  if (bar && event.key === "Escape") (bar.from ?? bar.closest("form").querySelector("[data-select]:checked"))?.focus();
});

// Rules of a password tick off while it is typed.
document.addEventListener("input", (event) => {
  const rules = document.querySelector(`[data-rules-for="${event.target.id}"]`);
  if (!rules) return;
  const typed = [...event.target.value];
  const count = (test) => typed.filter((c) => test.test(c)).length;
  const has = { length: typed.length, upper: count(/\p{Lu}/u), digit: count(/\p{Nd}/u) };
  for (const rule of rules.querySelectorAll("[data-rule]")) {
    rule.classList.toggle("met", has[rule.dataset.rule] >= Number(rule.dataset.least));
  }
});

// Copies what a field holds.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  button.querySelector("[data-copied]").hidden = false;
});

// Selects that stand for a filter apply it at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-apply]")) event.target.form.requestSubmit();
});

// Accounts and organizations: an address names only what is asked for.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  const asked = event.detail.parameters;
  for (const name of [...Object.keys(asked)]) if (asked[name] === "") delete asked[name];
});

// History: the scrubber says where it stands while it is moved, before the page has caught up.
const sayStep = (scrubber) => scrubber.setAttribute("aria-valuetext", scrubber.dataset.says.replace("{n}", scrubber.value));
document.addEventListener("input", (event) => {
  if (event.target.matches("#scrubber")) sayStep(event.target);
});

// History: the arrow keys travel, unless one is in a field (whose own they are). They move the
// scrubber, which knows where it stands: fast keys lose no step, whatever is still under way.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest(typing + ", summary")) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const scrubber = document.querySelector("#scrubber");
  if (!by || !scrubber) return;
  event.preventDefault();
  const before = scrubber.value;
  if (by < 0) scrubber.stepDown();
  else scrubber.stepUp();
  if (scrubber.value === before) return;
  sayStep(scrubber);
  scrubber.dispatchEvent(new Event("change", { bubbles: true }));
});

// A part that is filled in leaves the title of the page alone.
document.addEventListener("htmx:beforeSwap", (event) => {
  const from = new URL(event.detail.xhr.responseURL || location.href);
  if (from.pathname !== location.pathname) event.detail.ignoreTitle = true;
});
