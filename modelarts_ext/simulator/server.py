"""The door on a socket: HTTP/1.1 with connections that are kept, on loopback."""

from __future__ import annotations

import ipaddress
import logging
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from modelarts_ext.simulator.admin import PREFIX, Admin
from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.faults import Faults

_LOG = logging.getLogger("modelarts_ext.simulator")
_LARGEST_BODY = 64 * 1024 * 1024
_LINGER_NOT = struct.pack("ii", 1, 0)


class Engine(Protocol):
    """What the server needs of the simulator."""

    faults: Faults

    def handle(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> SimResponse:
        """Answer one request."""


class Server:
    """A simulator on a socket. It serves from `start`, or the begin of a `with` block, until `stop`."""

    def __init__(self, simulator: Engine, host: str, port: int, *, expose: bool = False) -> None:
        if not expose and not _is_loopback(host):
            raise ValueError(f"{host} is not loopback: others could reach the simulator; expose=True serves them")
        self._simulator = simulator
        self._admin = Admin(simulator.faults, frozenset({host}))
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
        """What opens `/_sim/faults` of this server, in the header X-Simulator-Token."""
        return self._admin.token

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
            self._server.close_connections()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
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
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # The base class asks the resolver for the host's name, which takes seconds where there is none.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this, what is no request at all is answered without a status line.
    default_request_version = "HTTP/1.0"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def do_GET(self) -> None:
        """Answer a request of any method."""
        body = self._body()
        if body is None:
            return
        headers = [(name, _utf8(value)) for name, value in self.headers.items()]
        try:
            if self.path.startswith(PREFIX):
                named = {name.lower(): value for name, value in headers}
                response = self.server.admin.handle(self.command, self.path, named, body)
            else:
                target = f"http://{self.headers.get('Host', '')}{self.path}" if self.path.startswith("/") else self.path
                response = self.server.simulator.handle(self.command, target, headers, body)
        except Exception:
            _LOG.exception("the simulator failed")
            response = SimResponse(500, [("Content-Type", "text/plain")], b"the simulator failed; see its log")
        self._send(response)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        _LOG.debug("%s %s", getattr(self, "command", None), getattr(self, "path", "").partition("?")[0])

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self._refuse(411)
            return None
        text = self.headers.get("Content-Length", "0").strip()
        if not text.isdecimal():
            self._refuse(400)
            return None
        if int(text) > _LARGEST_BODY:
            self._refuse(413)
            return None
        return self.rfile.read(int(text))

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self.send_error(status)

    def _send(self, response: SimResponse) -> None:
        if response.delay and self.server.stopped.wait(response.delay):
            self.close_connection = True
            return
        if not response.ends:
            for _ in range(2 if response.twice else 1):
                self._write(response)
            self.wfile.flush()
        if response.ends or response.cut is not None or response.length > 0:
            self._break(response)

    def _write(self, response: SimResponse) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(response.content_length))
        self.end_headers()
        for piece in response.pieces:
            self.wfile.write(piece)
            if response.slices is not None:
                self.wfile.flush()

    def _break(self, response: SimResponse) -> None:
        """End the connection, which may have begun to answer."""
        self.close_connection = True
        if response.hang:
            self.server.stopped.wait()
        if response.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.connection.close()


def _utf8(value: str) -> str:
    # The base class reads headers as Latin-1; what signs them counts them as UTF-8.
    return value.encode("latin-1").decode("utf-8", "surrogateescape")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(urlsplit(f"//{host}").hostname or host).is_loopback
    except ValueError:
        return False
