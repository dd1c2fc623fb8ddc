"""The command `modelarts`. It needs the extra `[cli]`; nothing else of the package imports it."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from modelarts_ext.cli.app import run
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich", "yaml"):
            raise
        print("modelarts: the command line is not installed; run: pip install 'modelarts-ext[cli]'", file=sys.stderr)
        sys.exit(2)
    sys.exit(run())
