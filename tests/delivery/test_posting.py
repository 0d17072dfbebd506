"""One POST over a real connection: TLS checked by name, and an end in any case."""

import socket
import time

import pytest

from exports.delivery import posting, targets
from exports.exceptions import NotDelivered
from tests.receiver import drip, made_certificate, receiving

HEADERS = {"Content-Type": "application/json"}


def post(url, address=None):
    target = targets.target(url)
    found = targets.Address(socket.AF_INET, ("127.0.0.1" if address is None else address, target.port))
    return posting.post(target, [found], b"{}", HEADERS)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority of our own, and a certificate of its making for one name."""
    return made_certificate(tmp_path_factory.mktemp("tls"), "hooks.example.org")


@pytest.fixture
def tls_receiver(authority):
    with receiving(certificate=authority[1]) as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def nobody_trusted_from_before():
    posting.trusted.cache_clear()
    yield
    posting.trusted.cache_clear()


@pytest.fixture
def quick(monkeypatch):
    """Let every limit be short."""
    for name, seconds in {"CONNECT_SECONDS": 0.5, "READ_SECONDS": 0.5, "TOTAL_SECONDS": 1.0}.items():
        monkeypatch.setattr(posting, name, seconds)


def test_certificate_of_the_name_is_taken(tls_receiver, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    assert post(tls_receiver.url(host="hooks.example.org", scheme="https")).status == 204
    assert tls_receiver.requests[0].headers["host"] == f"hooks.example.org:{tls_receiver.port}"


@pytest.mark.parametrize(
    ("host", "is_trusted"), [("other.example.org", True), ("127.0.0.1", True), ("hooks.example.org", False)]
)
def test_other_certificates_are_refused(tls_receiver, authority, monkeypatch, host, is_trusted):
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    with pytest.raises(NotDelivered, match="The certificate was refused"):
        post(tls_receiver.url(host=host, scheme="https"))
    assert tls_receiver.requests == []


def test_plain_receiver_behind_https_is_refused():
    with receiving() as receiver, pytest.raises(NotDelivered, match=r"TLS failed|connection failed"):
        post(receiver.url(scheme="https"))


@pytest.mark.parametrize(
    "text",
    [b"H", b"HTTP/1.1 200 OK\r\nx: y\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"],
    ids=["status line", "headers", "continue"],
)
def test_answer_that_drips_is_cut_off_in_time(text, quick):
    with receiving() as receiver:
        receiver.answer = drip(text)
        started = time.monotonic()
        with pytest.raises(NotDelivered, match="no answer in time"):
            post(receiver.url())
        assert time.monotonic() - started < 3


def test_body_that_drips_or_never_ends_costs_no_more_than_the_limit(quick):
    with receiving() as receiver:
        receiver.answer = lambda connection: (
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
            drip(b"x")(connection),
        )
        started = time.monotonic()
        assert post(receiver.url()).status == 200
        assert time.monotonic() - started < 3


def test_huge_answer_is_not_read(quick):
    sent = []

    def pour(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sum(sent) < 200_000_000:
            sent.append(connection.send(b"x" * 65536))

    with receiving() as receiver:
        receiver.answer = pour
        assert post(receiver.url()).status == 200
    assert sum(sent) < 50_000_000


def test_endless_header_is_refused(quick):
    def pour(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 10_000_000)

    with receiving() as receiver:
        receiver.answer = pour
        with pytest.raises(NotDelivered, match=r"not HTTP|connection failed"):
            post(receiver.url())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP"),
        (b"", "not HTTP|connection failed"),
        (b"HTTP/1.1 999999 x\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz", ""),
    ],
)
def test_answer_of_something_else(quick, answer, reason):
    def say(connection):
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    with receiving() as receiver:
        receiver.answer = say
        if reason:
            with pytest.raises(NotDelivered, match=reason):
                post(receiver.url())
        else:
            assert post(receiver.url()).status == 200


def test_tls_that_never_comes_is_cut_off_in_time(quick):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(NotDelivered, match="no answer in time"):
            post(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        assert time.monotonic() - started < 2


def test_nobody_there_is_said():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotDelivered, match="The connection was refused"):
        post(f"http://127.0.0.1:{port}/")


def test_address_that_does_not_answer_leaves_time_for_the_next():
    with receiving() as receiver:
        target = targets.target(receiver.url())
        with socket.create_server(("127.0.0.1", 0)) as gone:
            closed = gone.getsockname()
        found = [
            targets.Address(socket.AF_INET, closed),
            targets.Address(socket.AF_INET, ("127.0.0.1", receiver.port)),
        ]
        assert posting.post(target, found, b"{}", HEADERS).status == 204
