"""Copy the browser's parts from node_modules into the package: `make assets`. Nothing is bundled, nothing is fetched at run time."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
OUT = ROOT / "src" / "primum" / "web" / "static" / "vendor"
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map": "tabler.min.css.map",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
}
ICONS = [
    "adjustments",
    "home",
    "player-play",
    "hand-click",
    "plug-connected",
    "plug-connected-x",
    "help-circle",
    "pencil",
    "layout-kanban",
    "calendar",
    "checks",
    "antenna",
    "users",
    "shield-check",
    "settings",
    "map",
    "eye",
    "arrow-back-up",
    "x",
    "check",
    "clock",
    "circle-check",
    "alert-triangle",
    "arrow-down-circle",
    "trash",
    "send",
    "history",
    "player-pause",
    "archive",
    "point",
    "sun",
    "moon",
    "message-reply",
    "photo",
    "plus",
    "search",
    "logout",
    "copy",
    "download",
    "key",
    "lock-open",
    "lock",
    "list",
    "chevron-left",
    "chevron-right",
    "bulb",
    "gavel",
    "user-check",
    "hand-stop",
    "inbox",
    "heart",
    "school",
    "device-mobile",
    "external-link",
    "flag",
    "shield",
    "menu-2",
    "keyboard",
]


def main() -> int:
    if not MODULES.exists():
        print("node_modules is missing. Run: make assets", file=sys.stderr)
        return 1
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for source, target in COPIES.items():
        if (MODULES / source).exists():
            shutil.copyfile(MODULES / source, OUT / target)
        elif not source.endswith(".map"):
            print(f"{source} is missing from node_modules.", file=sys.stderr)
            return 1
    (OUT / "icons.svg").write_text(sprite(), encoding="utf-8")
    return 0


def sprite() -> str:
    """One file with a <symbol> for each icon we use."""
    symbols = []
    for name in ICONS:
        svg = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


if __name__ == "__main__":
    sys.exit(main())
