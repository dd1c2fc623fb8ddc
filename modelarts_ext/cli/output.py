"""Show answers: as tables for people, as JSON or YAML for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from modelarts_client.base import Model
from modelarts_client.state import IntState, StrState
from modelarts_ext.cli.session import Format

_COLUMNS = 8
_SCALARS = (str, int, float, bool)
_UNIT_SECONDS = {"milliseconds": 0.001, "seconds": 1.0}
_EPOCHS = {"epoch_milliseconds": 1000, "epoch_seconds": 1}

_WIDE = 1000
"""Width of tables that no terminal shows: what reads them wants one line for each row."""

out = Console(soft_wrap=True, highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


def state_text(value: Any) -> str:
    """Return a state as people read it: its class, its name and its wire value."""
    if not isinstance(value, (IntState, StrState)):
        return str(value)
    wire = int(value) if isinstance(value, IntState) else str(value)
    name = value.name or "not in the document"
    return f"{value.phase} ({wire})" if name == str(wire) else f"{value.phase} ({wire} {name})"


def cell(value: Any, unit: str | None = None) -> str:
    """Return one value for a table; times and durations in words of people."""
    if value is None:
        return ""
    if isinstance(value, (IntState, StrState)):
        return state_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and unit in _EPOCHS:
        return datetime.fromtimestamp(value / _EPOCHS[unit], UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (int, float)) and unit in _UNIT_SECONDS:
        return duration(value * _UNIT_SECONDS[unit])
    if isinstance(value, _SCALARS):
        return str(value)
    return json.dumps(plain(value), ensure_ascii=False, separators=(", ", ": "))


def duration(seconds: float) -> str:
    """Return a duration such as `1h 02m 03s`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}h {minutes:02}m {left:02}s"
    return f"{minutes}m {left:02}s" if minutes else f"{left}s"


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, Model):
        return value.to_wire()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def show(value: Any, form: Format, units: dict[str, str] | None = None) -> None:
    """Print one answer."""
    if form == "table":
        _show_details(value, units or {})
    else:
        _show_data(plain(value), form)


def show_items(items: Iterable[Any], form: Format, units: dict[str, str] | None = None) -> None:
    """Print the items of a list."""
    found = list(items)
    if form == "table":
        _show_table(found, units or {})
    else:
        _show_data(plain(found), form)


def _show_data(data: Any, form: Format) -> None:
    text = (
        json.dumps(data, ensure_ascii=False, indent=2)
        if form == "json"
        else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    )
    out.print(Text(text.rstrip("\n")))


def _members(model: Any) -> dict[str, Any]:
    if not isinstance(model, Model):
        return {"value": model}
    return {name: value for name, value in model if value is not None}


def _show_details(value: Any, units: dict[str, str]) -> None:
    members = {name: found for name, found in _members(value).items() if name != "is_success"}
    if not members:
        out.print("done")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, found in members.items():
        table.add_row(name, Text(cell(found, units.get(name))))
    out.print(table)


def _show_table(items: list[Any], units: dict[str, str]) -> None:
    if not items:
        out.print("nothing found")
        return
    names: dict[str, None] = {}
    for item in items:
        for name, value in _members(item).items():
            if isinstance(value, _SCALARS):
                names[name] = None
    chosen = list(names)[:_COLUMNS]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in chosen:
        table.add_column(name, overflow="fold")
    for item in items:
        members = _members(item)
        table.add_row(*(Text(cell(members.get(name), units.get(name))) for name in chosen))
    out.print(table)
    err.print(f"{len(items)} in all", style="dim")
