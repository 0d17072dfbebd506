import tomllib
from pathlib import Path

import pytest
from grimp import ImportGraph

from tests.rooms import RoomsContract

OPTIONS = next(
    contract
    for contract in tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if contract["type"] == "rooms"
)


def faults(importer, imported):
    graph = ImportGraph()
    for module in (importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import it")
    return RoomsContract("rooms", {}, OPTIONS).check(graph, verbose=False).metadata["faults"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("exports.pipeline", "exports.engine.shape"),
        ("exports.engine.shape", "exports.engine.columns"),
        ("exports.engine.shape", "exports.types"),
        ("exports.api.dialects.ybb", "exports.api.dialects.base"),
        ("exports.api.dialects.ybb", "exports.api.dialects.ybb_answers"),
        ("exports.api.urls", "exports.api.dialects.ybb"),
        ("exports.sources.pushed", "exports.delivery.storage"),
        ("exports.acceptance", "exports.dispatch"),
        ("exports.api.views", "rest_framework"),
        ("exports.writers.xlsx_frame", "openpyxl"),
        ("exports.writers.verify", "openpyxl"),
        ("exports.tasks.lanes", "django_q"),
        ("exports.management.commands.workers", "exports.tasks.supervisor"),
    ],
)
def test_import_on_the_map_is_kept(importer, imported):
    assert faults(importer, imported) == []


@pytest.mark.parametrize(
    ("importer", "imported", "fault"),
    [
        ("exports.engine.shape", "exports.models.request", "engine may not import models"),
        ("exports.api.views", "exports.pipeline", "api may not import pipeline"),
        ("exports.management.commands.load_demo", "exports.tasks.run", "management may not import tasks"),
        ("exports.api.dialects.ybb", "exports.api.dialects.v1", "ybb never imports v1"),
        ("exports.engine.shape", "django", "django not in"),
        ("exports.sources.pushed", "exports.delivery.mail", "sources may not import delivery"),
        ("exports.portal.views", "rest_framework", "rest_framework only in api"),
        ("exports.writers.csv", "openpyxl", "openpyxl only in"),
        ("exports.engine.utils2", "exports.unheard", "may not import a module without a room"),
        ("exports.unheard", "json", "exports.unheard belongs to no room"),
    ],
)
def test_import_off_the_map_is_named(importer, imported, fault):
    assert fault in "\n".join(faults(importer, imported))


def test_fault_names_the_line():
    assert faults("exports.engine.shape", "django")[0].startswith("exports.engine.shape:7 imports django")
