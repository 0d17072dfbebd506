import pytest

from tests import services
from tests.services import require_service


@pytest.fixture
def missing(monkeypatch):
    monkeypatch.setitem(services.SERVICES, "nowhere", services.program("no-such-program"))
    return "nowhere"


@pytest.mark.parametrize("name", sorted(services.SERVICES))
def test_service_is_there(name):
    assert require_service(name)


def test_missing_service_skips_with_its_reason(missing, monkeypatch):
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not on PATH"):
        require_service(missing)


def test_missing_service_fails_where_services_are_required(missing, monkeypatch):
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="nowhere is required and missing"):
        require_service(missing)
