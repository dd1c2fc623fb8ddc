"""The door on a socket: HTTP/1.1 with connections that are kept, on loopback."""

from __future__ import annotations

import ipaddress
import logging
import socket
import struct
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from modelarts_ext.simulator.admin import PREFIX, Admin, Stream
from modelarts_ext.simulator.admin import Engine as Administered
from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.wire import Head, Malformed, head_of, read_head

_LOG: Final = logging.getLogger("modelarts_ext.simulator")
_LINGER_NOT: Final = struct.pack("ii", 1, 0)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_PATIENCE: Final = 5.0
"""Seconds that a listener to events may take for one piece of them."""


class Engine(Administered, Protocol):
    """What the server needs of the simulator."""

    def handle(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> SimResponse:
        """Answer one request."""


class Server:
    """A simulator on a socket. It serves from `start`, or the begin of a `with` block, until `stop`."""

    def __init__(self, simulator: Engine, host: str, port: int, *, expose: bool = False) -> None:
        if not expose and not _is_loopback(host):
            raise ValueError(f"{host} is not loopback: others could reach the simulator; expose=True serves them")
        self._simulator = simulator
        self._admin = Admin(simulator, frozenset({host}))
        self._address = (host, port)
        self._server: _Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on. RuntimeError when it does not serve."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address for clients, without a slash at its end."""
        host = self._address[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def token(self) -> str:
        """What opens `/_sim/` of this server, in the header X-Simulator-Token."""
        return self._admin.token

    @property
    def status_url(self) -> str:
        """The address of the status page for a browser. It has the token in it: whoever knows it may look."""
        return f"{self.url}{PREFIX}?token={self.token}"

    def start(self) -> Server:
        """Listen and serve in threads of its own. OSError when the port is taken."""
        self._server = _Listener(self._simulator, self._admin, self._address)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="simulator", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._admin.close()
            self._server.close_connections()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, simulator: Engine, admin: Admin, address: tuple[str, int]) -> None:
        self.simulator = simulator
        self.admin = admin
        self.stopped = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        self.stopped.set()
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client closed it first
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        _LOG.debug("a connection ended with an error", exc_info=True)


class _Connection(StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Listener
    connection: socket.socket

    def handle(self) -> None:
        """Answer the requests of a connection, one after the other."""
        try:
            while self._one():
                pass
        except Malformed as error:
            body = f"{error}\n".encode()
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Connection", "close")]
            self.connection.sendall(head_of(error.status, headers) + body)

    def _one(self) -> bool:
        """Answer one request; return whether another one may follow. Raises Malformed."""
        head = read_head(self.rfile)
        if head is None:
            return False
        if head.method not in _METHODS:
            raise Malformed(501)
        length = head.length
        if length and head.named.get("expect", "").lower() == "100-continue" and head.version >= (1, 1):
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            return False
        if _LOG.isEnabledFor(logging.DEBUG):
            _LOG.debug("%s %s", head.method, head.target.partition("?")[0])
        answer = self._answer(head, body)
        if isinstance(answer, Stream):
            self._pass_on(answer)
            return False
        return self._send(answer) and head.keeps

    def _answer(self, head: Head, body: bytes) -> SimResponse | Stream:
        try:
            if head.target.startswith(PREFIX):
                return self.server.admin.handle(head.method, head.target, head.named, body)
            host = head.named.get("host", "")
            target = f"http://{host}{head.target}" if head.target.startswith("/") else head.target
            return self.server.simulator.handle(head.method, target, head.headers, body)
        except Exception:
            _LOG.exception("the simulator failed")
            return SimResponse(500, [("Content-Type", "text/plain")], b"the simulator failed; see its log")

    def _send(self, response: SimResponse) -> bool:
        """Send an answer as it is to arrive; return whether the connection lives on."""
        if response.delay and self.server.stopped.wait(response.delay):
            return False
        if not response.ends:
            headers = [*response.headers, ("Content-Length", str(response.content_length))]
            head = head_of(response.status, headers)
            self._write(head, response)
        broken = response.ends or response.cut is not None or response.length > 0
        if broken:
            self._break(response)
        return not broken

    def _write(self, head: bytes, response: SimResponse) -> None:
        copies = 2 if response.twice else 1
        if response.slices is None:
            # Both of two answers are on their way before the first has been read.
            self.connection.sendall((head + b"".join(response.pieces)) * copies)
            return
        for _ in range(copies):
            self.connection.sendall(head)
            for piece in response.pieces:
                self.connection.sendall(piece)

    def _pass_on(self, answer: Stream) -> None:
        """Send what goes on, until it ends or the other side has gone."""
        try:
            self.connection.settimeout(_PATIENCE)
            self.connection.sendall(head_of(200, [*answer.headers, ("Connection", "close")]))
            for piece in answer.pieces:
                self.connection.sendall(piece)
        except OSError:
            _LOG.debug("a listener has gone")
        finally:
            answer.close()

    def _break(self, response: SimResponse) -> None:
        """Break the connection off, which may have begun to answer."""
        if response.hang:
            self.server.stopped.wait()
        if response.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(urlsplit(f"//{host}").hostname or host).is_loopback
    except ValueError:
        return False
