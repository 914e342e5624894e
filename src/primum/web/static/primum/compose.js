// Compose: marks under the text, counters, the safer wording with one click, and autosave that never races itself.

const form = document.getElementById("compose");
const text = document.getElementById("text");
const marks = document.getElementById("marks");
const say = (words) => { document.getElementById("status").textContent = words; };

// Counted as the strictest chosen platform counts: a family emoji is one sign on some, and seven on others.
const signs = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const lengthOf = (box, words) => {
  const link = Number(box.dataset.link);
  const counted = link ? words.replace(/https?:\/\/\S+/g, "x".repeat(link)) : words;
  return box.dataset.counts === "graphemes" ? [...signs.segment(counted)].length : [...counted].length;
};
// A thread's longest post counts.
const partsOf = (words) => words.split(/\n[ \t]*---[ \t]*(?:\n|$)/);
const lengthFor = (box) => {
  const parts = Number(box.dataset.parts) > 1 ? partsOf(text.value) : [text.value];
  return Math.max(...parts.map((part) => lengthOf(box, part)));
};

function count() {
  const chosen = [...form.querySelectorAll("input[name=channel]:checked")];
  const left = Math.min(...chosen.map((box) => Number(box.dataset.limit) - lengthFor(box)), chosen.length ? Infinity : 500);
  const counter = document.getElementById("counter");
  const posts = Math.max(1, ...chosen.filter((box) => Number(box.dataset.parts) > 1).map(() => partsOf(text.value).length));
  const where = posts > 1 ? ` in the longest of ${posts} posts` : "";
  counter.textContent = (left >= 0 ? `${left} characters left` : `${-left} characters too many`) + where;
  counter.classList.toggle("text-danger", left < 0);
  const preview = document.getElementById("preview-text");
  if (preview) preview.textContent = text.value || "…";
}

// The marks lie under the letters. While typing they would lag behind, so they fade until the next answer.
form.querySelectorAll("input[name=channel]").forEach((box) => box.addEventListener("change", count));
text.addEventListener("input", () => { marks.classList.add("stale"); count(); });
text.addEventListener("scroll", () => { marks.scrollTop = text.scrollTop; });
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "panel") return;
  const fresh = document.getElementById("fresh-marks");
  if (fresh) {
    marks.innerHTML = "";
    marks.append(...[...fresh.content.cloneNode(true).childNodes]);
    marks.append(document.createTextNode("\n "));
    marks.classList.remove("stale");
    marks.scrollTop = text.scrollTop;
  }
  const head = document.querySelector("#panel [data-headline]");
  if (head && head.dataset.headline !== say.last) { say.last = head.dataset.headline; say(head.dataset.headline); }
});

// A safer wording: put it where the text is; undo gives the old one back.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-use]");
  if (!button) return;
  const words = document.getElementById(button.dataset.use).textContent;
  const field = button.dataset.part === "text" ? text : document.getElementById(button.dataset.field);
  if (!field) return;
  field.focus();
  field.select();
  if (!document.execCommand("insertText", false, words)) { field.value = words; field.dispatchEvent(new Event("input", { bubbles: true })); }
  say("The safer wording is in place. Undo brings your text back.");
});

// A version of its own for one channel.
document.querySelectorAll("[data-own-switch]").forEach((box) => {
  const area = document.getElementById(box.dataset.ownSwitch);
  const show = () => { area.closest(".own").hidden = !box.checked; if (box.checked && !area.value) area.value = text.value; };
  box.addEventListener("change", show);
  show();
});

// Nothing typed is lost: a copy stays in this browser's session until the server has it (session storage ends with the tab).
const saved = document.getElementById("saved");
addEventListener("beforeunload", (event) => {
  if (form.dataset.dirty === "1" && !form.dataset.sent) event.preventDefault();
});
form.addEventListener("input", () => { form.dataset.dirty = "1"; });
form.addEventListener("submit", () => { form.dataset.dirty = "0"; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.path === form.dataset.save && event.detail.successful && !saved.querySelector("[data-problem]")) form.dataset.dirty = "0";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== saved) return;
  const version = saved.querySelector("[data-version]");
  if (version) form.elements.version.value = version.dataset.version;
});
count();
