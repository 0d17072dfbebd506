"""Where webhooks may lead: nowhere that only the portal can reach, however the address is spelled."""

import socket
import time

import pytest

from exports.delivery import targets
from exports.exceptions import BadRequest
from exports.models import Notice
from exports.tasks.messenger import tell_due
from tests.receiver import receiving

INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.0.0.2", "0", "0.0.0.0", "localhost", "localhost.", "LOCALHOST", "127.0.0.1.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]",
    "[fd12:3456:789a::1]", "[ff02::1]", "[::ffff:0:127.0.0.1]", "%6c%6f%63%61%6c%68%6f%73%74",
]  # fmt: skip
"""Spellings of this machine, and of what is never public."""
NOT_PUBLIC = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "0.1.2.3", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "192.88.99.1", "127.255.255.254",
    "::", "::1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808::1",
    "2001:db8::1", "2001:10::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
    "100::1", "4000::1", "2606:4700::1%lo", "no address", "",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_is_not_public(address):
    assert not targets.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_address_is_public(address):
    assert targets.is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "ASCII"),
        ("https://example.org/" + "x" * 500, "ASCII"),
        ("https://exämple.org/", "ASCII"),
        ("https://example.org/a b", "ASCII"),
        ("https://example.org/\r\nHost: inside", "ASCII"),
        ("https://example.org\\@127.0.0.1/", "ASCII"),
        ("https://", "begin with https://"),
        ("//example.org/", "begin with https://"),
        ("example.org/hooks", "begin with https://"),
        ("ftp://example.org/", "begin with https://"),
        ("file:///etc/passwd", "begin with https://"),
        ("gopher://127.0.0.1:6379/_x", "begin with https://"),
        ("https://user:password@example.org/", "user name"),
        ("https://user@example.org/", "user name"),
        ("https://example.org/#here", "fragment"),
        ("https://example.org:99999/", "no address"),
        ("https://[::1/", "no address"),
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url, reason):
    with pytest.raises(BadRequest, match=reason):
        targets.addresses(targets.target(url))


@pytest.fixture
def names(monkeypatch):
    """Names and what they lead to; looked up as everything else is where a name is not there."""
    known, asked, original = {}, [], socket.getaddrinfo

    def getaddrinfo(host, port, *arguments, **named):
        asked.append(host)
        if host not in known:
            return original(host, port, *arguments, **named)
        found = known[host]
        found = found.pop(0) if isinstance(found[0], list) else found
        return [answer for address in found for answer in original(address, port, *arguments, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    known["asked"] = asked
    return known


def test_public_name_needs_https_and_its_port(names):
    names["example.org"] = ["93.184.215.14", "10.0.0.1"]
    (found,) = targets.addresses(targets.target("https://example.org/hooks"))
    assert found.address == ("93.184.215.14", 443)
    for url in ("http://example.org/", "https://example.org:8443/", "http://example.org:443/"):
        with pytest.raises(BadRequest, match="no other port than 443"):
            targets.addresses(targets.target(url))


def test_unknown_name_and_inside_name_are_refused_in_the_same_words(names):
    names["inside.example.org"] = ["10.0.0.1"]
    answers = set()
    for name in ("inside.example.org", "unknown.invalid"):
        with pytest.raises(BadRequest) as refused:
            targets.addresses(targets.target(f"https://{name}/"))
        answers.add(refused.value.message)
    assert answers == {"Field 'url' leads to no public address."}


def test_allowed_network_is_reached_over_plain_http_and_at_any_port(names, settings):
    names["hooks.internal"] = ["10.1.2.3", "10.9.9.9"]
    settings.EXPORTS_WEBHOOK_NETWORKS = ("10.1.0.0/16",)
    (found,) = targets.addresses(targets.target("http://hooks.internal:8080/"))
    assert found.address == ("10.1.2.3", 8080)


def test_look_up_that_takes_too_long_is_left_behind(monkeypatch):
    monkeypatch.setattr(targets, "RESOLVE_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **named: time.sleep(2) or [])
    started = time.monotonic()
    with pytest.raises(BadRequest, match="no public address"):
        targets.addresses(targets.target("https://slow.example.org/"))
    assert time.monotonic() - started < 1


@pytest.fixture
def listeners(monkeypatch):
    """Servers at every address of this machine, at the port that webhooks may use."""
    with receiving("0.0.0.0") as four:
        monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
        with receiving("::1") as six:
            yield four, six


@pytest.mark.parametrize("host", INSIDE)
def test_nobody_inside_is_connected_to(host, listeners, made_webhook, export, monkeypatch):
    """The address was checked when the webhook was made, and led elsewhere then; the port is allowed for the test."""
    for listener in listeners:
        for scheme in ("http", "https"):
            monkeypatch.setattr(targets, "PORTS", {"http": listener.port, "https": listener.port})
            webhook = made_webhook(f"{scheme}://{host}:{listener.port}/")
            Notice.objects.about(export, "failed")
            tell_due()
            assert webhook.notices.get().log.get().status is None
            webhook.pause()
    assert [listener.connections for listener in listeners] == [0, 0]


def test_redirect_leads_nowhere(webhook, export, receiver):
    with receiving() as inside:
        for status in (301, 302, 303, 307, 308):
            receiver.answer, receiver.headers = status, {"Location": inside.url("/admin")}
            Notice.objects.about(export, "failed")
            tell_due()
        assert inside.connections == 0
    assert receiver.connections == 5
    error = Notice.objects.first().log.get().error
    assert error == "The receiver answered 308; redirects are not followed."


def test_name_that_leads_elsewhere_the_second_time_is_asked_once(made_webhook, export, receiver, may_call_here, names):
    """DNS rebinding: the address that was checked is the one that is connected to."""
    with receiving("127.0.0.2", port=receiver.port) as inside:
        names["rebinding.example.org"] = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
        made_webhook(receiver.url(host="rebinding.example.org"))
        Notice.objects.about(export, "failed")
        tell_due()
        assert (receiver.connections, inside.connections) == (1, 0)
        # The next attempt is asked anew, and refused.
        Notice.objects.about(export, "cancelled")
        tell_due()
        assert (receiver.connections, inside.connections) == (1, 0)
    assert names["asked"] == ["rebinding.example.org"] * 2
    assert receiver.requests[0].headers["host"] == f"rebinding.example.org:{receiver.port}"


def test_no_proxy_of_the_environment_is_used(webhook, export, receiver, monkeypatch):
    with receiving() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        Notice.objects.about(export, "failed")
        tell_due()
        assert (receiver.connections, proxy.connections) == (1, 0)
