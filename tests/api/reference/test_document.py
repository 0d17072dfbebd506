"""The document is OpenAPI 3.1, and tells of every route and method there is and of nothing else."""

import json
from collections import Counter
from functools import partial

import pytest
import yaml
from django.core.management import call_command

from exports.api.reference.document import OPERATIONS, document
from exports.api.urls import urlpatterns
from tests.api.conftest import Caller
from tests.made import person

from .document import operations

PAGES = {"api/docs"}
"""For people."""


def routes():
    """Yield every method of every route for machines, as an entry is called."""
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if route in PAGES or route.startswith("^"):
            continue
        path = "/" + route.replace("<str:", "{").replace("<int:", "{").replace(">", "}")
        view = pattern.callback.cls(**pattern.callback.initkwargs)
        yield from (f"{method} {path}" for method in view.allowed_methods if method not in ("HEAD", "OPTIONS"))


def test_every_route_and_method_has_an_entry_in_the_reference():
    assert set(OPERATIONS) == set(routes()), "see CONTRIBUTING.md, 'A new route'"


def test_document_has_every_entry():
    told = {f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods}
    assert told == set(OPERATIONS)


def test_document_is_valid_openapi_3_1_without_a_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"


def test_names_of_operations_are_unique_and_begin_with_the_dialect():
    names = Counter(each.id for each in OPERATIONS.values())
    assert [name for name, count in names.items() if count > 1] == []
    for name, told in operations().items():
        assert name.startswith(f"{told['tags'][0]}_")


def test_names_of_the_catalogue_are_told():
    properties = document()["components"]["schemas"]["YbbBody"]["properties"]
    (formats,) = (each["enum"] for each in properties["format"]["anyOf"] if "enum" in each)
    assert formats == ["excel", "csv", "json", "pdf", ""]


@pytest.mark.parametrize(
    ("accept", "content_type", "read"),
    [
        ("application/yaml", "application/yaml", partial(yaml.load, Loader=yaml.CSafeLoader)),
        ("*/*", "application/json", json.loads),
    ],
)
def test_document_is_served_with_a_key(caller, accept, content_type, read):
    answer = caller.get("/api/schema", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    told = read(answer.content)
    assert (told["openapi"], told["servers"]) == ("3.1.0", [{"url": "/"}, {"url": "http://localhost"}])


def test_document_is_served_to_a_person_who_has_signed_in(client):
    client.force_login(person("reader"))
    assert client.get("/api/schema").status_code == 200


def test_document_is_for_nobody_else():
    assert Caller().get("/api/schema").status_code == 401


def test_page_asks_people_to_sign_in_first(client):
    answer = client.get("/api/docs")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/api/docs")
