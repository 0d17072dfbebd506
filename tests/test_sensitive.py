"""Sensitive values leave only for who may export them: every template, every role, every way in."""

import gzip
import io
import json
import shutil

import pytest

from exports import catalogue, custom_templates, datasets, service
from exports.catalogue import TemplateDef
from exports.exceptions import BuildError, NotAllowed, UnknownName
from exports.models import ApiClient, ExportRequest
from exports.tasks.run import run_export
from exports.types import ExportSpec, Principal, UploadFormat
from tests.made import person

pytestmark = pytest.mark.django_db

CANARY = "canary-4711"
DIALECTS = ("ybb", "platform")
SHOWING = [
    (dialect, resource.name, template.name)
    for dialect in DIALECTS
    for resource in catalogue.definitions().resources_of(dialect).values()
    for template in resource.templates.values()
    if template.sensitive
]
ROLES = {
    "client": (lambda: client(), True),
    "client that may not": (lambda: client(export_sensitive=False), False),
    "client that may, for a person who may not": (lambda: client(user=person("clerk")), True),
    "client that may not, for a person who may": (
        lambda: client(export_sensitive=False, user=person("boss", "export_sensitive")),
        False,
    ),
    "person": (lambda: Principal(user=person("clerk")), False),
    "person who may": (lambda: Principal(user=person("boss", "export_sensitive")), True),
    "person who left": (lambda: Principal(user=person("boss", "export_sensitive", is_active=False)), False),
    "auditor": (lambda: Principal(user=person("auditor", "view_all")), False),
}


def client(**values):
    return Principal(client=ApiClient.objects.create_key(name="App", **values)[0])


def record_of(resource):
    """Return a record with the canary in each sensitive field."""
    record = {"id": 1}
    for field in resource.fields.values():
        if field.sensitive:
            record[field.name] = CANARY
        elif field.related and field.is_sensitive:
            record[field.name] = [{member.name.partition(".")[2]: CANARY for member in field.members}]
    return record


def spec_of(principal, dialect, resource, template, **wish):
    catalogue_name = catalogue.policy(dialect).catalogue
    records = json.dumps([record_of(catalogue.resource(catalogue_name, resource))] * 3).encode()
    return ExportSpec(
        **{
            "dialect": dialect,
            "resource": resource,
            "template": template,
            "principal": principal,
            "records": records,
            "format": "json",
            **wish,
        }
    )


def everything(storage):
    """Return what is stored anywhere, unpacked where it is packed."""
    found = b""
    for path in storage.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            found += gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    return found


def file_of(export, principal):
    assert export.state == "completed", export.error_message
    with service.open_file(export, principal).file as file:
        return file.read()


def test_some_templates_show_sensitive_fields():
    assert {("ybb", "participants", "detailed"), ("platform", "payments", "custom")} <= {*SHOWING}
    assert ("platform", "participants", "standard") not in SHOWING


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("dialect", "resource", "template"), SHOWING)
def test_only_who_may_gets_them(storage, role, dialect, resource, template):
    make, may = ROLES[role]
    principal = make()
    spec = spec_of(principal, dialect, resource, template)
    shown = service.preview(spec)
    export = service.submit(spec)
    made = file_of(export, principal).decode()
    hidden = [warning for warning in export.warnings if warning["code"] == "sensitive_masked"]
    assert (CANARY in made, CANARY in str(shown.rows)) == (may, may)
    assert [warning["column"] for warning in hidden] == export.masked
    assert bool(hidden) is not may
    if not may:
        assert {warning["count"] for warning in hidden} == {3}
        assert CANARY.encode() not in everything(storage)


@pytest.mark.parametrize("format", ["csv", "excel", "pdf", "json"])
def test_hidden_column_is_the_same_in_every_row_of_every_format(format):
    principal = client(export_sensitive=False)
    records = json.dumps([{"id": 1, "birthdate": "2001-02-03"}, {"id": 2, "birthdate": None}]).encode()
    spec = spec_of(principal, "ybb", "participants", "detailed", records=records, format=format)
    assert {row[6] for row in service.preview(spec).rows} == {"***"}
    assert file_of(service.submit(spec), principal)


def test_large_export_hides_them_in_what_is_staged_too(storage, participants):
    """A worker makes it that knows nothing of whoever asked."""
    principal = client(export_sensitive=False)
    records = [{**record, "notes": CANARY} for record in participants(6_000)]
    wish = {"records": json.dumps(records).encode(), "format": "csv"}
    export = service.submit(spec_of(principal, "ybb", "participants", "complete", **wish))
    assert CANARY.encode() not in everything(storage)
    run_export(export.pk)
    export.refresh_from_db()
    with service.open_file(export, principal, number=1).file as file:
        assert file.read().splitlines()[1].endswith(b"***")
    (warning,) = [each for each in export.warnings if each["column"] == "notes"]
    assert (warning["code"], warning["count"]) == ("sensitive_masked", 6_000)
    service.submit(spec_of(client(), "ybb", "participants", "complete", **wish))
    assert CANARY.encode() in everything(storage), "or nothing was proven above"


