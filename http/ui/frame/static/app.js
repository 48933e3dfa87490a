// What the pages gain with JavaScript; without it they work all the same.
"use strict";

// Links and forms swap the page's content and keep the frame, the focus and the scroll.
document.addEventListener("DOMContentLoaded", () => {
  document.body.setAttribute("data-js", "");
  for (const here of document.querySelectorAll("nav [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
});

// A key goes to the field that names it, unless one is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

// A row opens where its main link leads; a click on anything of its own does that instead.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, summary") && !getSelection().toString()) {
    row.querySelector("a.main").click();
  }
});

// A bar with actions rises while rows are selected.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-all]")) {
    for (const one of box.form.querySelectorAll("[data-select]")) one.checked = box.checked;
  }
  if (!box.matches("[data-select], [data-select-all]")) return;
  const chosen = box.form.querySelectorAll("[data-select]:checked");
  for (const one of box.form.querySelectorAll("[data-select]")) one.closest("tr").classList.toggle("selected", one.checked);
  const bar = box.form.querySelector("[data-selection]");
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-selection-count]").textContent = chosen.length;
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

// History: the arrow keys travel, unless one is in a field (whose own they are).
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest("input, textarea, select, summary")) return;
  const link = document.querySelector(`a[data-travel="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

// A saved filter is the current one if the address asks just what it does.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const asked = (address) => {
    const parameters = new URL(address, location).searchParams;
    for (const name of ["q", "sort", "cursor", "limit"]) parameters.delete(name);
    parameters.sort();
    return parameters.toString();
  };
  for (const link of document.querySelectorAll(".saved a")) {
    if (asked(link.href) === asked(location)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
});
