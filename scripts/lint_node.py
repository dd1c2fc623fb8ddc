"""A second opinion on the bundled document: the recommended rules of Spectral and Redocly, where Node is present.

python -m scripts.lint_node        install the pinned tools beside the virtual environment, once, and run them
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.paths import GENERATED, ROOT

_TOOLS = {"@stoplight/spectral-cli": "6.16.3", "@redocly/cli": "2.77.0"}
_INSTALL_SECONDS = 300
_RUN_SECONDS = 120


def commands(folder: Path, document: Path) -> list[list[str]]:
    """Return the command lines; the rule set of Spectral is written into the folder."""
    rules = folder / "spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    programs = folder / "node_modules" / ".bin"
    return [
        [
            str(programs / "spectral"),
            "lint",
            "--fail-severity",
            "error",
            "--display-only-failures",
            "-r",
            str(rules),
            str(document),
        ],
        [str(programs / "redocly"), "lint", "--extends", "recommended", "--format", "summary", str(document)],
    ]


def install(folder: Path) -> str | None:
    """Install the tools unless they are there; return why that failed."""
    stamp = folder / "installed"
    wanted = [f"{name}@{version}" for name, version in _TOOLS.items()]
    if stamp.exists() and stamp.read_text(encoding="utf-8") == "\n".join(wanted):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel", "error"]
    try:
        done = subprocess.run(
            ["npm", "install", *quiet, "--prefix", str(folder), *wanted],
            capture_output=True,
            text=True,
            check=False,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"npm took more than {_INSTALL_SECONDS} s"
    if done.returncode:
        return f"npm could not install them: {done.stderr.strip().splitlines()[-1:]}"
    stamp.write_text("\n".join(wanted), encoding="utf-8")
    return None


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.lint_node", description=__doc__.split("\n\n")[0])
    parser.add_argument("--document", type=Path, default=GENERATED / "modelarts_client" / "openapi.json")
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv" / "node", help="where the tools are installed")
    chosen = parser.parse_args(arguments)
    if shutil.which("npm") is None:
        print("lint: Spectral and Redocly skipped: there is no npm on PATH")
        return 0
    problem = install(chosen.folder)
    if problem is not None:
        print(f"lint: Spectral and Redocly skipped: {problem}")
        return 0
    for command in commands(chosen.folder, chosen.document):
        name = Path(command[0]).name
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_RUN_SECONDS)
        if done.returncode:
            print(done.stdout + done.stderr)
            print(f"lint: {name} found errors", file=sys.stderr)
            return 1
        print(f"lint: {name} found no error")
    return 0


if __name__ == "__main__":
    sys.exit(main())
