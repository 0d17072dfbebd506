"""One POST to a checked address, and to no other: no look-up, no redirect, no proxy, an end in any case."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from exports.exceptions import NotDelivered

from .targets import Address, Target

CONNECT_SECONDS = 5.0
"""To connect, and again to agree on TLS."""
READ_SECONDS = 10.0
"""Between two signs of life."""
TOTAL_SECONDS = 15.0
"""For request and answer together: a byte now and then is a sign of life too."""
READ_BYTES = 4096
"""Of the answer's body, which nobody wants: a receiver that is cut off while it writes may take that for an error."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the receiver said."""

    status: int
    retry_after: str


class _Pinned(HTTPConnection):
    """A connection to an address that was checked; the host's name is for the Host header and the certificate."""

    addresses: Sequence[Address]

    def _new_conn(self) -> socket.socket:
        return _connected(self.addresses)


class _PinnedTls(_Pinned, HTTPSConnection):
    """The same with TLS; the certificate has to be that of the host's name."""


def post(target: Target, addresses: Sequence[Address], body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body and return the answer, whatever its status.

    Raises:
        NotDelivered: there was none, or none in time.
    """
    connection = _connection(target)
    connection.addresses = addresses
    with closing(connection), _in_words():
        connection.connect()
        with _ended_in_time(connection.sock):
            connection.request("POST", target.path, body, headers, preload_content=False, decode_content=False)
            response = connection.getresponse()
            with closing(response):
                # The status is the answer; a body that breaks off changes nothing about it.
                with suppress(HTTPError, HTTPException, OSError, ValueError):
                    response.read(READ_BYTES, decode_content=False)
                return Answer(status=response.status, retry_after=response.headers.get("Retry-After", ""))


def _connection(target: Target) -> _Pinned:
    if target.scheme == "http":
        return _Pinned(target.host, target.port, timeout=READ_SECONDS)
    return _PinnedTls(target.host, target.port, timeout=READ_SECONDS, ssl_context=trusted())


@cache
def trusted() -> ssl.SSLContext:
    """Return whom TLS trusts: the system's authorities, or those of SSL_CERT_FILE, as OpenSSL has it.

    Reading them takes longer than most receivers.
    """
    return ssl.create_default_context()


def _connected(addresses: Sequence[Address]) -> socket.socket:
    """Connect to the first address that takes it. Raises OSError."""
    deadline = time.monotonic() + CONNECT_SECONDS
    trouble: OSError = TimeoutError()
    for family, address in addresses:
        if (left := deadline - time.monotonic()) <= 0:
            break
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(left)
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            trouble = error
        else:
            connection.settimeout(CONNECT_SECONDS)
            return connection
    raise trouble


@contextmanager
def _ended_in_time(connection: socket.socket) -> Iterator[None]:
    """Shut a connection when its time is over, whatever is being waited for."""
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        with suppress(OSError):
            # An SSL socket's own method would take the session from whoever is reading.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    watch = threading.Timer(TOTAL_SECONDS, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    except (HTTPError, HTTPException, OSError) as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what went wrong without quoting the receiver, whose words may be anything."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NotDelivered(f"The certificate was refused: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise NotDelivered(f"TLS failed: {error.reason}") from error
    except TimeoutError as error:
        raise NotDelivered("There was no answer in time.") from error
    except ConnectionRefusedError as error:
        raise NotDelivered("The connection was refused.") from error
    except OSError as error:
        raise NotDelivered(f"The connection failed: {type(error).__name__}.") from error
    except (HTTPError, HTTPException) as error:
        raise NotDelivered("The answer is not HTTP.") from error
