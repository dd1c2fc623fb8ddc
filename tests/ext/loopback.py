"""A server on loopback that answers raw bytes, or fails as networks do."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Loopback:
    """Runs `behave` for each request on a connection; a connection ends when that returns False."""

    behave: Callable[[socket.socket, bytes], bool]
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    buffer += piece
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                while len(buffer) < length:
                    buffer += connection.recv(65536)
                self.requests.append(head + b"\r\n\r\n" + buffer[:length])
                buffer = buffer[length:]
                if not self.behave(connection, head):
                    return


@contextlib.contextmanager
def listening(behave: Callable[[socket.socket, bytes], bool]) -> Iterator[Loopback]:
    """Serve on a free port until the end of the block."""
    server = Loopback(behave)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server.port = listener.getsockname()[1]
        done = threading.Event()

        def accept() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    connection.settimeout(5)
                    server.connections += 1
                    threading.Thread(target=server.serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server
        finally:
            done.set()
            thread.join()


def says(content: bytes, *, status: str = "200 OK", headers: str = "") -> Callable[[socket.socket, bytes], bool]:
    """Answers every request alike and keeps the connection."""
    whole = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{headers}\r\n".encode() + content

    def behave(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(whole)
        return True

    return behave


def says_raw(content: bytes) -> Callable[[socket.socket, bytes], bool]:
    """Sends bytes and ends the connection."""

    def behave(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(content)
        return False

    return behave


def hangs(connection: socket.socket, head: bytes) -> bool:
    """Reads and says nothing."""
    connection.recv(1)
    return False


def resets(connection: socket.socket, head: bytes) -> bool:
    """Ends the connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def drips(connection: socket.socket, head: bytes) -> bool:
    """Sends an answer byte by byte, each sooner than a read would time out."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)
    return False


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
