// Copying the approved words with one click, so that nobody retypes them.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const words = source.textContent;
  const status = document.getElementById("status");
  try {
    await navigator.clipboard.writeText(words);
    status.textContent = "Copied.";
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    status.textContent = "Selected: press Ctrl and C to copy.";
  }
  button.classList.add("btn-success");
  setTimeout(() => button.classList.remove("btn-success"), 1500);
});
