"""Request bodies from files and options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer
import yaml


def read_body(path: str | None) -> dict[str, Any]:
    """Return the body that a YAML or JSON file holds; `-` is standard input."""
    if path is None:
        return {}
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        body = yaml.safe_load(text)
    except OSError as error:
        raise typer.BadParameter(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} is neither YAML nor JSON: {error}") from None
    if not isinstance(body, dict):
        raise typer.BadParameter(f"{path} must hold a mapping of members to values")
    return body


def set_members(body: dict[str, Any], settings: list[str]) -> None:
    """Apply `member.inner=value` settings, values read as YAML."""
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path:
            raise typer.BadParameter(f"--set takes member=value, not {setting!r}")
        *outer, last = path.split(".")
        target = body
        for part in outer:
            inner = target.setdefault(part, {})
            if not isinstance(inner, dict):
                raise typer.BadParameter(f"--set {path}: {part} is no object")
            target = inner
        try:
            target[last] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise typer.BadParameter(f"--set {path}: {text!r} is no YAML value") from None
