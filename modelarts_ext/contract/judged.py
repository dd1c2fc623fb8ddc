"""What a run judges against: which document, and how much of it somebody has seen a service do."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from modelarts_ext.document import Document

_SOURCES: Final = ("documented", "elsewhere", "inferred", "observed")


def judged_against(document: Document) -> dict[str, Any]:
    """Return title, version and digest of a document, its operations, and its statements by what they rest on.

    Only statements that name a source are counted; the others are what the reference prints.
    """
    counts = Counter(_sources(document.data))
    info = document.data.get("info", {})
    written = json.dumps(document.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "document": str(info.get("title", "")),
        "version": str(info.get("version", "")),
        "digest": f"sha256:{hashlib.sha256(written.encode()).hexdigest()}",
        "operations": len(document.operations),
        "errata": len(document.data.get("x-ma-errata-index", {})),
        "sources": {source: counts[source] for source in _SOURCES},
    }


def in_words(judged: Mapping[str, Any]) -> str:
    """Return that as the one line that every summary begins with."""
    sources = judged["sources"]
    whole = sum(sources.values())
    others = ", ".join(f"{count} {source}" for source, count in sources.items() if source != "observed")
    return (
        f"judged against {judged['document']} {judged['version']} ({judged['digest'][:19]}): "
        f"{sources['observed']} of {whole} statements with a source are observed on a service ({others})"
    )


def _sources(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("source", "x-ma-source") and value in _SOURCES:
                yield value
            else:
                yield from _sources(value)
    elif isinstance(node, list):
        for value in node:
            yield from _sources(value)
