"""A headless Chromium, spoken to over a pipe: enough of its protocol to load a page and to look at it."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
"""The browser on PATH, None without one."""
PATIENCE = 60.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)

_LAUNCH = """
import fcntl, os, sys
orders, answers = (fcntl.fcntl(int(name), fcntl.F_DUPFD, 10) for name in sys.argv[1:3])
os.dup2(orders, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, which reads its orders from 3 and writes to 4."""


class Tab:
    """One tab of a browser."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send an order; return what came of it."""
        self._number += 1
        order: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            order["sessionId"] = self._session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        ends = time.monotonic() + PATIENCE
        while True:
            message = self._message(ends)
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]

    def value_of(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def until(self, expression: str, seconds: float = 20.0) -> Any:
        """Return the value of an expression once it is true; AssertionError when it does not become so."""
        ends = time.monotonic() + seconds
        while not (found := self.value_of(expression)):
            assert time.monotonic() < ends, (
                f"{expression} is {found}; the page: {self.value_of('document.body.innerText')}"
            )
            time.sleep(0.05)
        return found

    def _message(self, ends: float) -> Any:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, ends - time.monotonic()))
            assert ready, "the browser does not answer"
            piece = os.read(self._answers, 65536)
            assert piece, "the browser has ended"
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


@contextmanager
def chromium(profile: Path) -> Iterator[Tab]:
    """Run a browser with a profile of its own; give a tab of it."""
    assert CHROMIUM is not None
    its_orders, orders = os.pipe()
    answers, its_answers = os.pipe()
    command = [sys.executable, "-c", _LAUNCH, str(its_orders), str(its_answers), CHROMIUM]
    browser = subprocess.Popen(
        [*command, *_FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(its_orders, its_answers),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(its_orders)
    os.close(its_answers)
    try:
        yield Tab(orders, answers)
    finally:
        os.close(orders)
        os.close(answers)
        browser.terminate()
        try:
            browser.wait(10)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait(10)
