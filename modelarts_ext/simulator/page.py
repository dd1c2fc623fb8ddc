"""The status page: one page of HTML that needs nothing else, a picture without JavaScript and kept live with it.

Every text of it may come from whoever uses the simulator, so all of it is escaped here and set as text by the script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any, Final

POLICY: Final = (
    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The content security policy of the page: nothing is loaded, and only the style and the script of the page count."""
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ModelArts simulator</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">
{style}</style>
</head>
<body>
<header>
<h1>ModelArts simulator</h1>
<time id="clock" datetime="{moment}" title="The simulator's time">{clock}</time>
<span id="link">as of this time</span>
</header>
<main>
{things}
{calls}
{faults}
</main>
<template id="project">{project}</template>
<script nonce="{nonce}">
{script}</script>
</body>
</html>
"""
_CALLS: Final = (
    ("Time", ""),
    ("Method", ""),
    ("Path", "wide"),
    ("Operation", ""),
    ("Status", ""),
    ("ms", "number"),
    ("Request id", ""),
)
_THINGS: Final = (("Kind", ""), ("Name", "wide"), ("State", ""), ("Id", ""))
_FAULTS: Final = (("Time", ""), ("Rule", "wide"), ("Operation", ""))


def render(picture: dict[str, Any], nonce: str) -> str:
    """Return the page of a picture that `events.picture` made. nonce: what the policy names."""
    moment = _moment(picture["clock"])
    projects = "".join(
        _project(project, "".join(map(_thing, members)))
        for project, members in groupby(picture["things"], key=lambda thing: str(thing["project"]))
    )
    calls, faults = picture["calls"], picture["faults"]
    return _PAGE.format(
        nonce=escape(nonce),
        style=_asset("page.css"),
        script=_asset("page.js"),
        moment=moment.isoformat(),
        clock=f"{moment:%Y-%m-%d %H:%M:%S} UTC",
        things=_section("things", "Resources", len(picture["things"]), projects, "Nothing has been created."),
        calls=_section("calls", "Recent calls", len(calls), _table(_CALLS, _rows(calls, _call)), "No call came yet."),
        faults=_section(
            "faults", "Fired faults", len(faults), _table(_FAULTS, _rows(faults, _fired)), "No fault has fired."
        ),
        project=_project("", ""),
    )


def _section(name: str, title: str, count: int, content: str, empty: str) -> str:
    hidden = " hidden" if count else ""
    return (
        f'<section id="{name}"><h2>{title} <span>{count}</span></h2><p{hidden}>{empty}</p>'
        f'<div class="scroll">{content}</div></section>'
    )


def _table(columns: Iterable[tuple[str, str]], rows: str) -> str:
    head = "".join(f'<th class="{kind}">{name}</th>' if kind else f"<th>{name}</th>" for name, kind in columns)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(entries: list[dict[str, Any]], row: Callable[[dict[str, Any]], str]) -> str:
    return "".join(map(row, entries))


def _project(name: str, rows: str) -> str:
    return f"<div><h3>{escape(name)}</h3>{_table(_THINGS, rows)}</div>"


def _thing(thing: dict[str, Any]) -> str:
    state, label, phase = (str(thing[name]) for name in ("state", "label", "phase"))
    title = f' title="{escape(state)}"' if label and label != state else ""
    shown = f'<span class="state {escape(phase)}"{title}>{escape(label or state)}</span>' if state or phase else ""
    return (
        f'<tr><td class="soft">{_text(thing["kind"].replace("_", " "))}</td><td class="wide">{_text(thing["name"])}</td>'
        f'<td>{shown}</td><td class="id"><code>{_text(thing["id"])}</code></td></tr>'
    )


def _call(call: dict[str, Any]) -> str:
    status = int(call["status"])
    return (
        f'<tr><td>{_time(call["moment"])}</td><td class="soft">{_text(call["method"])}</td>'
        f'<td class="wide"><code>{_text(call["target"])}</code></td>'
        f"<td>{_text(call['operation'])}</td>"
        f'<td><span class="s{status // 100}">{status or "no answer"}</span></td>'
        f'<td class="number">{call["milliseconds"]:.1f}</td>'
        f'<td class="id"><code>{_text(call["request_id"])}</code></td></tr>'
    )


def _fired(fired: dict[str, Any]) -> str:
    return (
        f'<tr><td>{_time(fired["moment"])}</td><td class="wide"><code>{_text(fired["fault"])}</code></td>'
        f"<td>{_text(fired['operation'])}</td></tr>"
    )


def _time(seconds: float) -> str:
    moment = _moment(seconds)
    return f'<time datetime="{moment.isoformat()}">{moment:%H:%M:%S}</time>'


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _text(value: object) -> str:
    return escape(str(value))


@cache
def _asset(name: str) -> str:
    return (files("modelarts_ext.simulator") / name).read_text(encoding="utf-8")