def test_uploaded_records_hide_them_too(storage):
    principal = client(export_sensitive=False)
    dataset = datasets.create(principal, "platform", "students")
    datasets.add_piece(dataset, 1, io.BytesIO(b'{"id": 1, "birthdate": "2001-02-03"}'), UploadFormat.NDJSON)
    dataset.close()
    spec = spec_of(principal, "jobs", "students", None, records=None, dataset=dataset.public_id)
    assert service.preview(spec).rows[0][6] == "***"
    export = service.submit(spec)
    run_export(export.pk)
    export.refresh_from_db()
    (record,) = json.loads(file_of(export, principal))["records"]
    assert (record["id"], record["birthdate"]) == (1, "***")


def test_worker_sorts_no_more_than_whoever_asked_may():
    """It used to know nothing of that, and the order of the file told who is older."""
    principal = client(export_sensitive=False)
    dataset = datasets.create(principal, "ybb", "participants")
    lines = b"\n".join(b'{"id": %d, "birthdate": "200%d-01-01"}' % (number, 9 - number) for number in range(1, 5))
    datasets.add_piece(dataset, 1, io.BytesIO(lines), UploadFormat.NDJSON)
    dataset.close()
    wish = {"dataset": dataset.public_id, "records": None, "options": {"sort_by": "birthdate"}}
    export = service.submit(spec_of(principal, "ybb", "participants", "summary", **wish))
    run_export(export.pk)
    export.refresh_from_db()
    assert [record["id"] for record in json.loads(file_of(export, principal))["records"]] == [1, 2, 3, 4]
    assert "sort_ignored" in [warning["code"] for warning in export.warnings]


def test_template_of_ones_own_is_sensitive_as_soon_as_a_field_is():
    principal = client(export_sensitive=False)
    resource = catalogue.resource("platform", "participants")
    for name, field in (("board", "email"), ("health", "disease_history")):
        definition = TemplateDef(description="", fields=("id", field), records_per_file=1_000)
        custom_templates.save(principal, resource, name, definition)
    found = {name: custom_templates.find(resource, name, principal).sensitive for name in ("board", "health")}
    assert found == {"board": False, "health": True}
    made = json.loads(file_of(service.submit(spec_of(principal, "platform", "participants", "health")), principal))
    assert made["records"][0] == {"id": 1, "disease_history": "***"}


def test_nor_can_records_be_sorted_by_them():
    principal = client(export_sensitive=False)
    by_date = {"options": {"sort_by": "birthdate"}, "template": "summary"}
    with pytest.raises(UnknownName, match="cannot be sorted by 'birthdate'") as refused:
        service.submit(spec_of(principal, "platform", "participants", **by_date))
    assert "birthdate," not in refused.value.message.partition("Sort columns")[2]
    export = service.submit(spec_of(principal, "ybb", "participants", **by_date))
    assert "sort_ignored" in [warning["code"] for warning in export.warnings]


def test_filter_on_them_is_refused(settings, tmp_path):
    shutil.copytree(settings.EXPORTS_TEMPLATES_DIR, tmp_path / "definitions")
    settings.EXPORTS_TEMPLATES_DIR = tmp_path / "definitions"
    file = tmp_path / "definitions/platform/students.toml"
    file.write_text(file.read_text() + '\n[filters.born]\nlabel = "Born"\nfield = "birthdate"\n')
    wish = {"filters": {"born": "2001-02-03"}, "options": {"apply_filters": True}}
    with pytest.raises(NotAllowed, match="'born' looks at sensitive values"):
        service.submit(spec_of(client(export_sensitive=False), "platform", "students", None, **wish))
    assert service.estimate(spec_of(client(), "platform", "students", None, **wish)).records == 0


def test_what_is_asked_for_again_stays_hidden():
    principal = client(export_sensitive=False)
    export = service.submit(spec_of(principal, "ybb", "participants", "detailed", in_background=True))
    export.mark_failed(BuildError("The machine caught fire."))
    export.refresh_from_db()
    again = service.retry(export, client())
    assert again.masked == export.masked == ["birthdate"]


def test_series_of_who_may_more_by_now_begins_anew():
    principal = client(export_sensitive=False)
    spec = spec_of(principal, "platform", "students", None)
    masked = service.submit(spec).series
    ApiClient.objects.update(export_sensitive=True)
    principal.client.refresh_from_db()
    assert masked != service.submit(spec).series
    assert ExportRequest.objects.count() == 2
