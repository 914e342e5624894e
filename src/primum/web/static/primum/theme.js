// Before the first paint: light or dark, as chosen here or as the system prefers.
const chosen = localStorage.getItem("primum-theme");
const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
