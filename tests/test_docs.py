"""The documentation names what there is, and only that."""

import inspect
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from exports import exceptions
from exports.catalogue.problems import problems
from exports.catalogue.schema import ResourceDef
from exports.exceptions import ExportError
from exports.types import Format, Lane

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
API = (ROOT / "docs/api/ybb.md").read_text()
FORMATS = (ROOT / "docs/formats.md").read_text()


def errors(base=ExportError):
    return [base, *(error for child in base.__subclasses__() for error in errors(child))]


@pytest.mark.parametrize("code", sorted({error.code for error in errors()} - {"LEASE_LOST", "REFUSED"}))
def test_every_error_code_is_documented(code):
    assert f"`{code}`" in API


@pytest.mark.parametrize("format", Format)
def test_every_format_is_documented(format):
    assert f"`{format}`" in FORMATS


@pytest.mark.parametrize("page", ["sources", "templates"])
def test_definitions_that_are_printed_are_sound(page):
    text = (ROOT / f"docs/{page}.md").read_text()
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        definition = msgspec.convert(tomllib.loads(block), ResourceDef)
        assert list(problems(definition)) == []


def test_every_variable_of_the_environment_is_documented():
    source = (ROOT / "ybbexport/settings.py").read_text()
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source))
    read |= {f"WORKERS_{lane.upper()}" for lane in Lane}
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/running.md").read_text()))
    assert read - documented == set()


def test_the_error_tree_is_drawn_whole():
    drawn = inspect.getdoc(exceptions)
    assert [
        error.__name__ for error in errors() if error.__module__ == exceptions.__name__ and error.__name__ not in drawn
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
