"""HTTP/1.1 as the server reads and writes it: heads of requests and of answers, no more of it than a simulator needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Final, Protocol

Headers = list[tuple[str, str]]
LARGEST_BODY: Final = 64 * 1024 * 1024
_LONGEST_LINE: Final = 65536
_MOST_LINES: Final = 100
_VERSION: Final = re.compile(r"HTTP/(\d{1,3})\.(\d{1,3})\Z", re.ASCII)
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_TARGET: Final = re.compile(r"[^\x00-\x20\x7f]+\Z")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


class Lines(Protocol):
    """What heads are read from."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line with its end, or as much of it as the size allows."""


class Malformed(Exception):
    """What came is no request that can be answered; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(HTTPStatus(status).phrase)
        self.status = status


@dataclass(slots=True)
class Head:
    """The head of a request. Names of headers as they came in `headers`, in lower case in `named`."""

    method: str
    target: str
    version: tuple[int, int]
    headers: Headers
    named: dict[str, str]

    @property
    def keeps(self) -> bool:
        """Whether the connection is to be kept afterwards."""
        wish = self.named.get("connection", "").lower()
        return wish != "close" if self.version >= (1, 1) else wish == "keep-alive"

    @property
    def length(self) -> int:
        """How long the body is. Raises Malformed."""
        if "chunked" in self.named.get("transfer-encoding", "").lower():
            raise Malformed(411)
        text = self.named.get("content-length", "0")
        if not (text.isascii() and text.isdecimal()):
            raise Malformed(400)
        if len(text) > len(str(LARGEST_BODY)) or int(text) > LARGEST_BODY:
            raise Malformed(413)
        return int(text)


def read_head(stream: Lines) -> Head | None:
    """Read the head of the next request; None when the stream has ended. Raises Malformed."""
    line = stream.readline(_LONGEST_LINE + 1)
    if line in (b"\r\n", b"\n"):  # after a body, some clients send one line too many
        line = stream.readline(_LONGEST_LINE + 1)
    if not line:
        return None
    if len(line) > _LONGEST_LINE:
        raise Malformed(414)
    method, target, version = _request_line(line)
    headers: Headers = []
    named: dict[str, str] = {}
    while True:
        line = stream.readline(_LONGEST_LINE + 1)
        if line in (b"\r\n", b"\n"):
            return Head(method, target, version, headers, named)
        if not line.endswith(b"\n"):
            if len(line) > _LONGEST_LINE:
                raise Malformed(431)
            return None
        if len(headers) == _MOST_LINES:
            raise Malformed(431)
        name, value = _header(line)
        lower = name.lower()
        if lower == "content-length" and named.get(lower, value) != value:
            raise Malformed(400)
        headers.append((name, value))
        named[lower] = value


def _request_line(line: bytes) -> tuple[str, str, tuple[int, int]]:
    words = line.decode("utf-8", "surrogateescape").rstrip("\r\n").split(" ")
    found = _VERSION.match(words[-1])
    if len(words) != 3 or found is None or not _METHOD.match(words[0]) or not _TARGET.match(words[1]):
        raise Malformed(400)
    version = int(found[1]), int(found[2])
    if version < (1, 0) or version >= (2, 0):
        raise Malformed(505)
    return words[0], words[1], version


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.match(name):
        raise Malformed(400)
    # What signs headers counts them as UTF-8.
    return name.decode("ascii"), value.strip(b" \t\r\n").decode("utf-8", "surrogateescape")


def head_of(status: int, headers: Headers) -> bytes:
    """Return the head of an answer."""
    lines = [_status_line(status), *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


@cache
def _status_line(status: int) -> str:
    known = {each.value: each.phrase for each in HTTPStatus}
    return f"HTTP/1.1 {status} {known.get(status, '')}"
