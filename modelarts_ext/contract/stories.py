"""Stories: the life of each kind of thing, told to a server. They are data; `story/story.schema.json` says what they may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.telling import Story, tell
from modelarts_ext.document import Document


def cases(document: Document) -> Iterator[Case]:
    """Yield every story as a case. Those that name an operation which the document lacks are left out."""
    for story in stories():
        operations = operations_of(story)
        yield Case(
            id=f"story.{story['id']}",
            layer="story",
            subject="server",
            operations=tuple(one for one in operations if one in document.operations),
            title=story["title"],
            run=partial(_run, story),
            level=Level[story["level"].upper()],
            profile=story["profile"],
            hostile=bool(story.get("embedded")),
            seconds=0.02 * len(story["steps"]),
        )


@cache
def stories() -> tuple[Story, ...]:
    """Return all stories, in the order of their files."""
    folder = files("modelarts_ext.contract").joinpath("story")
    found: list[dict[str, Any]] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json") and not file.name.endswith(".schema.json"):
            found += json.loads(file.read_text(encoding="utf-8"))["stories"]
    return tuple(found)


def operations_of(story: Story) -> tuple[str, ...]:
    """Return the operations that a story calls, in the order of their first call."""
    named = (step.get("call") or step.get("of") or step.get("pages") for step in story["steps"])
    return tuple(dict.fromkeys(name for name in named if name))


def _run(story: Story, context: Context) -> list[Finding]:
    return tell(context, story)
