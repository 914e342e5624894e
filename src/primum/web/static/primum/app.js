// What every page needs: the theme switch, the command palette, keyboard shortcuts, questions before something final.
// Small on purpose; the rest is HTML.

const say = (text) => { document.getElementById("status").textContent = text; };

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-switch]");
  if (theme) {
    const next = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    document.documentElement.setAttribute("data-bs-theme", next);
    localStorage.setItem("primum-theme", next);
    say(next === "dark" ? "Dark colours" : "Light colours");
  }
  const menu = event.target.closest("[data-menu]");
  if (menu) {
    const side = document.getElementById("side");
    menu.setAttribute("aria-expanded", String(side.classList.toggle("show")));
    if (side.classList.contains("show")) side.querySelector("a").focus();
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim());
    say("Copied");
  }
});

// A form is sent once, however often it is clicked; what cannot be undone asks first.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
  if (question && !confirm(question)) { event.preventDefault(); return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post" && !form.matches("[hx-post]")) {
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

// The palette: Ctrl/Cmd-K, then a word, an id or an address.
const palette = document.getElementById("palette");
if (palette) {
  const field = palette.querySelector("input");
  const items = [...palette.querySelectorAll("[data-palette-item]")];
  const filter = () => {
    const word = field.value.trim().toLowerCase();
    let first = null;
    for (const item of items) {
      item.hidden = word !== "" && !item.textContent.toLowerCase().includes(word);
      if (!item.hidden && !first) first = item;
    }
    return first;
  };
  field.addEventListener("input", filter);
  palette.addEventListener("keydown", (event) => {
    const visible = items.filter((item) => !item.hidden);
    const at = visible.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); (visible[at + 1] || visible[0])?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (visible[at - 1] || field).focus(); }
    if (event.key === "Enter" && document.activeElement === field) {
      event.preventDefault();
      const id = field.value.match(/[0-9a-f]{8}-[0-9a-f-]{27}/i);
      if (id) location.href = `/posts/${id[0]}/`;
      else filter()?.click();
    }
  });
  document.querySelectorAll("[data-open-palette]").forEach((button) => button.addEventListener("click", () => palette.showModal()));
}

// Single keys, listed under ?, off in text fields and where the reader turned them off.
// (A box to tick takes no letters; the one in the keys' own dialog even keeps the focus for a frame after the dialog closed.)
const typing = () => document.activeElement?.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) { event.preventDefault(); palette.showModal(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing() || document.querySelector("dialog[open]")) return;
  if (localStorage.getItem("primum-keys") === "off") return;
  if (event.key === "?") { document.getElementById("keys")?.showModal(); return; }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) { event.preventDefault(); target.matches("input, textarea, select") ? target.focus() : target.click(); }
});
const keysSwitch = document.getElementById("keys-switch");
if (keysSwitch) {
  keysSwitch.checked = localStorage.getItem("primum-keys") !== "off";
  keysSwitch.addEventListener("change", () => localStorage.setItem("primum-keys", keysSwitch.checked ? "on" : "off"));
}
document.querySelectorAll("dialog [data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

// Requests in the background: the region that is being refreshed says so.
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute?.("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.setAttribute?.("aria-busy", "false"));
document.addEventListener("htmx:sendError", () => say("Primum does not answer. What you typed stays on this page."));
