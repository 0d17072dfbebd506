"""Receivers of webhooks: real servers on this machine that keep what came and answer as they are told."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.processes import wait_for


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A server on an address of this machine; ``answer`` is a status, or what deals with the connection itself."""

    def __init__(self, host: str = "127.0.0.1", certificate: Path | None = None, port: int = 0) -> None:
        self.answer: int | Callable[[socket.socket], None] = 204
        self.headers: dict[str, str] = {}
        self.requests: list[Received] = []
        self.connections = 0
        self._server = _server(self, host, port)
        self.port = self._server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/hooks", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def wait(self, count: int, seconds: float = 20) -> list[Received]:
        """Return what came as soon as it is so many."""
        wait_for(lambda: len(self.requests) >= count, seconds, f"{count} requests")
        return self.requests

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _server(receiver: Receiver, host: str, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append(
                Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body),
            )
            self.close_connection = True
            if callable(receiver.answer):
                with suppress(OSError):
                    receiver.answer(self.connection)
                return
            self.send_response(receiver.answer)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def get_request(self):
            accepted = super().get_request()
            receiver.connections += 1
            return accepted

        def handle_error(self, *args: object) -> None:
            """A caller that breaks off is no news."""

    return Server((host, port), Handler)


@contextmanager
def receiving(host: str = "127.0.0.1", certificate: Path | None = None, port: int = 0) -> Iterator[Receiver]:
    receiver = Receiver(host, certificate, port)
    try:
        yield receiver
    finally:
        receiver.stop()


def drip(text: bytes, pause: float = 0.1, seconds: float = 30) -> Callable[[socket.socket], None]:
    """Answer with ``text`` over and over, a byte at a time."""

    def answer(connection: socket.socket) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for byte in text:
                connection.sendall(bytes([byte]))
                time.sleep(pause)

    return answer


def made_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Return a file with an authority's certificate, and one with a certificate of its making and the key."""
    authority_key, authority = _certificate("Authority of the tests", None, None)
    key, certificate = _certificate(names[0], (authority_key, authority.subject), names)
    ca, server = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return ca, server


def _certificate(common_name, issuer, names):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    issuer_key, issuer_name = issuer or (key, subject)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    return key, builder.sign(issuer_key, hashes.SHA256())


def _name(name: str):
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
