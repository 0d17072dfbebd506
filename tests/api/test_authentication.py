"""Who may call, from where, and for which programs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports.models import ApiClient

from .conftest import Caller

TEMPLATES = "/api/ybb/templates"
ME, PROXY, ELSEWHERE = "192.0.2.10", "10.0.0.1", "203.0.113.9"


def refused(answer):
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="exports"'
    assert (answer.json()["status"], answer.json()["error_type"]) == ("error", "authentication")
    return answer.json()["message"]


@pytest.mark.parametrize(
    "header", [{"HTTP_AUTHORIZATION": "Bearer %s"}, {"HTTP_AUTHORIZATION": "bearer %s"}, {"HTTP_X_API_KEY": "%s"}]
)
def test_key_is_taken_from_either_header(key, header):
    assert Caller().get(TEMPLATES, **{name: value % key for name, value in header.items()}).status_code == 200


def test_key_is_stored_as_a_hash_only(key):
    row = ApiClient.objects.get()
    prefix, _, secret = key.partition(".")
    assert row.prefix == prefix
    assert secret not in str(vars(row))


def test_call_without_a_key_is_refused_and_told_how():
    assert "'Authorization: Bearer KEY'" in refused(Caller().get(TEMPLATES))


@pytest.mark.parametrize("bent", ["nonsense", "a.b", "é.ü", "x" * 5000, "{key}x", ".{key}", "{prefix}.wrong"])
def test_bad_key_is_refused(key, bent):
    sent = bent.format(key=key, prefix=key.partition(".")[0])
    assert refused(Caller(sent).get(TEMPLATES)) == "The API key is not valid."


def test_revoked_key_is_refused(new_client):
    _, key = new_client(revoked=True)
    assert refused(Caller(key).get(TEMPLATES)) == "The API key is not valid."


def test_expired_key_is_refused(new_client):
    _, key = new_client(expiry_date=timezone.now() - timedelta(seconds=1))
    assert refused(Caller(key).get(TEMPLATES)) == "The API key has expired."


def test_key_works_from_its_networks_only(new_client):
    _, key = new_client(networks=["192.0.2.0/24", "2001:db8::/32"])
    assert Caller(key, ME).get(TEMPLATES).status_code == 200
    assert Caller(key, "2001:db8::1").get(TEMPLATES).status_code == 200
    assert Caller(key, f"::ffff:{ME}").get(TEMPLATES).status_code == 200
    assert "from this network" in refused(Caller(key, ELSEWHERE).get(TEMPLATES))


@pytest.mark.parametrize(("program", "status"), [(7, 200), ("7", 200), (8, 403), (None, 403)])
def test_client_exports_its_programs_only(new_client, storage, program, status):
    _, key = new_client(programs=[7])
    answer = Caller(key).post({"data": [{"id": 1}], "program_id": program})
    assert answer.status_code == status
    if status == 403:
        assert (answer.json()["error_type"], answer.json()["details"]) == ("permission", {"field": "program_id"})
        assert not storage.exists()


def test_no_network_is_trusted_unless_somebody_says_so():
    refused(Caller(address="127.0.0.1").get(TEMPLATES))


@pytest.mark.parametrize(("address", "status"), [(ME, 200), (f"::ffff:{ME}", 200), (ELSEWHERE, 401)])
def test_trusted_network_needs_no_key(settings, address, status):
    settings.EXPORTS_TRUSTED_NETWORKS = ("192.0.2.0/24",)
    assert Caller(address=address).get(TEMPLATES).status_code == status


def test_trusted_network_is_one_named_client(settings):
    settings.EXPORTS_TRUSTED_NETWORKS = ("192.0.2.0/24",)
    settings.EXPORTS_TRUSTED_CLIENT = "codeigniter"
    for _ in range(2):
        Caller(address=ME).get(TEMPLATES)
    assert [client.name for client in ApiClient.objects.all()] == ["codeigniter"]


def test_revoking_its_client_ends_the_trust(settings):
    settings.EXPORTS_TRUSTED_NETWORKS = ("192.0.2.0/24",)
    Caller(address=ME).get(TEMPLATES)
    ApiClient.objects.update(revoked=True)
    refused(Caller(address=ME).get(TEMPLATES))
    assert ApiClient.objects.count() == 1


def test_bad_key_is_refused_from_a_trusted_network_too(settings):
    settings.EXPORTS_TRUSTED_NETWORKS = ("192.0.2.0/24",)
    refused(Caller("nonsense", ME).get(TEMPLATES))


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        (PROXY, ME, 200),
        (PROXY, f"{ELSEWHERE}, {ME}", 200),
        (PROXY, f"{ME}, {PROXY}", 200),
        (PROXY, f"{ME}, {ELSEWHERE}", 401),  # the caller made the first one up
        (PROXY, ELSEWHERE, 401),
        (PROXY, "nonsense", 401),
        (PROXY, "", 401),
        (ELSEWHERE, ME, 401),  # no proxy of ours
        (ME, ELSEWHERE, 401),  # a proxy nobody told us about: the whole world would be trusted
    ],
)
def test_forwarded_address_counts_only_from_our_own_proxies(settings, peer, forwarded, status):
    settings.EXPORTS_TRUSTED_NETWORKS = ("192.0.2.0/24",)
    settings.EXPORTS_PROXY_NETWORKS = ("10.0.0.0/8",)
    answer = Caller(address=peer).get(TEMPLATES, HTTP_X_FORWARDED_FOR=forwarded)
    assert answer.status_code == status
