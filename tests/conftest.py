"""What every test may ask for."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from exports.models import ApiClient
from exports.types import ExportSpec, Principal

# A test that fails must fail again: the same examples in every run, and no deadline that a busy machine misses.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.load_profile("repeatable")

LONGEST = ("test_databases.py", "api/reference/test_schemathesis.py", "faults/", "acceptance/", "browser/", "sources/")
"""Files and folders of tests, slowest first."""


def pytest_configure() -> None:
    """Let no test see a source database, unless it opens one: none is made and none migrated."""
    settings.DATABASES.pop("source", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process has one left when the others are done."""
    folder = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(folder).as_posix()
        return next((place for place, long in enumerate(LONGEST) if path.startswith(long)), len(LONGEST))

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Keep the files of a test in its own folder."""
    settings.EXPORTS_STORAGE_DIR = tmp_path / "files"
    return settings.EXPORTS_STORAGE_DIR


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin every test in English: the language of a request stays active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def client_and_key(db: None) -> tuple[ApiClient, str]:
    """Return an API client and its key."""
    return ApiClient.objects.create_key(name="website")


@pytest.fixture
def principal(client_and_key: tuple[ApiClient, str]) -> Principal:
    """Return the API client as somebody who asks."""
    return Principal(client=client_and_key[0], address="127.0.0.1")


@pytest.fixture
def spec(principal: Principal) -> Callable[..., ExportSpec]:
    """Return a maker of wishes: ``spec(records, template="summary")``."""

    def make(records: list[dict[str, Any]], **wish: Any) -> ExportSpec:
        defaults = {"dialect": "ybb", "resource": "participants", "principal": principal}
        return ExportSpec(**{**defaults, "records": json.dumps(records).encode(), **wish})

    return make


@pytest.fixture
def break_after_commit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the next COMMIT after a method was called succeed and its answer get lost."""

    def arrange(model: type[Any], method: str, error: BaseException) -> None:
        original, commit = getattr(model, method), BaseDatabaseWrapper.commit

        def commit_and_break(connection: BaseDatabaseWrapper) -> None:
            monkeypatch.setattr(BaseDatabaseWrapper, "commit", commit)
            commit(connection)
            raise error

        def arm(*arguments: Any, **named: Any) -> Any:
            monkeypatch.setattr(BaseDatabaseWrapper, "commit", commit_and_break)
            monkeypatch.setattr(model, method, original)
            return original(*arguments, **named)

        monkeypatch.setattr(model, method, arm)

    return arrange


@pytest.fixture
def participants() -> Callable[[int], list[dict[str, Any]]]:
    """Return a maker of participants."""

    def make(count: int) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                "form_id": f"YBB2026_{number:05}",
                "first_name": f"First {number}",
                "last_name": "O'Neil & <Söhne>",
                "email": f"participant{number}@example.com",
                "phone": f"+62812{number:07}",
                "birthdate": f"1999-05-{1 + number % 28:02}",
                "nationality": "Indonesia",
                "state": "Jawa Barat",
                "form_status": 1 + number % 4,
                "is_active": 1,
                "is_deleted": 0,
                "created_at": f"2026-03-{1 + number % 28:02} 10:30:00",
                "updated_at": "2026-04-01 08:00:00",
                "notes": None,
            }
            for number in range(1, count + 1)
        ]

    return make
