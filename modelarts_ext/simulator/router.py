"""Which operation a request is for: the paths of the document, literal segments before parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from modelarts_ext.document import OperationNode


@dataclass(frozen=True)
class Route:
    """What a request's target leads to. `operation` is None when the path is known and the method is not."""

    operation: OperationNode | None
    path: dict[str, str]
    methods: tuple[str, ...]


@dataclass
class _Branch:
    literal: dict[str, _Branch] = field(default_factory=dict)
    parameter: _Branch | None = None
    operations: dict[str, tuple[OperationNode, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    """A tree of path segments. Segments are percent-decoded one by one, so an id may hold an encoded slash."""

    def __init__(self, operations: Iterable[OperationNode]) -> None:
        self._root = _Branch()
        for operation in operations:
            self._add(operation)

    def find(self, method: str, path: str) -> Route | None:
        """Return the route of a raw path (no query), None when no operation has such a path.

        A single slash at the end does not matter (the sample of 5.1.6 has one).
        """
        segments = path.removesuffix("/").split("/")[1:] if path != "/" else []
        for branch, values in _walk(self._root, segments, ()):
            if not branch.operations:
                continue
            operation, names = branch.operations.get(method, (None, ()))
            return Route(operation, dict(zip(names, values, strict=False)), tuple(sorted(branch.operations)))
        return None

    def _add(self, operation: OperationNode) -> None:
        branch, names = self._root, []
        for segment in operation.path.strip("/").split("/"):
            if segment.startswith("{") and segment.endswith("}"):
                names.append(segment[1:-1])
                branch.parameter = branch.parameter or _Branch()
                branch = branch.parameter
            else:
                branch = branch.literal.setdefault(segment, _Branch())
        branch.operations[operation.method] = (operation, tuple(names))


def _walk(branch: _Branch, segments: list[str], values: tuple[str, ...]) -> Iterable[tuple[_Branch, tuple[str, ...]]]:
    if not segments:
        yield branch, values
        return
    head, rest = unquote(segments[0]), segments[1:]
    if head in branch.literal:
        yield from _walk(branch.literal[head], rest, values)
    if branch.parameter is not None and head:
        yield from _walk(branch.parameter, rest, (*values, head))
